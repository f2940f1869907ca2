// Writes numbers, money, dates and instants in the chosen locale. The locale always comes in; the computer's own is never asked.
import { decimalText, fromMinor, parseDecimal, type Decimal } from './decimal.ts';
import type { Signs } from './expression.ts';

const numbers = new Map<string, Intl.NumberFormat>();
const dates = new Map<string, Intl.DateTimeFormat>();

/** Books are kept in 0-9 whatever the script of the words around them. */
const latin = (locale: string): string => (locale.includes('-u-') ? locale : `${locale}-u-nu-latn`);

function numberFormat(locale: string, least: number, most: number, grouped: boolean): Intl.NumberFormat {
  const key = `${locale}|${least}|${most}|${grouped}`;
  let format = numbers.get(key);
  if (!format) {
    format = new Intl.NumberFormat(latin(locale), { minimumFractionDigits: least, maximumFractionDigits: most, useGrouping: grouped });
    numbers.set(key, format);
  }
  return format;
}

function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let format = dates.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(`${locale}-u-nu-latn-ca-gregory`, options);
    dates.set(key, format);
  }
  return format;
}

export function signsOf(locale: string): Signs {
  const parts = numberFormat(locale, 1, 1, true).formatToParts(-1234567.8);
  const find = (type: string): string => parts.find((p) => p.type === type)?.value ?? '';
  return { decimal: find('decimal') || '.', group: find('group') };
}

/** Intl takes decimal strings and keeps every digit; its typing wants to hear so. */
const exact = (d: Decimal): Intl.StringNumericLiteral => decimalText(d) as Intl.StringNumericLiteral;

export function formatDecimal(d: Decimal, locale: string, least = 0, most = 18): string {
  return numberFormat(locale, least, Math.max(least, most), true).format(exact(d));
}

/** A decimal from the wire (`"2.55"`), shown with all its digits and at least `least`. */
export function formatNumber(wire: string | number, locale: string, least = 0): string {
  const d = parseDecimal(String(wire));
  return d ? formatDecimal(d, locale, least) : String(wire);
}

export function formatMoney(minor: number, digits: number, locale: string): string {
  return numberFormat(locale, digits, digits, true).format(exact(fromMinor(minor, digits)));
}

/** With the currency's own sign where the locale puts it: `£1,234.56`, `1.234,56 €`. For headline figures. */
export function formatMoneySigned(minor: number, digits: number, currency: string, locale: string): string {
  const options = { style: 'currency', currency, currencyDisplay: 'narrowSymbol', minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(latin(locale), options).format(exact(fromMinor(minor, digits)));
}

/** What an editor shows while the cursor is in it: the locale's decimal sign, no grouping. */
export function editText(d: Decimal, locale: string, least = 0): string {
  return numberFormat(locale, least, Math.max(least, 18), false).format(exact(d)).replace('−', '-');
}

/** Business dates have no time zone: noon UTC formatted as UTC is the same day everywhere. */
export function formatDate(iso: string, locale: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(iso)) return iso;
  const options: Intl.DateTimeFormatOptions = { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: 'UTC' };
  return dateFormat(locale, options).format(new Date(`${iso}T12:00:00Z`));
}

export function formatLongDate(iso: string, locale: string): string {
  const options: Intl.DateTimeFormatOptions = { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric', timeZone: 'UTC' };
  return dateFormat(locale, options).format(new Date(`${iso}T12:00:00Z`));
}

export function formatInstant(ms: number, locale: string): string {
  return dateFormat(locale, { dateStyle: 'short', timeStyle: 'short' }).format(new Date(ms));
}

export function formatTime(ms: number, locale: string): string {
  return dateFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(new Date(ms));
}

/** `£` for GBP; the code itself when the locale knows no sign. */
export function currencySign(code: string, locale: string): string {
  try {
    const parts = new Intl.NumberFormat(latin(locale), { style: 'currency', currency: code, currencyDisplay: 'narrowSymbol' }).formatToParts(0);
    return parts.find((p) => p.type === 'currency')?.value ?? code;
  } catch {
    return code;
  }
}
