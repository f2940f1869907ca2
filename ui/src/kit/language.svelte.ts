// Words and number signs for every control. The kit knows no language: the app hands in the dictionary and the locale.
import * as format from './format.ts';
import { fill, pluralKey } from './sentence.ts';

interface Language {
  /** Language of the words, e.g. `en`. */
  words: string;
  /** Which way its lines run. */
  direction: 'ltr' | 'rtl';
  /** Locale of numbers and dates, from settings, e.g. `de-CH`. */
  locale: string;
  /** Currency of the books; amounts in it are shown without a code. */
  currency: string;
  dictionary: Record<string, string>;
  /** Decimals per currency code. */
  digits: Record<string, number>;
}

export const language: Language = $state({ words: 'en', direction: 'ltr', locale: 'en-GB', currency: '', dictionary: {}, digits: {} });

/** The text of a key, with `{name}` places filled. With a number `n` given, the form that goes with it: `key.one`, `key.other` … */
export function t(key: string, values: Record<string, string | number> = {}): string {
  const n = values['n'];
  const text = language.dictionary[typeof n === 'number' ? pluralKey(key, n, language.words, hasText) : key] ?? key;
  return fill(text, values, (value) => format.formatNumber(value, language.locale), language.direction === 'rtl');
}

export function hasText(key: string): boolean {
  return key in language.dictionary;
}

/** The name of a language, a country (`region`) or a currency in the language of the words; its code where it has none. */
export function nameOf(type: 'language' | 'region' | 'currency', code: string): string {
  try {
    return new Intl.DisplayNames([language.words, 'en'], { type }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** Locale of names of days and months: the language of the words, with the country of the numbers. */
export function wordsLocale(): string {
  return language.locale.startsWith(`${language.words}-`) ? language.locale : language.words;
}

/** A figure on its own keeps its direction, sign and unit where they belong (LRI and PDI of the Unicode Bidirectional Algorithm). */
const figure = (text: string): string => (language.direction === 'rtl' && text !== '' ? `\u2066${text}\u2069` : text);

export function digitsOf(currency: string | undefined): number {
  return language.digits[currency ?? language.currency] ?? 2;
}

export function money(minor: number, currency?: string): string {
  return figure(format.formatMoney(minor, digitsOf(currency), language.locale));
}

/** With the code in front when it is not the currency of the books. */
export function moneyIn(minor: number, currency: string): string {
  return currency === language.currency ? money(minor, currency) : figure(`${currency} ${money(minor, currency)}`);
}

export function moneySigned(minor: number, currency = language.currency): string {
  return currency ? figure(format.formatMoneySigned(minor, digitsOf(currency), currency, language.locale)) : money(minor, currency);
}

export const number = (wire: string | number, least = 0): string => figure(format.formatNumber(wire, language.locale, least));
export const date = (iso: string): string => figure(format.formatDate(iso, language.locale));
export const longDate = (iso: string): string => format.formatLongDate(iso, wordsLocale());
export const instant = (ms: number): string => figure(format.formatInstant(ms, language.locale));
export const time = (ms: number): string => figure(format.formatTime(ms, language.locale));
