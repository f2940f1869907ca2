// Lines copy, move and take pasted blocks without losing anything.
import assert from 'node:assert/strict';
import test from 'node:test';
import { copiedAbove, moved, pasteInto, readTsv } from './lines.ts';

interface Line {
  key: string;
  item?: string;
  item_label?: string;
  quantity?: string;
}

test('a cell copies value and label from above, and only those', () => {
  const lines: Line[] = [{ key: 'a', item: '7', item_label: 'Bolt', quantity: '3' }, { key: 'b' }];
  assert.deepEqual(copiedAbove(lines, 1, 'item'), [lines[0], { key: 'b', item: '7', item_label: 'Bolt' }]);
  assert.equal(copiedAbove(lines, 0, 'item'), null);
});

test('a line moves past its neighbour', () => {
  assert.deepEqual(moved(['a', 'b', 'c'], 0, 2), ['b', 'c', 'a']);
  assert.deepEqual(moved(['a', 'b', 'c'], 2, 1), ['a', 'c', 'b']);
});

test('spreadsheet text splits into cells', () => {
  assert.deepEqual(readTsv('a\tb\r\nc\t\r\n'), [['a', 'b'], ['c', '']]);
  assert.deepEqual(readTsv('"two\nlines"\t"say ""hi"""\nx\ty'), [['two\nlines', 'say "hi"'], ['x', 'y']]);
  assert.deepEqual(readTsv('5" pipe\t2'), [['5" pipe', '2']]);
});

test('a pasted block fills from the cell on, adds lines, and names what it could not read', async () => {
  const lines: Line[] = [{ key: 'a', item: '1', quantity: '1' }, { key: 'b' }];
  let n = 0;
  const blank = (): Line => ({ key: `new${(n += 1)}` });
  const read = async (column: { name: string }, text: string): Promise<Partial<Line> | null> =>
    column.name === 'quantity' && !/^\d+$/.test(text) ? null : { [column.name]: text };
  const block = [['8', '2'], ['9', 'x'], ['10', '4']];
  const next = await pasteInto(lines, 1, [{ name: 'item' }, { name: 'quantity' }], block, blank, read);
  assert.deepEqual(next, [
    { key: 'a', item: '1', quantity: '1' },
    { key: 'b', item: '8', quantity: '2' },
    { key: 'new1', item: '9', bad_cells: ['quantity'] },
    { key: 'new2', item: '10', quantity: '4' },
  ]);
});
