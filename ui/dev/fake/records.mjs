// Fixture only: the generic record queries and saves over arrays in memory.
import { randomUUID } from 'node:crypto';
import { register } from './register.mjs';

export const refuse = (kind, code, message, field = null, next = '') => Object.assign(new Error(message), { body: { kind, code, args: {}, field, message, next } });

const wordsOf = (row) => ['code', 'name', 'number', 'party_label', 'party_name', 'text', 'city', 'email'].map((k) => row[k] ?? '').join(' ').toLowerCase();

export function list(books, { record, text, where = [], sort, after, limit }) {
  const rows = found(books, { record, text, where, sort });
  const from = after ? Number(after) : 0;
  const to = from + limit;
  return { rows: rows.slice(from, to), next: to < rows.length ? String(to) : null, total: from === 0 && to >= rows.length && !text ? rows.length : null };
}

export const count = (books, { record, text, where = [] }) => ({ total: found(books, { record, text, where }).length, more: false });

function found(books, { record, text, where, sort }) {
  const key = JSON.stringify([record, text, where, sort, books.pos]);
  let rows = books.sorted.get(key);
  if (!rows) {
    rows = [...(books.tables[record] ?? [])].filter((r) => !r.archived);
    for (const word of (text ?? '').toLowerCase().split(/\s+/).filter(Boolean)) rows = rows.filter((r) => wordsOf(r).includes(word));
    for (const { field, op, value } of where) rows = rows.filter((r) => compare(r[field], op, value));
    if (sort) {
      const by = (r) => r[`${sort.field}_label`] ?? r[sort.field] ?? '';
      rows.sort((a, b) => (by(a) < by(b) ? -1 : by(a) > by(b) ? 1 : a.id < b.id ? -1 : 1) * (sort.descending ? -1 : 1));
    }
    books.sorted.clear();
    books.sorted.set(key, rows);
  }
  return rows;
}

function compare(have, op, want) {
  if (op === '=') return String(have ?? '') === String(want ?? '');
  if (op === 'starts') return String(have ?? '').toLowerCase().startsWith(String(want).toLowerCase());
  const [a, b] = Number.isFinite(Number(have)) && Number.isFinite(Number(want)) ? [Number(have), Number(want)] : [String(have), String(want)];
  return { '<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b }[op];
}

export function get(books, { record, id }) {
  const row = (books.tables[record] ?? []).find((r) => r.id === id);
  if (!row) throw refuse('not_found', 'record.not_found', 'This record does not exist.', null, 'It may have been removed elsewhere. Go back to the list.');
  return { row };
}

export function lookup(books, { record, text, limit }) {
  const want = text.toLowerCase();
  const hits = (books.tables[record] ?? []).filter((r) => !r.archived && wordsOf(r).includes(want)).slice(0, limit);
  const isExact = (r) => [r.code, r.number].some((c) => String(c ?? '').toLowerCase() === want);
  hits.sort((a, b) => Number(isExact(b)) - Number(isExact(a)));
  return { hits: hits.map((r) => ({ id: r.id, code: r.code ?? r.number ?? '', label: r.name ?? r.party_label ?? '', detail: r.city ?? (r.sales_price ? `${r.sales_price}` : (r.state ?? '')) })) };
}

export function save(books, record, args) {
  const type = register.records.find((r) => r.name === record);
  const named = { ...(args.id ? books.tables[record].find((r) => r.id === args.id) : {}), ...args };
  for (const f of type.fields) if (f.required && !named[f.name]) throw refuse('invalid', 'field.required', `${f.label} is needed.`, f.name);
  if (record === 'party' && args.name === 'Taken') throw refuse('conflict', 'party.name_taken', 'Another party already has this name.', 'name', 'Choose another name or open the existing party.');
  const row = { ...args };
  for (const f of type.fields) if (f.references && args[f.name]) row[`${f.name}_label`] = books.tables[f.references]?.find((r) => r.id === args[f.name])?.name;
  const known = args.id && books.tables[record].find((r) => r.id === args.id);
  if (known) Object.assign(known, row);
  else books.tables[record].unshift({ on_hand: '0', ...row, id: (row.id = randomUUID()) });
  return { result: { id: args.id ?? row.id }, changed: [record, `${record}:${args.id ?? row.id}`] };
}

export function archive(books, record, { id }) {
  const row = books.tables[record].find((r) => r.id === id);
  if (row) row.archived = true;
  return { result: {}, changed: [record, `${record}:${id}`] };
}
