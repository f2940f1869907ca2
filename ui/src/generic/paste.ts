// Reads one cell of a block pasted from a spreadsheet. What has no single meaning is refused and marked, not guessed.
import type { FieldKind, Hit, Value } from '../gen/contract.ts';
import { readAmount } from '../kit/amount.ts';
import { decimalText } from '../kit/decimal.ts';
import { host } from './host.ts';
import type { Line } from './document.ts';

export async function readCell(column: { name: string; kind: FieldKind; references?: string }, text: string, locale: string): Promise<Partial<Line> | null> {
  if (column.kind === 'reference') return readReference(column.name, column.references ?? '', text);
  if (column.kind === 'text') return { [column.name]: text };
  const amount = readAmount(text, { locale, digits: 6, pasted: true, symbols: column.kind === 'rate' ? ['%'] : [] });
  return amount.kind === 'value' ? { [column.name]: decimalText(amount.value) } : null;
}

/** What was looked up lately: a pasted column names the same few records again and again. */
const lately = new Map<string, Promise<Hit[]>>();
const LATELY_MS = 10_000;

function find(record: string, text: string): Promise<Hit[]> {
  const key = `${record} ${text}`;
  let hits = lately.get(key);
  if (!hits) {
    hits = host().lookup(record, text, 5);
    lately.set(key, hits);
    setTimeout(() => lately.delete(key), LATELY_MS);
  }
  return hits;
}

/** A code or a name that fits exactly one record. */
async function readReference(name: string, record: string, text: string): Promise<Record<string, Value> | null> {
  const hits = await find(record, text);
  const want = text.toLowerCase();
  const exact = hits.filter((h) => h.code.toLowerCase() === want || h.label.toLowerCase() === want);
  const [hit, other] = exact.length > 0 ? exact : hits;
  return hit && !other ? { [name]: hit.id, [`${name}_label`]: hit.code || hit.label, [`${name}_name`]: hit.label } : null;
}
