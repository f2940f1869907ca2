// Fixture only: invoices with rough totals. The real arithmetic is the core's; this only has to look alive.
import { randomUUID } from 'node:crypto';
import { pad } from './books.mjs';
import { refuse } from './records.mjs';

const round = (x) => Math.round(x + Number.EPSILON);

export function preview(books, { draft }) {
  const lines = draft.lines.map((l) => {
    const item = books.tables.item.find((i) => i.id === l.item);
    const price = l.unit_price ?? item?.sales_price ?? null;
    const net = round(Number(l.quantity || 1) * Number(price || 0) * 100 * (1 - Number(l.allowance_percent || 0) / 100));
    return { name: l.name || item?.name || '', net, tax_code: 'S', tax_category: 'S', tax_rate: '20', unit: 'C62', includes_tax: false, unit_price: price, price_source: l.unit_price === undefined ? 'item' : 'typed', on_hand: item ? item.on_hand : null };
  });
  const net = lines.reduce((s, l) => s + l.net, 0);
  const tax = round(net * 0.2);
  const gross = net + tax;
  const problems = [];
  const first = draft.lines.findIndex((l) => !l.item && l.unit_price === undefined);
  if (draft.lines.length === 0) problems.push({ kind: 'invalid', code: 'document.no_lines', args: {}, field: 'lines', message: 'There are no lines.', next: 'Add at least one line.' });
  else if (first >= 0) problems.push({ kind: 'invalid', code: 'line.no_price', args: {}, field: `lines[${first}].unit_price`, message: 'The line has neither an item nor a price.', next: 'Choose an item or type a price.' });
  if (!draft.party) throw refuse('invalid', 'args.invalid', 'The input does not fit: missing field `party`.', 'draft');
  if (problems.length > 0) return { totals: null, tax_rows: [], lines: [], entry: [], moves: [], problems };
  const sign = draft.kind === 'credit_note' ? -1 : 1;
  const side = (account, name, amount) => ({ account, name, debit: amount > 0 ? amount : 0, credit: amount < 0 ? -amount : 0 });
  const moves = draft.lines.flatMap((l) => {
    const item = books.tables.item.find((i) => i.id === l.item);
    return item && item.kind === 'goods' ? [{ item: item.code, name: item.name, quantity: l.quantity || '1', from: 'store', to: 'customer' }] : [];
  });
  return {
    totals: { lines_net: net, allowances: 0, charges: 0, net, tax, gross, prepaid: 0, rounding: 0, payable: gross },
    currency: draft.currency ?? 'GBP', due_date: draft.due_date ?? draft.issue_date, issue_date: draft.issue_date, country: 'GB',
    tax_rows: net ? [{ category: 'S', rate: '20', base: net, tax, code: 'S', name: 'Standard rate' }] : [],
    lines,
    entry: net ? [side('1100', 'Receivables', sign * gross), side('4000', 'Sales', -sign * net), side('2200', 'VAT payable', -sign * tax)] : [],
    moves,
    problems,
  };
}

export function saveDraft(books, { id = randomUUID(), draft }) {
  const p = preview(books, { draft });
  if (p.problems[0]) throw Object.assign(new Error('refused'), { body: { ...p.problems[0], field: `draft.${p.problems[0].field}` } });
  const party = books.tables.party.find((x) => x.id === draft.party);
  const row = { id, number: null, kind: draft.kind, state: 'draft', party: draft.party ?? null, party_label: party?.name ?? null, party_name: party?.name ?? null, issue_date: draft.issue_date, due_date: draft.due_date ?? null, currency: draft.currency ?? 'GBP', ...p.totals, open: 0, country: 'GB', draft };
  const known = books.tables.billing_invoice.findIndex((r) => r.id === id);
  if (known >= 0) books.tables.billing_invoice[known] = row;
  else books.tables.billing_invoice.unshift(row);
  return { result: { id }, changed: ['billing_document', `billing_document:${id}`] };
}

export function post(books, id) {
  const row = books.tables.billing_invoice.find((r) => r.id === id);
  if (!row) throw refuse('not_found', 'record.not_found', 'This invoice does not exist.');
  const problem = preview(books, { draft: row.draft }).problems[0];
  if (problem) throw Object.assign(new Error(problem.message), { body: problem });
  row.state = 'posted';
  row.open = row.gross;
  row.number = `INV-${pad(books.tables.billing_invoice.length + 1, 6)}`;
  return { result: { id, number: row.number }, changed: ['billing_document', `billing_document:${id}`, 'journal_entry', 'item', 'open_item', 'stock_level'] };
}

export function invoice(books, { id }) {
  const row = books.tables.billing_invoice.find((r) => r.id === id);
  if (!row) throw refuse('not_found', 'record.not_found', 'There is no such record: billing_document.', null, 'It may have been removed. Search for it again.');
  const draft = row.draft ?? { kind: row.kind, party: row.party, issue_date: row.issue_date, due_date: row.due_date, currency: row.currency, lines: sampleLines(books, row) };
  const calc = preview(books, { draft });
  const lines = draft.lines.map((l, i) => ({ ...l, n: i + 1, description: l.description ?? '', item_code: books.tables.item.find((x) => x.id === l.item)?.code ?? '', ...calc.lines[i], entered_price: calc.lines[i].unit_price, quantity: l.quantity ?? '1', price_row: null }));
  const posted = row.state === 'posted';
  const state = (message, next) => ({ kind: 'state', code: 'document.state', args: {}, field: null, message, next });
  const can = row.state === 'draft' ? ['billing.save_draft', 'billing.post_draft', 'billing.discard_draft'] : posted && row.open ? ['billing.reverse_invoice', 'billing.credit_invoice'] : posted ? ['billing.credit_invoice'] : [];
  const why_not = posted && !row.open ? { 'billing.reverse_invoice': state('It has been paid.', 'Take the payment back first, or issue a credit note.') } : {};
  const head = { ...row, draft: undefined, buyer_reference: draft.buyer_reference ?? '', order_reference: draft.order_reference ?? '', delivery_date: draft.delivery_date ?? null, state: row.state === 'reversed' ? 'posted' : row.state };
  if (row.state !== 'draft') Object.assign(head, { net: calc.totals.net, tax: calc.totals.tax, gross: calc.totals.gross, payable: calc.totals.gross });
  return { invoice: head, lines, adjustments: [], parties: [], details: draft.note ? [{ kind: 'note', line: 0, n: 1, code: '', text: draft.note }] : [], tax_rows: calc.tax_rows, open: row.open ? calc.totals.gross : 0, reversed_by: row.state === 'reversed' ? { id: row.id, number: 'CN-1' } : null, can, why_not };
}

function sampleLines(books, row) {
  const n = Number.parseInt(row.id.slice(-6), 16);
  return [0, 1, 2].map((k) => {
    const item = books.tables.item[(n * 3 + k * 41) % books.tables.item.length];
    return { item: item.id, name: item.name, quantity: String(6 + k * 6), unit: 'C62', unit_price: item.sales_price };
  });
}
