// Fixture only: an import that takes a few seconds, so that progress and cancel can be seen.
import { randomUUID } from 'node:crypto';
import { fill } from './books.mjs';

const COLUMNS = [['InvoiceNo', ['536365', '536366'], 'number'], ['StockCode', ['85123A', '71053'], 'item_code'], ['Description', ['White lantern', 'Metal jug'], 'description'], ['Quantity', ['6', '8'], 'quantity'], ['InvoiceDate', ['2010-12-01 08:26', '2010-12-01 08:28'], 'date'], ['UnitPrice', ['2.55', '3.39'], 'unit_price'], ['CustomerID', ['17850', ''], 'party_code'], ['Country', ['United Kingdom', 'France'], 'country'], ['Remark', ['', ''], null]];
const FIELDS = [['number', true], ['date', true], ['item_code', false], ['description', false], ['quantity', true], ['unit_price', true], ['party_code', false], ['party_name', false], ['country', false], ['tax_rate', false]];

export function start(books, body) {
  const job = randomUUID();
  const total = body.dry_run ? 541_909 : 541_909;
  books.jobs.set(job, { body, at: Date.now(), ms: body.dry_run ? 500 : 6000, total, state: 'running' });
  return { job };
}

export function status(books, { job }) {
  const j = books.jobs.get(job);
  if (!j) return { state: 'failed', done: 0, total: 0, stage: '', error: { kind: 'not_found', code: 'job.not_found', args: {}, field: null, message: 'This job is unknown.', next: '' } };
  const share = Math.min(1, (Date.now() - j.at) / j.ms);
  if (j.state === 'running' && share >= 1) {
    j.state = 'done';
    if (!j.body.dry_run && books.tables.party.length === 0) fill(books, 2000);
    if (!j.body.dry_run) books.changed.push('party', 'item', 'billing_invoice');
  }
  const done = Math.floor(j.total * share);
  return { state: j.state, done, total: j.total, stage: share < 0.3 ? 'Reading rows' : 'Posting documents', ...(j.state === 'done' ? { result: result(j.body) } : {}) };
}

function result(body) {
  const mapping = body.mapping ?? {};
  const issues = [
    { row: 618, column: 'Quantity', code: 'quantity.zero', message: 'The quantity is zero.', action: 'Line left out' },
    { row: 1442, column: 'UnitPrice', code: 'price.zero', message: 'The price is zero.', action: 'Kept as a free line' },
    { row: 1956, column: 'CustomerID', code: 'party.missing', message: 'No customer is named.', action: 'Booked to “Cash customer”' },
    { row: 299983, column: 'UnitPrice', code: 'price.negative', message: 'The price is below zero.', action: 'Booked as an adjustment' },
  ];
  return {
    columns: COLUMNS.map(([name, sample, mapped_to]) => ({ name, sample, mapped_to: name in mapping ? mapping[name] : mapped_to })),
    fields: FIELDS.map(([name, required]) => ({ name, required })),
    documents: { invoices: 22_064, credit_notes: 3_836, adjustments: 2 },
    rows: 541_909, net: 1_064_452_734, credit_net: -89_681_249, new_parties: 4_372, new_items: 3_958, issues, issue_count: 2_517,
    batch: body.dry_run ? null : randomUUID(),
  };
}
