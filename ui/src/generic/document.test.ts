// Drafts carry only what was entered, and errors find their way back to the right cell.
import assert from 'node:assert/strict';
import test from 'node:test';
import { newAdjustment } from './adjustments.ts';
import { cellOf, isBlank, newLine, sentKeys, toDraft } from './document.ts';

const FIELDS = ['item', 'description', 'quantity'];

test('blank lines, labels and empty fields stay at home', () => {
  const lines = [newLine({ item: '7', item_label: 'Bolt', quantity: '2', description: null }), newLine(), newLine({ description: 'Freight' })];
  const draft = toDraft({ party: 'p', party_label: 'Acme', note: null, kind: 'invoice' }, lines, FIELDS);
  assert.deepEqual(draft, { party: 'p', kind: 'invoice', lines: [{ item: '7', quantity: '2' }, { description: 'Freight' }] });
  assert.equal(isBlank(lines[1] ?? newLine(), FIELDS), true);
});

test('discounts and charges of lines and document go along', () => {
  const friends = newAdjustment({ percent: '10', reason: 'Friends' });
  const line = newLine({ adjustments: [newAdjustment({ kind: 'charge', amount: 250 }), newAdjustment()] });
  const draft = toDraft({}, [line, newLine({ adjustments: [newAdjustment()] })], FIELDS, [friends]);
  assert.deepEqual(draft, { allowances: [{ reason: 'Friends', percent: '10' }], lines: [{ charges: [{ amount: 250 }] }] });
});

test('supporting documents go along', () => {
  const file = { hash: 'h', name: 'sheet.pdf', media_type: 'application/pdf', size: 7 };
  const draft = toDraft({}, [], FIELDS, [], [{ reference: 'Sheet 1', file }, { reference: 'Web', url: 'https://x.example' }]);
  assert.deepEqual(draft, { attachments: [{ reference: 'Sheet 1', file }, { reference: 'Web', url: 'https://x.example' }], lines: [] });
});

test('an error of the second sent line lands on the third line on screen', () => {
  const lines = [newLine({ item: '7' }), newLine(), newLine({ item: '8' })];
  const sent = sentKeys(lines, FIELDS);
  assert.deepEqual(cellOf('lines[1].quantity', sent), { key: lines[2]?.key, column: 'quantity' });
  assert.deepEqual(cellOf('draft.lines[0]', sent), { key: lines[0]?.key, column: '' });
  assert.equal(cellOf('lines[9].quantity', sent), null);
  assert.equal(cellOf('party', sent), null);
  assert.equal(cellOf(null, sent), null);
});
