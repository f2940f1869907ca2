// Allowances and charges, of a document or of one line: rows on screen to the core's two lists and back, and errors to their cells.
import type { Value } from '../gen/contract.ts';

export interface Adjusting {
  key: string;
  kind: 'allowance' | 'charge';
  reason: string | null;
  /** Percent as decimal text; then there is no amount. */
  percent: string | null;
  /** Minor units; then there is no percentage. */
  amount: number | null;
  /** Code of its tax; by the lines when null. */
  tax: string | null;
}

/** As the core keeps it: one row per tax it was spread over. */
export interface StoredAdjustment {
  line: number;
  n: number;
  charge: boolean;
  amount: number;
  percent: string | null;
  reason: string;
  tax_category: string;
  tax_rate: string;
}

export type Lists = { allowances?: Record<string, Value>[]; charges?: Record<string, Value>[] };

let counter = 0;

export function newAdjustment(values: Partial<Adjusting> = {}): Adjusting {
  counter += 1;
  return { kind: 'allowance', reason: null, percent: null, amount: null, tax: null, ...values, key: `adjustment${counter}` };
}

/** The kind alone says nothing yet. */
export function isBlankAdjustment({ reason, percent, amount, tax }: Adjusting): boolean {
  return [reason, percent, amount, tax].every((value) => (value ?? '') === '');
}

/** An amount takes the place of a percentage, and the other way round. */
export function entered(name: string, value: Value): Partial<Adjusting> {
  const other = { percent: 'amount', amount: 'percent' }[name];
  return { [name]: value, ...(other && value !== null ? { [other]: null } : {}) };
}

const of = (rows: Adjusting[], kind: Adjusting['kind']): Adjusting[] => rows.filter((row) => row.kind === kind && !isBlankAdjustment(row));

/** Only what was entered; empty lists stay at home. */
export function toLists(rows: Adjusting[]): Lists {
  const list = (kind: Adjusting['kind']): Record<string, Value>[] =>
    of(rows, kind).map(({ reason, percent, amount, tax }) => Object.fromEntries(Object.entries({ reason, percent, amount, tax }).filter(([, value]) => (value ?? '') !== '')));
  const [allowances, charges] = [list('allowance'), list('charge')];
  return { ...(allowances.length > 0 ? { allowances } : {}), ...(charges.length > 0 ? { charges } : {}) };
}

/** The lists of a draft as rows on screen. */
export function fromLists(lists: Lists): Adjusting[] {
  const rows = (kind: Adjusting['kind'], list: Record<string, Value>[] = []): Adjusting[] => list.map((row) => newAdjustment({ ...row, kind }));
  return [...rows('allowance', lists.allowances), ...rows('charge', lists.charges)];
}

/** `allowances[1].amount` → the cell of the second allowance that was sent. */
export function adjustmentCell(field: string | null, rows: Adjusting[]): { key: string; column: string } | null {
  const match = /^(?:draft\.)?(allowance|charge)s\[(\d+)\](?:\.(\w+))?$/.exec(field ?? '');
  const row = match ? of(rows, match[1] as Adjusting['kind'])[Number(match[2])] : undefined;
  return row ? { key: row.key, column: match?.[3] ?? 'amount' } : null;
}

/** Rows of a line. */
export function ofLine(stored: StoredAdjustment[]): Adjusting[] {
  return stored.map(({ charge, amount, percent, reason }) => newAdjustment({ kind: charge ? 'charge' : 'allowance', reason: reason || null, percent, amount: percent === null ? amount : null }));
}

/**
 * Rows of a document. One without a tax of its own was spread over the taxes of the lines: its parts follow each other, and together
 * they are one row again. `codeOf` names the tax of a part; `taxes` is how many taxes the lines have.
 */
export function ofDocument(stored: StoredAdjustment[], codeOf: (category: string, rate: string) => string | null, taxes: number): Adjusting[] {
  const groups: StoredAdjustment[][] = [];
  for (const part of stored) {
    const group = groups.at(-1);
    const follows = group?.every((p) => p.charge === part.charge && p.percent === part.percent && p.reason === part.reason && (p.tax_category !== part.tax_category || p.tax_rate !== part.tax_rate));
    if (group && follows) group.push(part);
    else groups.push([part]);
  }
  return groups.flatMap((parts) => {
    const [first] = parts;
    if (!first) return [];
    const amount = parts.reduce((sum, part) => sum + part.amount, 0);
    const own = parts.length < taxes ? codeOf(first.tax_category, first.tax_rate) : null;
    return [newAdjustment({ kind: first.charge ? 'charge' : 'allowance', reason: first.reason || null, percent: first.percent, amount: first.percent === null ? amount : null, tax: own })];
  });
}
