// What a command was told, as fields and tables that people can read: kinds and references come from the register's own descriptors.
import { isDocumentWork } from '../../generic/document-work.ts';
import type { AttentionItem, Field, FieldKind, Register, Value } from '../../gen/contract.ts';

/** A named value with the descriptor that says how to write it. */
export interface SaidField {
  name: string;
  kind: FieldKind;
  /** Id of its words; may be empty. */
  label: string;
  /** The record that its words and choices are found under. */
  record: string;
  references: string | null;
  choices: string[];
  value: Value;
}

export interface SaidTable {
  name: string;
  columns: string[];
  rows: SaidField[][];
}

export interface Said {
  fields: SaidField[];
  tables: SaidTable[];
}

type Known = Pick<Register, 'records'>;

/** What an `id` means to commands that are not the save or archive of a record. */
const SUBJECTS: [start: string, record: string][] = [
  ['billing.', 'billing_invoice'],
  ['ledger.reverse_entry', 'journal_entry'],
];
/** Arguments that no record keeps under the same name. */
const ARGUMENTS: Record<string, FieldKind> = { unit_price: 'price', allowance_percent: 'rate', exchange_rate: 'quantity', prepaid: 'money' };
const ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const NUMBER = /^-?\d+(?:\.\d+)?$/;

export function said(register: Known, command: string, args: Record<string, unknown>): Said {
  const found: Said = { fields: [], tables: [] };
  for (const [name, value] of Object.entries(args)) {
    if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) continue;
    if (isScalar(value)) found.fields.push(fieldOf(register, command, name, value));
    else if (!Array.isArray(value)) {
      const inner = said(register, command, value as Record<string, unknown>);
      found.fields.push(...inner.fields);
      found.tables.push(...inner.tables);
    } else if (value.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row))) found.tables.push(tableOf(register, command, name, value as Record<string, unknown>[]));
    else found.fields.push(fieldOf(register, command, name, value.map(String).join(', ')));
  }
  return found;
}

/** A value of a command's argument with its descriptor: that of its own record, else of its module, else of any, as far as the value fits it. */
export function fieldOf(register: Known, command: string, name: string, value: Value): SaidField {
  const own = ownRecord(register, command);
  const module = command.split('.')[0];
  const near = (record: { module: string; name: string }): number => (record.name === own ? 0 : record.module === module ? 1 : 2);
  const records = [...register.records].sort((a, b) => near(a) - near(b));
  const subject = own ?? SUBJECTS.find(([start]) => command.startsWith(start))?.[1] ?? null;
  if (name === 'id' && subject) return { name, kind: 'reference', label: '', record: subject, references: subject, choices: [], value };
  for (const record of records) {
    const field = record.fields.find((f) => f.name === name && fits(f, value));
    if (field) return { name, kind: field.kind, label: field.label, record: record.name, references: field.references ?? null, choices: field.choices ?? [], value };
  }
  const known = ARGUMENTS[name];
  const kind = known && fits({ kind: known }, value) ? known : bareKind(value);
  return { name, kind, label: '', record: own ?? '', references: null, choices: [], value };
}

/** The record whose save or archive the command is. */
export function ownRecord(register: Known, command: string): string | null {
  return register.records.find((r) => r.save === command || r.archive === command)?.name ?? null;
}

function tableOf(register: Known, command: string, name: string, rows: Record<string, unknown>[]): SaidTable {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (value: unknown): Value => (value === undefined ? null : isScalar(value) ? value : JSON.stringify(value));
  return { name, columns, rows: rows.map((row) => columns.map((column) => fieldOf(register, command, column, cell(row[column])))) };
}

function isScalar(value: unknown): value is Value {
  return value === null || typeof value !== 'object';
}

function fits({ kind, references }: Pick<Field, 'kind' | 'references'>, value: Value): boolean {
  if (value === null) return true;
  if (kind === 'id') return false;
  if (kind === 'reference') return typeof value === 'string' && Boolean(references) && ID.test(value);
  if (kind === 'bool') return typeof value === 'boolean';
  if (kind === 'date') return typeof value === 'string' && DATE.test(value);
  if (kind === 'money' || kind === 'integer' || kind === 'instant') return typeof value === 'number';
  if (kind === 'price' || kind === 'quantity' || kind === 'rate') return NUMBER.test(String(value));
  return typeof value === 'string';
}

function bareKind(value: Value): FieldKind {
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return 'integer';
  return value !== null && DATE.test(value) ? 'date' : 'text';
}

/** The address of the screen that puts this work right; null where a form suffices. */
export function editorOf(item: AttentionItem): string | null {
  return isDocumentWork(item) ? `/attention/${encodeURIComponent(item.command)}` : null;
}

/** What the work was about: a name typed, or a record. */
export function subjectOf(args: Record<string, unknown>): { text: string } | { record: string; id: string } | null {
  const draft = args['draft'];
  const all = { ...(typeof draft === 'object' && draft !== null ? (draft as Record<string, unknown>) : {}), ...args };
  for (const name of ['name', 'code', 'reference', 'text']) if (typeof all[name] === 'string' && all[name] !== '') return { text: all[name] };
  for (const record of ['party', 'item']) if (typeof all[record] === 'string') return { record, id: all[record] };
  return null;
}

export interface Chain {
  root: string;
  /** The first is where it began, unless that was dealt with already. */
  items: AttentionItem[];
  /** What began it is among the items. */
  whole: boolean;
}

/** Items under what they failed for, in the order they came. */
export function chains(items: AttentionItem[]): Chain[] {
  const found = new Map<string, AttentionItem[]>();
  for (const item of items) found.set(item.root, [...(found.get(item.root) ?? []), item]);
  return [...found].map(([root, members]) => {
    const ordered = [...members].sort((a, b) => Number(b.command === root) - Number(a.command === root) || a.pos - b.pos);
    return { root, items: ordered, whole: ordered[0]?.command === root };
  });
}

/** What is sent again: the fields as they are now, and of what was said before only what no field stands for. */
export function again(args: Record<string, unknown>, fields: readonly string[], entered: Record<string, unknown>): Record<string, unknown> {
  return { ...Object.fromEntries(Object.entries(args).filter(([name]) => !fields.includes(name))), ...entered };
}
