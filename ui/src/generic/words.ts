// How records, fields, choices, commands and reports are called: the core's own labels first, then our dictionary, then the bare name.
import type { Column, Field, ReportType } from '../gen/contract.ts';
import { hasText, t } from '../kit/language.svelte.ts';
import { host } from './host.ts';

function first(keys: string[], fallback: string): string {
  const key = keys.find((k) => k !== '' && hasText(k));
  return key ? t(key) : fallback;
}

/** `item_category` as a last resort becomes `Item category`. */
function plain(name: string): string {
  const words = name.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function recordName(record: string): string {
  return first([`record.${record}`], plain(record));
}

/** As it stands inside a sentence: `New contact`. */
export function recordNameInside(record: string): string {
  const name = recordName(record);
  // Abbreviations keep their capitals; everything else is an ordinary word.
  return /^\p{Lu}\p{Ll}/u.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name;
}

export function recordsName(record: string): string {
  return first([`records.${record}`], recordName(record));
}

/** As it stands inside a sentence: `No contacts yet`. The journal holds entries. */
export function recordsNameInside(record: string): string {
  const name = hasText(`inside.${record}`) ? t(`inside.${record}`) : recordsName(record);
  return /^\p{Lu}\p{Ll}/u.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name;
}

export function fieldName(record: string, field: Pick<Field, 'name' | 'label'>): string {
  return first([field.label, `${record}.${field.name}`, `field.${field.name}`], plain(field.name));
}

export function choiceName(record: string, field: string, choice: string): string {
  return first([`${record}.${field}.${choice}`, `choice.${field}.${choice}`], plain(choice));
}

export function commandName(command: string): string {
  return first([`button.${command}`, `command.${command}`], plain(command.split('.').at(-1) ?? command));
}

export function columnName(column: Column): string {
  return column.label || first([`column.${column.name}`, `field.${column.name}`], plain(column.name));
}

export function reportName(report: Pick<ReportType, 'name' | 'title'>): string {
  return report.title || first([`report.${report.name}`], plain(report.name));
}

export function countryName(code: string): string {
  return host().register.countries.find((c) => c.code === code)?.name ?? code;
}

/** A stage of long work is a word of the core. */
export function stageName(stage: string): string {
  return first([`stage.${stage}`], stage && plain(stage));
}
