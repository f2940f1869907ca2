// How records, fields, choices, commands and reports are called: the core's own labels first, then our dictionary, then the bare name.
import type { Column, Field, Hit, ReportParameter, ReportType } from '../gen/contract.ts';
import { hasText, language, nameOf, t } from '../kit/language.svelte.ts';
import { host, recordType } from './host.ts';

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
  return inside(name);
}

/** Abbreviations keep their capitals, and so do nouns in German; everything else is an ordinary word. */
function inside(name: string): string {
  return language.words !== 'de' && /^\p{Lu}\p{Ll}/u.test(name) ? name.charAt(0).toLocaleLowerCase(language.words) + name.slice(1) : name;
}

export function recordsName(record: string): string {
  return first([`records.${record}`], recordName(record));
}

/** As it stands inside a sentence: `No contacts yet`. The journal holds entries. */
export function recordsNameInside(record: string): string {
  const name = hasText(`inside.${record}`) ? t(`inside.${record}`) : recordsName(record);
  return inside(name);
}

export function fieldName(record: string, field: Pick<Field, 'name' | 'label'>): string {
  return first([field.label, `${record}.${field.name}`, `field.${field.name}`], plain(field.name));
}

export function choiceName(record: string, field: string, choice: string): string {
  return first([`${record}.${field}.${choice}`, `choice.${field}.${choice}`], plain(choice));
}

/** What tells a hit apart, in words where it is a choice. */
export function detailOf(record: string, { detail, detail_of: field }: Pick<Hit, 'detail' | 'detail_of'>): string {
  const kind = recordType(record)?.fields.find((f) => f.name === field)?.kind;
  return detail && field && kind === 'choice' ? choiceName(record, field, detail) : detail;
}

export function commandName(command: string): string {
  return first([`button.${command}`, `command.${command}`], plain(command.split('.').at(-1) ?? command));
}

export function columnName(column: Column): string {
  return first([`column.${column.name}`], column.label || first([`field.${column.name}`], plain(column.name)));
}

export function reportName(report: Pick<ReportType, 'name' | 'title'>): string {
  return first([`report.${report.name}`], report.title || plain(report.name));
}

export function countryName(code: string): string {
  return language.words === 'en' ? (host().register.countries.find((c) => c.code === code)?.name ?? code) : nameOf('region', code);
}

export function currencyName(code: string): string {
  return language.words === 'en' ? (host().register.currencies.find((c) => c.code === code)?.name ?? code) : nameOf('currency', code);
}

/** What a report answers, in a line. */
export function reportAbout({ name, about }: Pick<ReportType, 'name' | 'about'>): string {
  return first([`report.${name}.about`], about ?? '');
}

export function parameterName({ name, label }: Pick<ReportParameter, 'name' | 'label'>): string {
  return first([`parameter.${name}`], label ?? plain(name));
}

/** A sum or an opening balance among the lines of a report: the core writes its English label there. */
export function reportLine(text: string): string {
  const key = Object.entries(host().register.labels).find(([key, label]) => label === text && /^report\.(line\.|opening$)/.test(key))?.[0];
  return key ? t(key) : text;
}

/** What somebody did or wants done, by its command; `label` are the core's own words. */
export function deedName(deed: { name: string; label: string } | undefined): string {
  if (!deed) return '';
  const { name, label } = deed;
  return first([`command.${name}`], label || plain(name));
}

/** A stage of long work is a word of the core. */
export function stageName(stage: string): string {
  return first([`stage.${stage}`], stage && plain(stage));
}
