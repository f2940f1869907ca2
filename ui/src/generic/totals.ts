// The foot of a list: what its columns of money come to, a line for each currency. Currencies are never added.
import type { Field, ListSum } from '../gen/contract.ts';
import { language, moneyIn } from '../kit/language.svelte.ts';

/** The lines of the foot, the base currency first; none where there is nothing to add. */
export function totalLines(sums: ListSum[], fields: Field[]): Record<string, string>[] {
  const currencyOf = (sum: ListSum): string => sum.currency ?? language.currency;
  const currencies = [...new Set(sums.map(currencyOf))].sort((a, b) => Number(b === language.currency) - Number(a === language.currency) || a.localeCompare(b));
  const shown = new Set(fields.map((f) => f.name));
  const line = (currency: string): Record<string, string> =>
    Object.fromEntries(sums.filter((sum) => shown.has(sum.field) && currencyOf(sum) === currency).map((sum) => [sum.field, moneyIn(sum.total, currency)]));
  return currencies.map(line).filter((cells) => Object.keys(cells).length > 0);
}
