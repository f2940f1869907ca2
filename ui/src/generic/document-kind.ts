// What makes one kind of document different from another, as data, and what the core answers about its drafts.
import type { Field, Value } from '../gen/contract.ts';
import type { LineColumn } from '../kit/LineGrid.svelte';
import type { Problem } from './host.ts';

export interface Preview {
  /** Null while the draft cannot be reckoned. */
  totals: Record<string, number> | null;
  tax_rows: { category: string; rate: string; base: number; tax: number; name: string }[];
  lines: { net: number; tax_code: string; tax_category: string | null; tax_rate: string | null; unit_price: string | null; price_source: string; on_hand: string | null }[];
  currency?: string;
  entry: { account: string; name: string; debit: number; credit: number }[];
  moves: { item: string; name: string; quantity: string; from: string; to: string }[];
  problems: Problem[];
}

/** What makes one kind of document different from another: data, no code of its own. */
export interface DocumentKind {
  record: string;
  preview: string;
  save: string;
  post: string;
  discard: string;
  /** Makes the PDF of a draft that need not be stored. */
  paper: string;
  /** Fields of the head; those with a group wait folded under the lines. */
  head: Field[];
  /** `by` code: the cell keeps the code of what was chosen, not its id. */
  columns: (LineColumn & { kind: Field['kind']; references?: string; by?: 'code' })[];
  /** Fields of a line that are sent. */
  fields: string[];
  /** Fields of a line that have no column: they are in its details. */
  details: Field[];
  /** Whether a field of the head has no meaning in this currency. */
  hidden: (name: string, currency: string) => boolean;
  /** Words under a field of the head. */
  hint: (name: string, currency: string) => string | undefined;
  /** What a record made in place begins with, per reference field. */
  starts: Record<string, Record<string, Value>>;
}
