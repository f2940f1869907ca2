// What the data table shows and where its rows come from. Rows arrive in pages; the table only asks for what is in view.

export interface TableColumn {
  name: string;
  label: string;
  /** Wanted width in pixels; the text columns share what is left. */
  width: number;
  grows?: boolean;
  right?: boolean;
  sortable?: boolean;
  /** Why it is not sortable now. */
  note?: string | undefined;
  /** The one figure that stays where there is room for one only. */
  main?: boolean;
}

export interface TableSource<Row> {
  /** Rows known to exist. */
  readonly count: number;
  /** True once `count` is the final word. */
  readonly exact: boolean;
  at(index: number): Row | undefined;
  /** Rows from..to (exclusive) are in view. */
  need(from: number, to: number): void;
  /** Reads to the end, where the length is not known yet. */
  finish?(): Promise<void>;
}

/** Which rows are selected, and how that is changed. Places are counted from the first row of the list. */
export interface TableSelection<Row> {
  readonly count: number;
  /** Every row of the list, whether it was read or not. */
  readonly all: boolean;
  has(row: Row): boolean;
  toggle(row: Row): void;
  /** Selects the rows between two places, both with them. */
  range(from: number, to: number): void;
  everything(): void;
  clear(): void;
}

/** A window of rows over a long list: the same few nodes, moved along. */
export interface Window {
  first: number;
  size: number;
}

/** Never more row nodes than this, however tall the window or small the rows. */
export const MOST_ROWS = 110;
const OVERSCAN = 8;

export function windowOf(top: number, height: number, row: number, count: number): Window {
  const seen = Math.ceil(height / row) + 1;
  const size = Math.min(MOST_ROWS, count, seen + 2 * OVERSCAN);
  const first = Math.max(0, Math.min(count - size, Math.floor(top / row) - OVERSCAN));
  return { first, size };
}

/** Browsers draw nothing higher than this; Firefox ends at 17.9 million pixels. */
export const HIGHEST = 16_000_000;

/** How many pixels of the list one pixel of scrolling stands for, so that a list of any length fits. */
export function scaleOf(rows: number, seen: number): number {
  return rows <= HIGHEST || seen >= HIGHEST ? 1 : (rows - seen) / (HIGHEST - seen);
}

/** Which row slot k shows: slots keep their row while it stays in the window, so that only new rows are drawn. */
export function rowOfSlot(slot: number, { first, size }: Window): number {
  return first + ((((slot - first) % size) + size) % size);
}
