// What a list looks like: what it looks for, its order, columns and density. It stands in the address, so that a link or a
// reload shows the same, and is kept under a name as a saved view.
import type { Condition, Field, RecordType, Row } from '../gen/contract.ts';

export type Density = 'compact' | 'comfortable';

export interface Shown {
  name: string;
  /** In pixels; what it needs when absent. */
  width?: number;
}

export interface Look {
  text: string;
  where: Condition[];
  sort: { field: string; descending: boolean };
  /** In their order; none: the record's own. */
  columns: Shown[];
  density: Density | null;
  /** The saved view that it began with. */
  view: string | null;
}

/** A list under a name, as the books keep it. */
export interface SavedView {
  id: string;
  name: string;
  shared: boolean;
  owner: string;
  look: Partial<Omit<Look, 'view'>>;
}

export const NARROWEST = 48;
const WIDEST = 900;

/** The record's own order, as far as the list shows what it goes by. */
export function usualSort(type: RecordType | undefined, shown: Field[]): Look['sort'] {
  const own = type?.order.columns[0];
  return own && shown.some((f) => f.name === own) ? { field: own, descending: type.order.descending } : { field: shown[0]?.name ?? 'id', descending: false };
}

/** The look that an address asks for; what it does not say is as in `usual`. */
export function readLook(query: Record<string, string>, usual: Look): Look {
  const [field, order] = (query['sort'] ?? '').split(':');
  const density = query['density'];
  return {
    text: query['text'] ?? '',
    where: readWhere(query['where']),
    sort: field ? { field, descending: order === 'down' } : usual.sort,
    columns: query['columns'] === undefined ? usual.columns : readColumns(query['columns']),
    density: density === 'compact' || density === 'comfortable' ? density : usual.density,
    view: query['view'] ?? null,
  };
}

function readWhere(text: string | undefined): Condition[] {
  try {
    const where = JSON.parse(text ?? '[]') as unknown;
    return Array.isArray(where) ? (where as Condition[]) : [];
  } catch {
    // A broken link shows the whole list.
    return [];
  }
}

/** `name:240,city` */
function readColumns(text: string): Shown[] {
  return text.split(',').filter(Boolean).map((part) => {
    const [name = '', width] = part.split(':');
    return width ? { name, width: bounded(Number(width)) } : { name };
  });
}

export const bounded = (width: number): number => Math.round(Math.max(NARROWEST, Math.min(WIDEST, width || NARROWEST)));

/** The part of the address that asks for `look`; empty for the usual one. */
export function writeLook(look: Look, usual: Look): string {
  const parts = new URLSearchParams();
  if (look.view) parts.set('view', look.view);
  if (look.text) parts.set('text', look.text);
  if (look.where.length > 0) parts.set('where', JSON.stringify(look.where));
  if (look.sort.field !== usual.sort.field || look.sort.descending !== usual.sort.descending) parts.set('sort', `${look.sort.field}:${look.sort.descending ? 'down' : 'up'}`);
  const columns = (shown: Shown[]): string => shown.map((c) => (c.width ? `${c.name}:${c.width}` : c.name)).join(',');
  if (columns(look.columns) !== columns(usual.columns)) parts.set('columns', columns(look.columns));
  if (look.density !== usual.density && look.density) parts.set('density', look.density);
  return parts.toString();
}

/** A row of saved views as a view; null where its look cannot be read. */
export function viewOf(row: Row): SavedView | null {
  try {
    const look = JSON.parse(String(row['look'])) as SavedView['look'];
    return { id: row.id, name: String(row['name']), shared: row['shared'] === true, owner: String(row['owner']), look };
  } catch {
    return null;
  }
}

/** The look that a saved view stands for. */
export function lookOf(view: SavedView, usual: Look): Look {
  const { text, where, sort, columns, density } = view.look;
  const shown = columns?.map(({ name, width }) => (width ? { name, width: bounded(width) } : { name }));
  return { text: text ?? '', where: where ?? [], sort: sort ?? usual.sort, columns: shown?.length ? shown : usual.columns, density: density ?? usual.density, view: view.id };
}

/** Whether both show the same. */
export function isSame(one: Look, other: Look): boolean {
  const bare = ({ text, where, sort, columns, density }: Look): string => JSON.stringify([text, where, sort, columns, density]);
  return bare(one) === bare(other);
}

/** The look as the books keep it. */
export const keptLook = ({ text, where, sort, columns, density }: Look): SavedView['look'] => ({ text, where, sort, columns, density });
