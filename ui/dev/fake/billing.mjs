// Fixture only: invoices with rough totals. The real arithmetic is the core's; this only has to look alive.
import { randomUUID } from 'node:crypto';
import { pad } from './books.mjs';
import { refuse } from './records.mjs';

const round = (x) => Math.round(x + Number.EPSILON);

export function preview(books, { draft }) {
  const lines = draft.lines.map((l) => {
    const item = books.tables.item.find((i) => i.id === l.item);
    const price = l.unit_price ?? item?.price ?? null;
    const net = round(Number(l.quantity || 0) * Number(price || 0) * 100 * (1 - Number(l.allowance_percent || 0) / 100));
    return { net, tax_category: 'S', tax_rate: '20', unit_price: price, on_hand: item ? item.on_hand : null };
  });
  const net = lines.reduce((s, l) => s + l.net, 0);
  const tax = round(net * 0.2);
  const gross = net + tax;
  const problems = [];
  if (!draft.party) problems.push({ kind: 'invalid', code: 'invoice.party', args: {}, field: 'party', message: 'Who is the invoice for?', next: 'Choose a customer.' });
  if (draft.lines.length === 0) problems.push({ kind: 'invalid', code: 'invoice.lines', args: {}, field: 'lines', message: 'An invoice needs at least one line.', next: 'Add a line.' });
  draft.lines.forEach((l, i) => {
    if (!l.quantity || Number(l.quantity) === 0) problems.push({ kind: 'invalid', code: 'line.quantity', args: {}, field: `lines[${i}].quantity`, message: 'How many?', next: '' });
  });
  const sign = draft.kind === 'credit_note' ? -1 : 1;
  const side = (account, name, amount) => ({ account, name, debit: amount > 0 ? amount : 0, credit: amount < 0 ? -amount : 0 });
  const moves = draft.lines.flatMap((l) => {
    const item = books.tables.item.find((i) => i.id === l.item);
    return item && item.kind === 'goods' ? [{ item: item.code, name: item.name, quantity: l.quantity || '0', from: 'Main store', to: 'Customers' }] : [];
  });
  return {
    totals: { lines_net: net, allowances: 0, charges: 0, net, tax, gross, prepaid: 0, rounding: 0, payable: gross },
    tax_rows: net ? [{ category: 'S', rate: '20', base: net, tax, name: 'VAT 20 %' }] : [],
    lines,
    entry: net ? [side('1100', 'Receivables', sign * gross), side('4000', 'Sales', -sign * net), side('2200', 'VAT payable', -sign * tax)] : [],
    moves,
    problems,
  };
}

export function saveDraft(books, { id = randomUUID(), draft }) {
  const p = preview(books, { draft });
  const party = books.tables.party.find((x) => x.id === draft.party);
  const row = { id, number: null, kind: draft.kind, state: 'draft', party: draft.party ?? null, party_label: party?.name ?? null, party_name: party?.name ?? null, issue_date: draft.issue_date, due_date: draft.due_date ?? null, currency: draft.currency ?? 'GBP', ...p.totals, open: 0, country: 'GB', draft };
  const known = books.tables.billing_invoice.findIndex((r) => r.id === id);
  if (known >= 0) books.tables.billing_invoice[known] = row;
  else books.tables.billing_invoice.unshift(row);
  return { result: { id }, changed: ['billing_invoice', `billing_invoice:${id}`] };
}

export function post(books, id) {
  const row = books.tables.billing_invoice.find((r) => r.id === id);
  if (!row) throw refuse('not_found', 'record.not_found', 'This invoice does not exist.');
  const problem = preview(books, { draft: row.draft }).problems[0];
  if (problem) throw Object.assign(new Error(problem.message), { body: problem });
  row.state = 'posted';
  row.open = row.gross;
  row.number = `INV-${pad(books.tables.billing_invoice.length + 1, 6)}`;
  return { result: { id, number: row.number }, changed: ['billing_invoice', `billing_invoice:${id}`, 'journal_entry', 'item', 'reports'] };
}

export function invoice(books, { id }) {
  const row = books.tables.billing_invoice.find((r) => r.id === id);
  if (!row) throw refuse('not_found', 'record.not_found', 'This invoice does not exist.', null, 'Go back to the list.');
  const draft = row.draft ?? { kind: row.kind, party: row.party, issue_date: row.issue_date, due_date: row.due_date, currency: row.currency, note: null, lines: sampleLines(books, row) };
  const calc = preview(books, { draft });
  const lines = draft.lines.map((l, i) => ({ ...l, item_label: books.tables.item.find((x) => x.id === l.item)?.code ?? null, ...calc.lines[i], unit_price: calc.lines[i].unit_price }));
  const posted = row.state === 'posted';
  const state = (message, next) => ({ kind: 'state', code: 'invoice.state', args: {}, field: null, message, next });
  const can = row.state === 'draft' ? ['billing.save_draft', 'billing.post_draft', 'billing.discard_draft'] : posted && row.open ? ['billing.reverse_invoice', 'billing.credit_invoice'] : posted ? ['billing.credit_invoice'] : [];
  const why_not = posted && !row.open ? { 'billing.reverse_invoice': state('It has been paid.', 'Take the payment back first, or issue a credit note.') } : {};
  if (row.state === 'reversed') Object.assign(why_not, { 'billing.reverse_invoice': state('It is already reversed.', ''), 'billing.credit_invoice': state('A reversed invoice cannot be credited.', '') });
  return { invoice: { ...row, ...(row.state === 'draft' ? {} : { net: calc.totals.net, tax: calc.totals.tax, gross: calc.totals.gross, open: row.open ? calc.totals.gross : 0 }), draft: undefined, buyer_reference: draft.buyer_reference ?? null, note: draft.note ?? null }, lines, tax_rows: calc.tax_rows, can, why_not };
}

function sampleLines(books, row) {
  const n = Number.parseInt(row.id.slice(-6), 16);
  return [0, 1, 2].map((k) => {
    const item = books.tables.item[(n * 3 + k * 41) % books.tables.item.length];
    return { item: item.id, description: item.name, quantity: String(6 + k * 6), unit: 'pcs', unit_price: item.price, tax: null };
  });
}
