// What a new record begins with, and the few fields whose nature the register cannot say yet (a unit is kept as its bare code).
import type { Field, RecordType, Value } from '../gen/contract.ts';
import { host } from './host.ts';
import { UNITS } from './units.svelte.ts';
import type { Values } from './form.ts';

const BEGIN: Record<string, Values> = {
  party: { is_customer: true },
  item: { base_unit: 'C62', tax_class: 'standard' },
};

/** Required countries and currencies are the company's own, required choices the first one, until said otherwise. */
export function beginning(type: RecordType, given: Values): Values {
  const { country, currency } = host().company;
  const begin: Values = {};
  for (const field of type.fields) {
    const value = usual(field, country, currency);
    if (value !== null) begin[field.name] = value;
  }
  const known = (values: Values): Values => Object.fromEntries(Object.entries(values).filter(([name]) => type.fields.some((f) => f.name === name)));
  return { ...begin, ...known(BEGIN[type.name] ?? {}), ...known(given) };
}

function usual(field: Field, country: string, currency: string): Value {
  if (!field.required) return null;
  if (field.kind === 'country') return country;
  if (field.kind === 'currency') return currency;
  return field.kind === 'choice' ? (field.choices?.[0] ?? null) : null;
}

/** The field as it is entered: a bare unit code is chosen from the units. */
export function asEntered(field: Field): Field {
  return field.kind === 'text' && UNITS.has(field.name) ? { ...field, kind: 'reference', references: 'unit' } : field;
}
