// Which rows of a list are selected: some by their ids, or all that match but some.
import { SvelteMap } from 'svelte/reactivity';
import type { Row } from '../gen/contract.ts';
import type { TableSelection } from '../kit/table.ts';
import type { ListRows } from './list.svelte.ts';

/** A range longer than this is not read row by row. */
const RANGE_MAX = 5000;

export class Selection implements TableSelection<Row> {
  /** The selected rows; with `matching`, the ones left out. */
  private readonly ids = new SvelteMap<string, Row>();
  matching = $state(false);

  constructor(private readonly list: ListRows) {}

  get count(): number {
    void this.list.version;
    return this.matching ? Math.max(0, this.list.count - this.ids.size) : this.ids.size;
  }

  get all(): boolean {
    return this.matching && this.ids.size === 0;
  }

  has(row: Row): boolean {
    return this.ids.has(row.id) !== this.matching;
  }

  toggle(row: Row): void {
    if (!this.ids.delete(row.id)) this.ids.set(row.id, row);
  }

  range(from: number, to: number): void {
    const [first, last] = [Math.min(from, to), Math.max(from, to)];
    if (last - first < RANGE_MAX) void this.take(first, last);
  }

  private async take(first: number, last: number): Promise<void> {
    for (const row of await this.list.read(first, last + 1)) {
      if (this.matching) this.ids.delete(row.id);
      else this.ids.set(row.id, row);
    }
  }

  /** The selected rows that were picked one by one. */
  get rows(): Row[] {
    return [...this.ids.values()];
  }

  /** Every selected row, read where it was not. */
  async readAll(): Promise<Row[]> {
    if (!this.matching) return this.rows;
    return (await this.list.read(0, Infinity)).filter((row) => !this.ids.has(row.id));
  }

  everything(): void {
    this.ids.clear();
    this.matching = true;
  }

  clear(): void {
    this.ids.clear();
    this.matching = false;
  }

  /** As the core is told: the rows by id, or the list they match and the ones left out. */
  get named(): { ids: string[] } | { matching: true; except: string[] } {
    const ids = [...this.ids.keys()];
    return this.matching ? { matching: true, except: ids } : { ids };
  }
}
