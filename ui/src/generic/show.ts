// How a value of each field kind is written in lists, reports and documents.
import type { FieldKind, Row, Value } from '../gen/contract.ts';
import { date, instant, money, moneyIn, number, t } from '../kit/language.svelte.ts';
import { UNITS, unitName } from './units.svelte.ts';
import { choiceName, countryName } from './words.ts';

const NUMERIC: ReadonlySet<FieldKind> = new Set(['money', 'price', 'quantity', 'rate', 'integer']);
/** Pixels a column of this kind wants; text goes by its own number of characters. */
const WIDTH: Record<FieldKind, number> = {
  id: 120, text: 110, money: 120, price: 100, quantity: 90, rate: 80, date: 104, instant: 150, bool: 76, choice: 110, reference: 180, currency: 84, country: 140, integer: 80,
};
const CHARACTER = 7.6;

interface Shown {
  name: string;
  kind: FieldKind;
  /** Amounts in the base currency, whatever currency the row names. */
  base?: boolean;
}

export const isNumeric = (kind: FieldKind): boolean => NUMERIC.has(kind);

export function widthOf(kind: FieldKind, characters?: number | null): number {
  return kind === 'text' && characters ? Math.round(Math.max(64, characters * CHARACTER + 20)) : WIDTH[kind];
}

/** A column is never narrower than its own heading, with its arrow. */
export function columnWidth(label: string, wanted: number): number {
  return Math.max(wanted, Math.round(label.length * CHARACTER + 32));
}

/** How much room a field takes in a form. */
export function spanOf(field: { kind: FieldKind; width?: number | null }): 'narrow' | 'wide' | 'full' {
  if (field.kind === 'reference') return (field.width ?? 12) < 10 ? 'narrow' : 'wide';
  if (field.kind !== 'text') return 'narrow';
  return (field.width ?? 0) >= 40 ? 'full' : (field.width ?? 0) >= 30 ? 'wide' : 'narrow';
}

/** `record` finds the words of choices; the row brings labels of references and the currency of money. */
export function show(value: Value | undefined, field: Shown, row: Partial<Row> = {}, record = ''): string {
  if (value === null || value === undefined || value === '') return '';
  switch (field.kind) {
    case 'money': {
      const currency = field.base ? undefined : row['currency'];
      return typeof currency === 'string' && currency ? moneyIn(Number(value), currency) : money(Number(value));
    }
    case 'price':
      return number(String(value), 2);
    case 'quantity':
    case 'integer':
      return number(String(value));
    case 'rate':
      return t('rate', { value: number(String(value)) });
    case 'date':
      return date(String(value));
    case 'instant':
      return instant(Number(value));
    case 'bool':
      return value ? t('yes') : '';
    case 'choice':
      return choiceName(record, field.name, String(value));
    case 'country':
      return countryName(String(value));
    case 'reference':
      return String(row[`${field.name}_label`] ?? row[`${field.name}_name`] ?? value);
    default:
      return UNITS.has(field.name) ? unitName(String(value)) : String(value);
  }
}
