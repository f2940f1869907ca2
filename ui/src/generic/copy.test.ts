// What a spreadsheet gets: its own quoting, no marks of direction, nothing it could take for markup.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Row } from '../gen/contract.ts';
import { readTsv } from '../kit/lines.ts';
import { cellsOf, toTable, toTsv } from './copy.ts';

const rows = [{ id: '1', name: 'A\tB "C"', gross: '\u20661,234.50\u2069' }, { id: '2', name: '<b>&', gross: '' }] as Row[];
const cells = cellsOf(rows, ['name', 'gross'], (row, column) => String(row[column]));

test('cells go out as spreadsheets read them back', () => {
  assert.equal(toTsv(cells), '"A\tB ""C"""\t1,234.50\n<b>&\t');
  assert.deepEqual(readTsv(toTsv(cells)), cells);
});

test('a table holds no markup of ours', () => {
  assert.equal(toTable(cells), '<table><tr><td>A\tB &quot;C&quot;</td><td>1,234.50</td></tr><tr><td>&lt;b&gt;&amp;</td><td></td></tr></table>');
});
