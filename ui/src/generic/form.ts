// Pure parts of the record form: what to send, what is missing, how fields are grouped.
import type { Field, Value } from '../gen/contract.ts';

export type Values = Record<string, Value>;

/** Fields a person enters: not the id, not what the core calculates. */
export function entered(fields: Field[]): Field[] {
  return fields.filter((f) => f.kind !== 'id' && !f.readonly && f.kind !== 'instant');
}

/** Kept order; the first group has no heading. */
export function grouped(fields: Field[]): { group: string; fields: Field[] }[] {
  const groups: { group: string; fields: Field[] }[] = [];
  for (const field of fields) {
    const group = field.group ?? '';
    const known = groups.find((g) => g.group === group);
    if (known) known.fields.push(field);
    else groups.push({ group, fields: [field] });
  }
  return groups;
}

/** At most `most` fields at first, always whole fields of the first groups and every required one. */
export function folded(fields: Field[], most: number): { first: Field[]; more: Field[] } {
  if (fields.length <= most) return { first: fields, more: [] };
  const required = fields.filter((f) => f.required).length;
  let room = most - required;
  const first = fields.filter((f) => f.required || room-- > 0);
  return { first, more: fields.filter((f) => !first.includes(f)) };
}

export function missing(fields: Field[], values: Values): Field[] {
  return fields.filter((f) => f.required && f.kind !== 'bool' && (values[f.name] ?? '') === '');
}

/** Only what the command takes: labels of references and calculated fields stay here. */
export function toArgs(fields: Field[], values: Values, id: string | null): Values {
  const args: Values = id ? { id } : {};
  for (const { name, kind } of fields) {
    const value = values[name] ?? null;
    args[name] = kind === 'bool' ? value === true : value;
  }
  return args;
}

export function changed(a: Values, b: Values, fields: Field[]): boolean {
  return fields.some(({ name }) => (a[name] ?? null) !== (b[name] ?? null));
}
