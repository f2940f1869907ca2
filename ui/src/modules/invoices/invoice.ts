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
  adjustments: { line: number; charge: boolean; percent: string | null }[];
  details: { kind: string; line: number; text: string }[];
  tax_rows: { category: string; rate: string; base: number; tax: number; name: string }[];
  open: number | null;
  reversed_by: { id: string; number: string } | null;
  can: string[];
  why_not: Record<string, ErrorBody>;
}

const field = (name: string, kind: Field['kind'], more: Partial<Field> = {}): Field => ({ name, kind, label: '', required: false, listed: false, readonly: false, ...more });

const HEAD: Field[] = [
  field('party', 'reference', { references: 'party', required: true }),
  field('issue_date', 'date', { required: true }),
  field('due_date', 'date'),
  field('buyer_reference', 'text'),
  field('kind', 'choice', { choices: ['invoice', 'credit_note'], required: true }),
  field('delivery_date', 'date'),
  field('order_reference', 'text'),
  field('currency', 'currency'),
  field('note', 'text', { width: 40 }),
];
export const FIRST_FIELDS = 4;

const LINE_FIELDS = ['item', 'name', 'description', 'quantity', 'unit', 'unit_price', 'price_includes_tax', 'allowance_percent', 'tax'];

export function documentKind(): DocumentKind {
  const column = (name: string, kind: Field['kind'], width: number, more = {}) => ({ name, kind, width, label: t(`column.${name}`), ...more });
  return {
    record: RECORD,
    preview: 'billing.preview',
    save: 'billing.save_draft',
    post: 'billing.post_draft',
    discard: 'billing.discard_draft',
    paper: 'paper.preview',
    head: HEAD,
    columns: [
      column('item', 'reference', 92, { references: 'item' }),
      column('name', 'text', 200, { grows: true, label: t('column.line_name') }),
      column('on_hand', 'quantity', 66, { right: true, readonly: true }),
      column('quantity', 'quantity', 80, { right: true }),
      column('unit_price', 'price', 92, { right: true }),
      column('allowance_percent', 'rate', 68, { right: true }),
      column('tax_rate', 'rate', 60, { right: true, readonly: true }),
      column('net', 'money', 100, { right: true, readonly: true }),
    ],
    fields: LINE_FIELDS,
    starts: { party: { is_customer: true } },
  };
}

export function startNew(kind = 'invoice'): { id: null; head: Head; lines: Line[] } {
  return { id: null, head: { kind, issue_date: host().today() }, lines: [] };
}

/** A stored draft as the editor holds it. */
export function startStored(stored: Invoice): { id: string; head: Head; lines: Line[] } {
  const { invoice } = stored;
  const head: Head = {};
  for (const { name } of HEAD) head[name] = invoice[name] || null;
  head['note'] = noteOf(stored);
  head['party_label'] = invoice['party_name'] ?? null;
  return { id: invoice.id, head, lines: stored.lines.map((line) => asLine(line, stored)) };
}

/** The same lines as a fresh draft. */
export function copyOf(stored: Invoice): { id: null; head: Head; lines: Line[] } {
  const start = startNew();
  for (const name of ['party', 'buyer_reference', 'currency']) start.head[name] = stored.invoice[name] || null;
  start.head['party_label'] = stored.invoice['party_name'] ?? null;
  return { ...start, lines: stored.lines.map((line) => asLine(line, stored)) };
}

/** The document's own note is a detail of line 0. */
export function noteOf({ details }: Invoice): string | null {
  return details.find((d) => d.kind === 'note' && d.line === 0)?.text ?? null;
}

/** A price from a price list is not pinned: the list may say something else for another customer. */
function asLine(stored: Record<string, Value>, { adjustments }: Invoice): Line {
  const percent = adjustments.find((a) => a.line === stored['n'] && !a.charge && a.percent !== null)?.percent ?? null;
  const given: Record<string, Value> = {
    item: stored['item'] ?? null,
    name: stored['name'] ?? null,
    description: stored['description'] || null,
    quantity: stored['quantity'] ?? null,
    unit: stored['unit'] || null,
    unit_price: stored['price_row'] ? null : (stored['entered_price'] ?? null),
    price_includes_tax: stored['includes_tax'] === true ? true : null,
    allowance_percent: percent,
  };
  return newLine({ ...given, ...(stored['item'] ? { item_label: stored['item_code'] || stored['name'] || null, item_name: stored['name'] ?? null } : {}) });
}

/** A chosen item brings its name and one piece; its price comes with the next preview. */
export function afterPick(line: Line, column: string, id: string | null, name: string): Record<string, Value> {
  if (column !== 'item' || !id) return {};
  const own = line['name'] ?? null;
  return { ...(own === null || own === line['item_name'] ? { name } : {}), item_name: name, ...(line['quantity'] ? {} : { quantity: '1' }), unit_price: null };
}

