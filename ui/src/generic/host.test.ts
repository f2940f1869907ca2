// Fields that not everybody may see stand in a form for those who may.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Field, RecordType } from '../gen/contract.ts';
import { fieldsOf, provideHost, type Host } from './host.ts';

const field = (name: string): Field => ({ name, kind: 'text', label: '', required: false, listed: true, readonly: false });
const record = (name: string, needs: string, more_of: string | null, fields: string[]): RecordType => ({
  name, module: 'catalog', save: null, archive: null, needs, more_of, order: { columns: [], descending: false }, fields: fields.map(field),
});
const item = record('item', 'read', null, ['id', 'name']);
const records = [item, record('purchase_price', 'see_costs', 'item', ['item', 'purchase_price']), record('barcode', 'read', null, ['id', 'code'])];

function names(grants: string[], seen?: boolean): string[] {
  provideHost({ register: { records }, status: { user: { grants } } } as unknown as Host);
  return fieldsOf(item, seen).map((f) => f.name);
}

test('who may see costs has their field beside the others, nobody else', () => {
  assert.deepEqual(names(['read', 'see_costs']), ['id', 'name', 'purchase_price']);
  assert.deepEqual(names(['read']), ['id', 'name']);
});

test('what was said before may name any of the fields', () => {
  assert.deepEqual(names(['read'], false), ['id', 'name', 'purchase_price']);
});

test('a price stands beside the price, and what is of no kind there at the end', () => {
  const priced: RecordType = { ...item, fields: [field('id'), { ...field('sales_price'), kind: 'price' }, { ...field('used'), kind: 'bool' }] };
  const cost: RecordType = { ...record('purchase_price', 'read', 'item', ['item']), fields: [field('item'), { ...field('purchase_price'), kind: 'price' }, { ...field('since'), kind: 'date' }] };
  provideHost({ register: { records: [priced, cost] }, status: { user: { grants: ['read'] } } } as unknown as Host);
  assert.deepEqual(fieldsOf(priced).map((f) => f.name), ['id', 'sales_price', 'purchase_price', 'used', 'since']);
});
