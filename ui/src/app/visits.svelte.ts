// Where this person goes often and what they do from the palette, so that an empty palette offers it first.
import { recall, remember } from '../platform/keep.ts';

export interface Visit {
  /** An address, or the id of an action that leads nowhere. */
  path: string;
  label: string;
  count: number;
  at: number;
}

const KEPT = 40;
export const visits: { list: Visit[] } = $state({ list: recall<Visit[]>('visits') ?? [] });

/** Counts a visit to the screen `label` at an address, or the use of an action. */
export function visited(path: string, label: string): void {
  const known = visits.list.find((v) => v.path === path);
  const visit = { path, label: known?.label ?? label, count: (known?.count ?? 0) + 1, at: Date.now() };
  const rest = visits.list.filter((v) => v.path !== path);
  visits.list = [visit, ...rest].slice(0, KEPT);
  remember('visits', visits.list);
}

/** Recent and frequent together: each visit counts, old ones fade by half a week. */
export function rank(visit: Visit, now: number): number {
  return (1 + Math.log2(visit.count)) * 2 ** ((visit.at - now) / 302_400_000);
}

/** What lies between two hits that fit equally well: less than one, more for what is used more. */
export function habit(path: string | undefined, now: number): number {
  const visit = visits.list.find((v) => v.path === path);
  return visit ? 0.4 * (1 - 1 / (1 + rank(visit, now))) : 0;
}
