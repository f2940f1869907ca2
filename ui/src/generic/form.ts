// Pure parts of the record form: what to send, what is missing, how fields are grouped.
import type { Field, Value } from '../gen/contract.ts';

export type Values = Record<string, Value>;

/** Fields a person enters: what the save command takes, without what the core keeps to itself. */
export function entered(fields: Field[], accepted: string[] | null): Field[] {
  return fields.filter((f) => f.kind !== 'id' && f.kind !== 'instant' && !f.readonly && (accepted === null || accepted.includes(f.name)));
}

/** What people ask first comes first; groups nobody thought of keep their order at the end. */
const GROUPS = ['', 'contact', 'address', 'terms', 'selling', 'buying', 'stock', 'tax', 'accounts'];

export function inOrder(fields: Field[]): Field[] {
  // Long texts stand at the end of their group, where they do not tear the rows apart.
  const long = (f: Field): number => (f.kind === 'text' && (f.width ?? 0) >= 40 ? 0.5 : 0);
  const group = (f: Field): number => (f.group === 'main' ? 0 : (GROUPS.indexOf(f.group ?? '') + GROUPS.length + 1) % (GROUPS.length + 1));
  const place = (f: Field): number => group(f) + long(f);
  return [...fields].sort((a, b) => place(a) - place(b));
}

/** The first group has no heading. */
export function grouped(fields: Field[]): { group: string; fields: Field[] }[] {
  const groups: { group: string; fields: Field[] }[] = [];
  for (const field of fields) {
    const group = field.group === 'main' ? '' : (field.group ?? '');
    const known = groups.find((g) => g.group === group);
    if (known) known.fields.push(field);
    else groups.push({ group, fields: [field] });
  }
  return groups;
}

/** What few people fill in when they make a record. */
const LATE = new Set(['language', 'tags', 'note']);

/** At most `most` fields at first: every required one, then those that lists show and what belongs to them, then the rest in order. */
export function folded(fields: Field[], most: number): { first: Field[]; more: Field[] } {
  if (fields.length <= most) return { first: fields, more: [] };
  const mates = new Set(fields.filter((f) => f.listed && f.group && f.group !== 'main').map((f) => f.group));
  const worth = (f: Field): number => (f.required ? 0 : f.listed ? 1 : mates.has(f.group) ? 2 : LATE.has(f.name) ? 4 : 3);
  const chosen = [...fields].sort((a, b) => worth(a) - worth(b)).slice(0, Math.max(most, fields.filter((f) => f.required).length));
  const first = fields.filter((f) => chosen.includes(f));
  return { first, more: fields.filter((f) => !first.includes(f)) };
}

/** Tick boxes that follow each other share a cell; everything else has one of its own. */
export function cells(fields: Field[]): Field[][] {
  const all: Field[][] = [];
  for (const field of fields) {
    const last = all.at(-1);
    if (field.kind === 'bool' && last?.[0]?.kind === 'bool') last.push(field);
    else all.push([field]);
  }
  return all;
}

export function missing(fields: Field[], values: Values): Field[] {
  return fields.filter((f) => f.required && f.kind !== 'bool' && (values[f.name] ?? '') === '');
}

/** Only what was changed: what is left out stays as it is, or takes the core's own default in a new record. */
export function toArgs(fields: Field[], values: Values, stored: Values, id: string | null): Values {
  const args: Values = id ? { id } : {};
  for (const { name, kind } of fields) {
    const value = values[name] ?? null;
    if (same(value, stored[name] ?? null)) continue;
    args[name] = value === null && (kind === 'text' || kind === 'country') ? '' : value;
  }
  return args;
}

/** An empty text and nothing are the same to a person. */
const same = (a: Value, b: Value): boolean => (a === '' ? null : a) === (b === '' ? null : b);

export function changed(a: Values, b: Values, fields: Field[]): boolean {
  return fields.some(({ name }) => !same(a[name] ?? null, b[name] ?? null));
}
