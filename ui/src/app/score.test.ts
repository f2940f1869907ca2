// The palette finds by start, by word, by initials, by letters in order, in that order of worth.
import assert from 'node:assert/strict';
import test from 'node:test';
import { score } from './score.ts';

test('better fits score higher', () => {
  const label = 'New invoice';
  const scores = [score('new', label), score('inv', label), score('ni', label), score('voice', label), score('nvce', label)];
  assert.deepEqual([...scores].sort((a, b) => b - a), scores);
  assert.ok(scores.every((s) => s > 0), scores.join());
});

test('words in any order, accents ignored, other names count', () => {
  assert.ok(score('bal tri', 'Report: Trial balance') >= 3);
  assert.ok(score('uber', 'Überweisung') >= 3);
  assert.ok(score('customer', 'Contacts', 'customers suppliers') >= 3);
});

test('what does not fit does not fit', () => {
  assert.equal(score('xyz', 'New invoice'), 0);
  assert.equal(score('zz', 'New invoice'), 0);
  assert.equal(score('ecw', 'New invoice'), 0);
});
