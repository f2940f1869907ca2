// Invoices and credit notes as data for the document editor: fields of the head, columns of the lines, and how stored ones come back.
import type { Field, Row, Value } from '../../gen/contract.ts';
import { newLine, type Head, type Line } from '../../generic/document.ts';
import type { DocumentKind } from '../../generic/draft.svelte.ts';
import { host } from '../../generic/host.ts';
import type { ErrorBody } from '../../gen/contract.ts';
import { t } from '../../kit/language.svelte.ts';

export const RECORD = 'billing_invoice';

export interface Invoice {
  invoice: Row;
  lines: Record<string, Value>[];
  tax_rows: { category: string; rate: string; base: number; tax: number; name: string }[];
  can: string[];
  why_not: Record<string, ErrorBody>;
}

const field = (name: string, kind: Field['kind'], more: Partial<Field> = {}): Field => ({ name, kind, label: '', required: false, listed: false, readonly: false, ...more });

const HEAD: Field[] = [
  field('party', 'reference', { references: 'party', required: true, width: 240 }),
  field('issue_date', 'date', { required: true }),
  field('due_date', 'date'),
  field('buyer_reference', 'text'),
  field('kind', 'choice', { choices: ['invoice', 'credit_note'], required: true }),
  field('delivery_date', 'date'),
  field('order_reference', 'text'),
  field('currency', 'currency'),
  field('note', 'text', { width: 400 }),
];
export const FIRST_FIELDS = 4;

const LINE_FIELDS = ['item', 'description', 'quantity', 'unit', 'unit_price', 'price_includes_tax', 'allowance_percent', 'tax'];

export function documentKind(): DocumentKind {
  const column = (name: string, kind: Field['kind'], width: number, more = {}) => ({ name, kind, width, label: t(`column.${name}`), ...more });
  return {
    record: RECORD,
    preview: 'billing.preview',
    save: 'billing.save_draft',
    post: 'billing.post_draft',
    discard: 'billing.discard_draft',
    head: HEAD,
    columns: [
      column('item', 'reference', 112, { references: 'item' }),
      column('description', 'text', 200, { grows: true }),
      column('quantity', 'quantity', 88, { right: true }),
      column('unit_price', 'price', 98, { right: true }),
      column('allowance_percent', 'rate', 72, { right: true }),
      column('tax_rate', 'rate', 62, { right: true, readonly: true }),
      column('net', 'money', 104, { right: true, readonly: true }),
    ],
    fields: LINE_FIELDS,
    filled: ['unit_price'],
  };
}

export function startNew(kind = 'invoice'): { id: null; head: Head; lines: Line[] } {
  return { id: null, head: { kind, issue_date: host().today() }, lines: [] };
}

/** A stored draft as the editor holds it. */
export function startStored({ invoice, lines }: Invoice): { id: string; head: Head; lines: Line[] } {
  const head: Head = {};
  for (const { name } of HEAD) head[name] = invoice[name] ?? null;
  head['party_label'] = invoice['party_label'] ?? invoice['party_name'] ?? null;
  return { id: invoice.id, head, lines: lines.map(asLine) };
}

/** The same lines as a fresh draft: a copy, or what a credit note begins with. */
export function copyOf({ invoice, lines }: Invoice): { id: null; head: Head; lines: Line[] } {
  const start = startNew();
  const kept = ['party', 'buyer_reference', 'currency'] as const;
  for (const name of kept) start.head[name] = invoice[name] ?? null;
  start.head['party_label'] = invoice['party_label'] ?? invoice['party_name'] ?? null;
  return { ...start, lines: lines.map(asLine) };
}

function asLine(stored: Record<string, Value>): Line {
  const values: Record<string, Value> = {};
  for (const name of LINE_FIELDS) if (stored[name] !== undefined && stored[name] !== null) values[name] = stored[name];
  const words = stored['item_label'] ?? stored['item_code'] ?? stored['item_name'];
  if (values['item'] && words !== undefined) values['item_label'] = words;
  return newLine(values);
}

/** A chosen item brings its name and one piece; its price comes with the next preview. */
export function afterPick(line: Line, column: string, id: string | null, label: string): Record<string, Value> {
  if (column !== 'item' || !id) return {};
  const told = line['description'] === undefined || line['description'] === null || line['description'] === line['item_name'];
  return { ...(told ? { description: label } : {}), item_name: label, ...(line['quantity'] ? {} : { quantity: '1' }), unit_price: null };
}

export function toneOf(state: Value | undefined): 'good' | 'soft' | 'plain' {
  return state === 'posted' ? 'good' : state === 'draft' ? 'soft' : 'plain';
}
