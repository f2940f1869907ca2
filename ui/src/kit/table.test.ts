// The moving window of the table: few nodes, no row twice, no jump of rows that stay.
import assert from 'node:assert/strict';
import test from 'node:test';
import { HIGHEST, MOST_ROWS, rowOfSlot, scaleOf, windowOf } from './table.ts';

const rows = (top: number, height = 700, row = 28, count = 100_000): number[] => {
  const window = windowOf(top, height, row, count);
  return Array.from({ length: window.size }, (_, slot) => rowOfSlot(slot, window));
};

test('every row in view is there exactly once, wherever one scrolls', () => {
  for (const top of [0, 13, 28, 5_000, 1_400_000, 100_000 * 28 - 700]) {
    const shown = new Set(rows(top));
    assert.equal(shown.size, rows(top).length);
    for (let i = Math.floor(top / 28); i * 28 < Math.min(top + 700, 100_000 * 28); i += 1) assert.ok(shown.has(i), `${top}: ${i}`);
  }
});

test('rows that stay keep their node', () => {
  const before = rows(2_800);
  const after = rows(2_800 + 28 * 3);
  const moved = before.filter((row, slot) => after[slot] !== row);
  assert.equal(moved.length, 3);
});

test('a short list shows all of it, a huge window never too many nodes', () => {
  assert.deepEqual(rows(0, 700, 28, 3).sort(), [0, 1, 2]);
  assert.equal(rows(0, 700, 28, 0).length, 0);
  assert.ok(rows(0, 20_000).length <= MOST_ROWS);
});

test('a list higher than a browser draws is seen from its first row to its last', () => {
  assert.equal(scaleOf(100_000 * 28, 700), 1);
  for (const count of [600_000, 1_000_000, 5_000_000]) {
    const scale = scaleOf(count * 40, 700);
    const last = windowOf((HIGHEST - 700) * scale, 700, 40, count);
    assert.deepEqual([windowOf(0, 700, 40, count).first, last.first + last.size], [0, count]);
    assert.ok(((HIGHEST - 700) * scale + 700) / 40 > count - 1);
  }
});
