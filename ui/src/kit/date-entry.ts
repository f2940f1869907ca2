// Understands dates as people type them: `t`, `+5`, `-10`, `3`, `5-2`, `fri`, `3 nov`, `051126`. Everything else is refused, not bent.
import { addDays, addMonths, dayOf, isoOf, isReal, weekdayOf, type Day } from './civil.ts';

export interface DateRules {
  locale: string;
  /** Locale of the names of days and months; those of `locale` and of English are understood too. */
  names?: string;
  today: string;
  /** Words of the interface language, lower case, for today, yesterday and tomorrow. */
  words?: { today: string[]; yesterday: string[]; tomorrow: string[] };
}

export type DateEntry = { kind: 'empty' } | { kind: 'date'; iso: string } | { kind: 'wrong' };

type Part = 'day' | 'month' | 'year';
const WRONG: DateEntry = { kind: 'wrong' };
const ENGLISH = { today: ['t', 'today'], yesterday: ['y', 'yesterday'], tomorrow: ['tomorrow'] };

export function readDate(input: string, rules: DateRules): DateEntry {
  const text = input.normalize('NFKC').trim().toLowerCase().replace(/[\u200e\u200f]/g, '');
  if (text === '') return { kind: 'empty' };
  const iso = byWord(text, rules) ?? byOffset(text, rules) ?? byWeekday(text, rules) ?? byDigits(text, rules) ?? byMonthName(text, rules);
  return iso ? { kind: 'date', iso } : WRONG;
}

function byWord(text: string, { today, words = ENGLISH }: DateRules): string | null {
  if (words.today.includes(text)) return today;
  if (words.yesterday.includes(text)) return addDays(today, -1);
  return words.tomorrow.includes(text) ? addDays(today, 1) : null;
}

/** `+5` days, `-2w` weeks, `+1m` months, `+1y` years from today. */
function byOffset(text: string, { today }: DateRules): string | null {
  const match = /^([+\-−])\s?(\d{1,4})\s?([dwmy]?)$/.exec(text);
  if (!match) return null;
  const count = Number(match[2]) * (match[1] === '+' ? 1 : -1);
  if (match[3] === 'w') return addDays(today, count * 7);
  if (match[3] === 'm') return addMonths(today, count);
  return match[3] === 'y' ? addMonths(today, count * 12) : addDays(today, count);
}

/** A weekday is the next one, today included; with a minus it is the last one before today. */
function byWeekday(text: string, rules: DateRules): string | null {
  const match = /^([+\-−]?)\s?(\p{L}{2,})\.?$/u.exec(text);
  if (!match?.[2]) return null;
  const { today } = rules;
  const weekday = nameIndex(match[2], rules, 'weekday');
  if (!weekday) return null;
  const ahead = (weekday - weekdayOf(today) + 7) % 7;
  if (match[1] === '' || match[1] === '+') return addDays(today, ahead);
  return addDays(today, ahead === 0 ? -7 : ahead - 7);
}

function byDigits(text: string, rules: DateRules): string | null {
  const iso = /^(\d{4})[-./](\d{1,2})[-./](\d{1,2})$/.exec(text);
  if (iso) return real({ year: Number(iso[1]), month: Number(iso[2]), day: Number(iso[3]) });
  const parts = text.replace(/\.$/, '').split(/\s*[-./ ]\s*/);
  if (!parts.every((p) => /^\d+$/.test(p))) return null;
  const order = orderOf(rules.locale);
  const short = order.filter((p) => p !== 'year');
  const [first = ''] = parts;
  if (parts.length === 1 && first.length <= 2) return place([first], ['day'], rules);
  if (parts.length === 1 && first.length === 4) return place([first.slice(0, 2), first.slice(2)], short, rules);
  if (parts.length === 1 && first.length === 6) return place([first.slice(0, 2), first.slice(2, 4), first.slice(4)], order, rules);
  if (parts.length === 1 && first.length === 8) return byEight(first, order, rules);
  if (parts.length === 2) return place(parts, short, rules);
  return parts.length === 3 ? place(parts, order, rules) : null;
}

/** Eight digits are the locale's order or year first; for years near ours at most one of them is a real day. */
function byEight(text: string, order: Part[], rules: DateRules): string | null {
  const near = (iso: string | null): string | null => (iso !== null && /^(19|20|21)/.test(iso) ? iso : null);
  const own = order[0] === 'year' ? null : near(place([text.slice(0, 2), text.slice(2, 4), text.slice(4)], order, rules));
  return own ?? near(place([text.slice(0, 4), text.slice(4, 6), text.slice(6)], ['year', 'month', 'day'], rules));
}

function byMonthName(text: string, rules: DateRules): string | null {
  const match = /^(?:(\d{1,2})\.?\s*)?(\p{L}{3,})\.?(?:\s*(\d{1,2})\.?,?)?(?:\s+(\d{2}|\d{4}))?$/u.exec(text);
  if (!match?.[2] || (match[1] && match[3] && match[4])) return null;
  const month = nameIndex(match[2], rules, 'month');
  const day = match[1] ?? match[3];
  const year = match[4] ?? (match[1] ? match[3] : undefined);
  if (!month || !day) return null;
  return real({ year: yearOf(year, rules.today), month, day: Number(day) });
}

function place(parts: string[], order: Part[], rules: DateRules): string | null {
  const today = dayOf(rules.today);
  if (!today) return null;
  const found: Day = { ...today };
  for (const [i, name] of order.entries()) {
    const text = parts[i] ?? '';
    if (name !== 'year' && text.length > 2) return null;
    found[name] = name === 'year' ? yearOf(text, rules.today) : Number(text);
  }
  return real(found);
}

const real = (day: Day): string | null => (isReal(day) ? isoOf(day) : null);

/** Two digits mean the year within fifty of today. */
function yearOf(text: string | undefined, today: string): number {
  const now = Number(today.slice(0, 4));
  if (!text) return now;
  if (text.length > 2) return text.length === 4 ? Number(text) : 0;
  const year = now - (now % 100) + Number(text);
  return year > now + 50 ? year - 100 : year < now - 49 ? year + 100 : year;
}

export function orderOf(locale: string): Part[] {
  const parts = new Intl.DateTimeFormat(`${locale}-u-ca-gregory`, { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: 'UTC' });
  return parts.formatToParts(0).flatMap((p) => (p.type === 'day' || p.type === 'month' || p.type === 'year' ? [p.type] : []));
}

/** Position of a weekday or month name (or its unambiguous start) in the language of the words, that of the locale or English; 0 when unknown. */
function nameIndex(text: string, { locale, names: own = locale }: DateRules, kind: 'weekday' | 'month'): number {
  for (const language of [own, locale, 'en']) {
    const format = new Intl.DateTimeFormat(`${language}-u-ca-gregory`, { [kind]: 'long', timeZone: 'UTC' });
    const names = Array.from({ length: kind === 'month' ? 12 : 7 }, (_, i) =>
      // 5 January 1970 was a Monday.
      format.format(new Date(kind === 'month' ? Date.UTC(1970, i, 1) : Date.UTC(1970, 0, 5 + i))).toLowerCase(),
    );
    const hits = names.flatMap((name, i) => (name.startsWith(text) ? [i + 1] : []));
    if (hits.length === 1) return hits[0] ?? 0;
  }
  return 0;
}
