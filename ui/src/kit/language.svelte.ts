// Words and number signs for every control. The kit knows no language: the app hands in the dictionary and the locale.
import * as format from './format.ts';

interface Language {
  /** Language of the words, e.g. `en`. */
  words: string;
  /** Locale of numbers and dates, from settings, e.g. `de-CH`. */
  locale: string;
  /** Currency of the books; amounts in it are shown without a code. */
  currency: string;
  dictionary: Record<string, string>;
  /** Decimals per currency code. */
  digits: Record<string, number>;
}

export const language: Language = $state({ words: 'en', locale: 'en-GB', currency: '', dictionary: {}, digits: {} });

/** The text of a key, with `{name}` places filled. With `n` given, `key.one` and `key.other` are tried first. */
export function t(key: string, values: Record<string, string | number> = {}): string {
  const n = values['n'];
  const plural = typeof n === 'number' ? language.dictionary[`${key}.${new Intl.PluralRules(language.words).select(n)}`] : undefined;
  const text = plural ?? language.dictionary[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === 'number' ? format.formatNumber(value, language.locale) : value;
  });
}

export function hasText(key: string): boolean {
  return key in language.dictionary;
}

export function digitsOf(currency: string | undefined): number {
  return language.digits[currency ?? language.currency] ?? 2;
}

export function money(minor: number, currency?: string): string {
  return format.formatMoney(minor, digitsOf(currency), language.locale);
}

/** With the code in front when it is not the currency of the books. */
export function moneyIn(minor: number, currency: string): string {
  return currency === language.currency ? money(minor, currency) : `${currency} ${money(minor, currency)}`;
}

export function moneySigned(minor: number, currency = language.currency): string {
  return currency ? format.formatMoneySigned(minor, digitsOf(currency), currency, language.locale) : money(minor, currency);
}

export const number = (wire: string | number, least = 0): string => format.formatNumber(wire, language.locale, least);
export const date = (iso: string): string => format.formatDate(iso, language.locale);
export const instant = (ms: number): string => format.formatInstant(ms, language.locale);
export const time = (ms: number): string => format.formatTime(ms, language.locale);
