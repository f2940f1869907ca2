// Invoices and credit notes as data for the document editor: fields of the head, columns of the lines, and how stored ones come back.
import type { AttachedFile, Field, Row, Value } from '../../gen/contract.ts';
import { fromLists, ofDocument, ofLine, type Adjusting, type Lists, type StoredAdjustment } from '../../generic/adjustments.ts';
import { newLine, toDraft, type Head, type Line, type Start, type Supporting } from '../../generic/document.ts';
import type { DocumentKind, Preview } from '../../generic/document-kind.ts';
import { host } from '../../generic/host.ts';
import type { ErrorBody } from '../../gen/contract.ts';
import { t } from '../../kit/language.svelte.ts';

export const RECORD = 'billing_invoice';

export interface Invoice {
  invoice: Row;
  lines: Record<string, Value>[];
  adjustments: StoredAdjustment[];
  parties: { role: string }[];
  details: { kind: string; line: number; n: number; code: string; text: string; extra: string }[];
  tax_rows: { category: string; rate: string; base: number; tax: number; code: string; name: string }[];
  open: number | null;
  reversed_by: { id: string; number: string } | null;
  files: AttachedFile[];
  can: string[];
  why_not: Record<string, ErrorBody>;
}

const field = (name: string, kind: Field['kind'], more: Partial<Field> = {}): Field => ({ name, kind, label: '', required: false, listed: false, readonly: false, ...more });

const HEAD: Field[] = [
  field('party', 'reference', { references: 'party', required: true }),
  field('issue_date', 'date', { required: true }),
  field('due_date', 'date'),
  field('buyer_reference', 'text'),
  ...grouped('references', [field('order_reference', 'text'), field('contract', 'text'), field('project', 'text'), field('sales_order', 'text'), field('despatch_advice', 'text')]),
  ...grouped('delivery', [field('delivery_date', 'date'), field('delivery_country', 'country'), field('period_start', 'date'), field('period_end', 'date')]),
  ...grouped('payment', [field('currency', 'currency'), field('exchange_rate', 'quantity'), field('prepaid', 'money'), field('payment_terms', 'text', { width: 40 })]),
  ...grouped('document', [field('kind', 'choice', { choices: ['invoice', 'credit_note'], required: true }), field('note', 'text', { width: 40 })]),
];

function grouped(group: string, fields: Field[]): Field[] {
  return fields.map((f) => ({ ...f, group }));
}

const DETAILS: Field[] = [
  field('description', 'text', { width: 40 }),
  field('note', 'text', { width: 40 }),
  field('unit', 'reference', { references: 'unit', width: 8 }),
  field('price_base', 'quantity'),
  field('price_includes_tax', 'bool'),
  field('period_start', 'date'),
  field('period_end', 'date'),
  field('order_line', 'text', { width: 10 }),
];

const LINE_FIELDS = ['item', 'name', 'quantity', 'unit_price', 'allowance_percent', 'tax', ...DETAILS.map((f) => f.name)];

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
      column('item', 'reference', 84, { references: 'item' }),
      column('name', 'text', 200, { grows: true, label: t('column.line_name') }),
      column('on_hand', 'quantity', 66, { right: true, readonly: true }),
      column('quantity', 'quantity', 72, { right: true }),
      column('unit_price', 'price', 86, { right: true }),
      column('allowance_percent', 'rate', 62, { right: true }),
      column('tax', 'reference', 60, { references: 'tax', by: 'code' }),
      column('net', 'money', 84, { right: true, readonly: true }),
    ],
    fields: LINE_FIELDS,
    details: DETAILS,
    hidden: (name, currency) => name === 'exchange_rate' && currency === host().company.currency,
    hint: (name, currency) => (name === 'exchange_rate' ? t('hint.exchange_rate', { base: host().company.currency, currency }) : undefined),
    starts: { party: { is_customer: true } },
  };
}

export function startNew(kind = 'invoice'): Start {
  return { id: null, head: { kind, issue_date: host().today() }, lines: [], adjustments: [] };
}

/** A draft as a command was told it, as the editor holds it. */
export function startDrafted(draft: Record<string, unknown>): Start {
  const told = (from: Record<string, unknown>, names: string[]): Record<string, Value> =>
    Object.fromEntries(names.map((name) => [name, (from[name] ?? null) as Value]));
  const lines = Array.isArray(draft['lines']) ? (draft['lines'] as Record<string, unknown>[]) : [];
  return {
    id: null,
    head: { kind: 'invoice', ...told(draft, HEAD.map((f) => f.name).filter((name) => draft[name] !== undefined)) },
    lines: lines.map((line) => newLine({ ...told(line, LINE_FIELDS), adjustments: fromLists(line as Lists) })),
    adjustments: fromLists(draft as Lists),
    attachments: Array.isArray(draft['attachments']) ? (draft['attachments'] as Supporting[]) : [],
  };
}

