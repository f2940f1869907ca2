// Where this person goes often, so that an empty palette offers it first.
import { recall, remember } from '../platform/keep.ts';

interface Visit {
  path: string;
  label: string;
  count: number;
  at: number;
}

const KEPT = 40;
export const visits: { list: Visit[] } = $state({ list: recall<Visit[]>('visits') ?? [] });

/** Counts a visit; the screen may name itself later with `nameVisit`. */
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
