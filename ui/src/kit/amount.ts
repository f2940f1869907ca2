// Reads numbers as people write and paste them. Accepts what has one meaning, asks when there are two, never guesses.
import { compare, round, shorten, type Decimal } from './decimal.ts';
import { calculate, type Signs } from './expression.ts';
import { signsOf } from './format.ts';

export interface AmountRules {
  locale: string;
  /** Most decimals the field can hold: 2 for EUR, 6 for prices and quantities. */
  digits: number;
  /** Pasted text may come from anywhere, so a reading other than the locale's own is asked about. */
  pasted?: boolean;
  /** Signs that may stand beside the number and mean nothing more: `€`, `EUR`. */
  symbols?: readonly string[];
}

export type Amount =
  | { kind: 'empty' }
  | { kind: 'value'; value: Decimal; calculated: boolean }
  | { kind: 'ask'; choices: Decimal[] }
  | { kind: 'wrong'; code: 'syntax' | 'division' | 'digits' };

const POINT: Signs = { decimal: '.', group: ',' };
const COMMA: Signs = { decimal: ',', group: '.' };

export function readAmount(input: string, rules: AmountRules): Amount {
  const text = clean(input, rules.symbols ?? []);
  if (text === '') return { kind: 'empty' };
  const own = calculate(text, signsOf(rules.locale));
  const others = [POINT, COMMA].map((signs) => calculate(text, signs));
  const known = others.flatMap((o) => (o.ok ? [o] : []));

  if (own.ok) {
    const rivals = known.map((o) => o.value).filter((v) => compare(v, own.value) !== 0);
    if (rules.pasted && rivals.length > 0) return ask([own.value, ...rivals], rules);
    if (fits(own.value, rules.digits)) return { kind: 'value', value: shorten(own.value), calculated: own.calculated };
    // A calculation may be rounded; digits that were typed are never dropped in silence.
    if (own.calculated) return { kind: 'value', value: shorten(round(own.value, rules.digits)), calculated: true };
    const fitting = rivals.filter((v) => fits(v, rules.digits));
    return fitting.length > 0 ? ask([...fitting, round(own.value, rules.digits)], rules) : { kind: 'wrong', code: 'digits' };
  }

  const [first, second] = known;
  if (!first) return { kind: 'wrong', code: own.code };
  if (second && compare(first.value, second.value) !== 0) return ask([first.value, second.value], rules);
  if (first.grouped || rules.pasted) return ask([first.value], rules);
  if (fits(first.value, rules.digits)) return { kind: 'value', value: shorten(first.value), calculated: first.calculated };
  return first.calculated ? { kind: 'value', value: shorten(round(first.value, rules.digits)), calculated: true } : { kind: 'wrong', code: 'digits' };
}

function fits(value: Decimal, digits: number): boolean {
  return shorten(value).scale <= digits;
}

function ask(values: Decimal[], rules: AmountRules): Amount {
  const choices: Decimal[] = [];
  for (const value of values.map(shorten)) {
    if (fits(value, rules.digits) && !choices.some((c) => compare(c, value) === 0)) choices.push(value);
  }
  return choices.length > 0 ? { kind: 'ask', choices } : { kind: 'wrong', code: 'digits' };
}

/** Digits of every script become 0-9; the field's own currency signs fall away. Another currency's sign stays, and fails. */
function clean(input: string, symbols: readonly string[]): string {
  let text = input.normalize('NFKC').replace(/[٠-٩۰-۹]/g, (d) => String((d.codePointAt(0) ?? 0) & 15));
  text = text.replace(/٫/g, '.').replace(/٬/g, "'").replace(/[\u200e\u200f\u061c]/g, '').trim();
  for (const symbol of [...symbols].sort((a, b) => b.length - a.length)) {
    if (!symbol) continue;
    if (text.toLowerCase().startsWith(symbol.toLowerCase())) text = text.slice(symbol.length).trim();
    else if (text.startsWith('-' + symbol)) text = '-' + text.slice(symbol.length + 1).trim();
    else if (text.toLowerCase().endsWith(symbol.toLowerCase())) text = text.slice(0, -symbol.length).trim();
  }
  return text;
}