/** A stored draft as the editor holds it. What follows from the books by itself stays unsaid, so that it goes on following. */
export async function startStored(stored: Invoice): Promise<Start> {
  const { invoice } = stored;
  const head: Head = {};
  for (const { name } of HEAD) head[name] = invoice[name] || null;
  head['note'] = noteOf(stored);
  head['party_label'] = invoice['party_name'] ?? null;
  head['delivery_country'] = stored.parties.some((p) => p.role === 'deliver_to') ? (invoice['country'] ?? null) : null;
  if (invoice['currency'] === host().company.currency) head['currency'] = head['exchange_rate'] = null;
  return withTaxes({ id: invoice.id, head, lines: stored.lines.map((line) => asLine(line, stored)), adjustments: adjustmentsOf(stored), attachments: supportingOf(stored) }, stored);
}

/** What a stored draft is supported by: each file at the place of its reference. */
export function supportingOf({ details, files }: Pick<Invoice, 'details' | 'files'>): Supporting[] {
  return details
    .filter(({ kind, line }) => kind === 'attachment' && line === 0)
    .map(({ n, code, text, extra }) => {
      const found = files.find((file) => file.n === n);
      const file = found && { hash: found.hash, name: found.name, media_type: found.media_type, size: found.size };
      return { reference: code, ...(text ? { description: text } : {}), ...(extra ? { url: extra } : {}), ...(file ? { file } : {}) };
    });
}

/** The same lines as a fresh draft. */
export async function copyOf(stored: Invoice): Promise<Start> {
  const start = await startStored(stored);
  const fresh = startNew();
  for (const name of ['party', 'party_label', 'buyer_reference', 'currency', 'exchange_rate', 'delivery_country', 'payment_terms', 'contract', 'project']) fresh.head[name] = start.head[name] ?? null;
  return { ...fresh, lines: start.lines, adjustments: start.adjustments };
}

/** The document's own note is a detail of line 0. */
export function noteOf({ details }: Invoice): string | null {
  return details.find((d) => d.kind === 'note' && d.line === 0)?.text ?? null;
}

function adjustmentsOf({ adjustments, tax_rows, lines }: Invoice): Adjusting[] {
  const codeOf = (category: string, rate: string): string | null => tax_rows.find((row) => row.category === category && row.rate === rate)?.code ?? null;
  const taxes = new Set(lines.map((line) => `${line['tax_category']} ${line['tax_rate']}`)).size;
  return ofDocument(adjustments.filter((a) => a.line === 0), codeOf, taxes);
}

/** Only a tax that differs from what the rules say was chosen by somebody; when they say nothing now, every tax stays as it was. */
async function withTaxes(start: Start, stored: Invoice): Promise<Start> {
  const draft = toDraft(start.head, start.lines, LINE_FIELDS, start.adjustments);
  const preview = await host().query<Preview>('billing.preview', { draft });
  const lines = start.lines.map((line, i) => {
    const code = stored.lines[i]?.['tax_code'] ?? null;
    return { ...line, tax: preview.lines[i]?.tax_code === code ? null : code };
  });
  return { ...start, lines };
}

/** A price from a price list is not pinned: the list may say something else for another customer. */
function asLine(stored: Record<string, Value>, { adjustments }: Invoice): Line {
  const own = adjustments.filter((a) => a.line === stored['n']);
  const [first] = own;
  const percent = first && !first.charge && first.percent !== null && !first.reason ? first.percent : null;
  const given: Record<string, Value | Adjusting[]> = {
    item: stored['item'] ?? null,
    name: stored['name'] ?? null,
    description: stored['description'] || null,
    note: stored['note'] || null,
    quantity: stored['quantity'] ?? null,
    unit: stored['unit'] || null,
    unit_price: stored['price_row'] ? null : (stored['entered_price'] ?? null),
    price_base: stored['price_base'] === '1' ? null : (stored['price_base'] ?? null),
    price_includes_tax: stored['includes_tax'] === true ? true : null,
    allowance_percent: percent,
    order_line: stored['order_line'] || null,
    period_start: stored['period_start'] ?? null,
    period_end: stored['period_end'] ?? null,
    adjustments: ofLine(percent === null ? own : own.slice(1)),
  };
  return newLine({ ...given, ...(stored['item'] ? { item_label: stored['item_code'] || stored['name'] || null, item_name: stored['name'] ?? null } : {}) });
}

/** A chosen item brings its name and one piece; its price comes with the next preview. */
export function afterPick(line: Line, column: string, id: string | null, name: string): Record<string, Value> {
  if (column !== 'item' || !id) return {};
  const own = line['name'] ?? null;
  return { ...(own === null || own === line['item_name'] ? { name } : {}), item_name: name, ...(line['quantity'] ? {} : { quantity: '1' }), unit_price: null };
}

