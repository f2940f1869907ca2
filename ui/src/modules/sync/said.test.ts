// What was said is readable by the register's descriptors, chains stand under their root, and what is sent again holds nothing that was cleared.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { AttentionItem, Field, RecordType } from '../../gen/contract.ts';
import { again, chains, fieldOf, said, subjectOf } from './said.ts';

const field = (name: string, kind: Field['kind'], references: string | null = null): Field => ({ name, kind, label: `x.${name}`, references, required: false, listed: false, readonly: false });
const record = (name: string, module: string, save: string | null, fields: Field[]): RecordType => ({ name, module, save, archive: null, order: { columns: [], descending: false }, fields });
const register = {
  records: [
    record('app_user', 'identity', 'identity.save_user', [field('name', 'text'), field('role', 'choice')]),
    record('party', 'parties', 'parties.save_party', [field('id', 'id'), field('name', 'text'), field('credit_limit', 'money')]),
    record('billing_line', 'billing', null, [field('item', 'reference', 'item'), field('quantity', 'quantity'), field('line', 'integer')]),
    record('billing_document', 'billing', null, [field('party', 'reference', 'party'), field('issue_date', 'date')]),
  ],
};
const PARTY = '01890a5d-ac96-774b-bcce-b302099a8057';

test('a draft reads as its head and a table of lines', () => {
  const args = { draft: { party: PARTY, issue_date: '2026-10-30', note: '', lines: [{ item: PARTY, quantity: '2' }, { quantity: '3', charges: [{ amount: 5 }] }] } };
  const { fields, tables } = said(register, 'billing.post_invoice', args);
  assert.deepEqual(fields.map((f) => [f.name, f.kind, f.references]), [['party', 'reference', 'party'], ['issue_date', 'date', null]]);
  assert.deepEqual(tables[0]?.columns, ['item', 'quantity', 'charges']);
  assert.deepEqual(tables[0]?.rows[1]?.map((cell) => cell.value), [null, '3', '[{"amount":5}]']);
  assert.equal(tables[0]?.rows[0]?.[0]?.references, 'item');
});

test('a descriptor is used only where the value fits it', () => {
  assert.equal(fieldOf(register, 'parties.save_party', 'credit_limit', 5000).kind, 'money');
  assert.equal(fieldOf(register, 'parties.save_party', 'credit_limit', 'much').kind, 'text');
  assert.equal(fieldOf(register, 'billing.save_draft', 'party', 'Acme').kind, 'text');
  assert.equal(fieldOf(register, 'other.thing', 'on', '2026-11-25').kind, 'date');
  assert.equal(fieldOf(register, 'other.thing', 'force', true).kind, 'bool');
});

test('an id is the record that the command is about', () => {
  assert.equal(fieldOf(register, 'parties.save_party', 'id', PARTY).references, 'party');
  assert.equal(fieldOf(register, 'billing.post_draft', 'id', PARTY).references, 'billing_invoice');
});

test('the record of the command itself gives the words', () => {
  assert.equal(fieldOf(register, 'parties.save_party', 'name', 'Acme').record, 'party');
});

test('the subject is what was named', () => {
  assert.deepEqual(subjectOf({ code: 'P1', name: 'Acme' }), { text: 'Acme' });
  assert.deepEqual(subjectOf({ draft: { party: PARTY, lines: [] } }), { record: 'party', id: PARTY });
  assert.equal(subjectOf({ id: PARTY }), null);
});

test('chains stand under their root', () => {
  const item = (command: string, root: string, pos: number): AttentionItem => ({ command, root, pos, name: '', actor_name: '', recorded_at: 0, outcome: 'refused', reason: { kind: 'state', code: '', args: {}, field: null, message: '', next: '' }, args: {}, label: '', beside: null, may_ask: false });
  const found = chains([item('b', 'a', 2), item('a', 'a', 5), item('c', 'gone', 3)]);
  assert.deepEqual(found.map((c) => [c.root, c.items.map((i) => i.command), c.whole]), [['a', ['a', 'b'], true], ['gone', ['c'], false]]);
});

test('a cleared field is not sent again, what no field stands for is', () => {
  assert.deepEqual(again({ code: 'P1', name: 'Acme', lines: [1] }, ['code', 'name'], { name: 'Acme Ltd' }), { lines: [1], name: 'Acme Ltd' });
});
