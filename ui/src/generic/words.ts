// How records, fields, reports and commands are called: the register's own labels first, then the dictionary, then the bare name.
import type { Field } from '../gen/contract.ts';
import { hasText, t } from '../kit/language.svelte.ts';
import { host } from './host.ts';

function first(keys: string[], fallback: string): string {
  const key = keys.find(hasText);
  return key ? t(key) : fallback;
}

/** `item_category` as a last resort becomes `Item category`. */
function plain(name: string): string {
  const words = name.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function recordName(record: string): string {
  return first([`record.${record}`, record], plain(record));
}

export function recordsName(record: string): string {
  return first([`records.${record}`], recordName(record));
}

/** A label may be a key of the register or the words themselves. */
export function fieldName(record: string, field: Pick<Field, 'name' | 'label'>): string {
  return first([`field.${record}.${field.name}`, field.label, `${record}.${field.name}`, `field.${field.name}`], field.label.includes('.') || !field.label ? plain(field.name) : field.label);
}

export function choiceName(record: string, field: string, choice: string): string {
  return first([`choice.${record}.${field}.${choice}`, `choice.${field}.${choice}`, `${record}.${field}.${choice}`], plain(choice));
}

export function commandName(command: string): string {
  return first([`command.${command}`, command], plain(command.split('.').at(-1) ?? command));
}

export function columnName(column: { name: string; label?: string }): string {
  return first([`column.${column.name}`, column.label ?? '', `field.${column.name}`], column.label && !column.label.includes('.') ? column.label : plain(column.name));
}

export function countryName(code: string): string {
  return host().register.countries.find((c) => c.code === code)?.name ?? code;
}
