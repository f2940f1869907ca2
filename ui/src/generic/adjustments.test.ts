// Allowances and charges go out as two lists, and come back as the rows they were.
import assert from 'node:assert/strict';
import test from 'node:test';
import { adjustmentCell, entered, fromLists, newAdjustment, ofDocument, ofLine, toLists, type Adjusting, type StoredAdjustment } from './adjustments.ts';

const part = (n: number, amount: number, more: Partial<StoredAdjustment> = {}): StoredAdjustment => ({ line: 0, n, charge: false, amount, percent: null, reason: 'Friends', tax_category: 'S', tax_rate: '20', ...more });
const plain = (rows: Adjusting[]): unknown[] => rows.map(({ key: _, ...rest }) => rest);
const code = (category: string, rate: string): string => `${category}${rate}`;

test('only what was entered is sent, each kind in its list', () => {
  const rows = [newAdjustment({ reason: 'Friends', percent: '10' }), newAdjustment(), newAdjustment({ kind: 'charge', amount: 500, tax: 'Z' })];
  assert.deepEqual(toLists(rows), { allowances: [{ reason: 'Friends', percent: '10' }], charges: [{ amount: 500, tax: 'Z' }] });
  assert.deepEqual(toLists([newAdjustment({ kind: 'charge' })]), {});
});

test('an amount takes the place of a percentage', () => {
  assert.deepEqual(entered('amount', 500), { amount: 500, percent: null });
  assert.deepEqual(entered('percent', '10'), { percent: '10', amount: null });
  assert.deepEqual(entered('percent', null), { percent: null });
  assert.deepEqual(entered('reason', 'x'), { reason: 'x' });
});

test('an error finds its row among those of its kind', () => {
  const rows = [newAdjustment({ amount: 1 }), newAdjustment({ kind: 'charge', amount: 2 }), newAdjustment(), newAdjustment({ reason: 'x' })];
  assert.deepEqual(adjustmentCell('draft.allowances[1].amount', rows), { key: rows[3]?.key, column: 'amount' });
  assert.deepEqual(adjustmentCell('charges[0].tax', rows), { key: rows[1]?.key, column: 'tax' });
  assert.equal(adjustmentCell('lines[0].allowances[0].amount', rows), null);
  assert.equal(adjustmentCell('allowances[7].amount', rows), null);
});

test('what was spread over the taxes of the lines is one row again', () => {
  const spread = [part(1, 800), part(2, 200, { tax_rate: '5' }), part(3, 50, { reason: 'Other' })];
  assert.deepEqual(plain(ofDocument(spread, code, 2)), [
    { kind: 'allowance', reason: 'Friends', percent: null, amount: 1000, tax: null },
    { kind: 'allowance', reason: 'Other', percent: null, amount: 50, tax: 'S20' },
  ]);
  const percent = [part(1, 800, { percent: '10' }), part(2, 800, { percent: '10' })];
  assert.deepEqual(plain(ofDocument(percent, code, 1)), [
    { kind: 'allowance', reason: 'Friends', percent: '10', amount: null, tax: null },
    { kind: 'allowance', reason: 'Friends', percent: '10', amount: null, tax: null },
  ]);
});

test('rows of a line come back one by one', () => {
  assert.deepEqual(plain(ofLine([part(1, 100, { line: 1, charge: true, reason: '' })])), [{ kind: 'charge', reason: null, percent: null, amount: 100, tax: null }]);
});

test('the lists of a draft come back as the rows they were', () => {
  const rows = [newAdjustment({ reason: 'Friends', percent: '10' }), newAdjustment({ kind: 'charge', amount: 500, tax: 'Z' })];
  assert.deepEqual(plain(fromLists(toLists(rows))), plain(rows));
  assert.deepEqual(fromLists({}), []);
});
