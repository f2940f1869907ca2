// The rows of one list screen: text, filters and order in, pages out, refreshed when the record changes anywhere.
import type { Condition, ListLength, ListPage, Row } from '../gen/contract.ts';
import type { TableSource } from '../kit/table.ts';
import { asProblem, host, type Problem } from './host.ts';
import { Pages } from './pages.ts';
import { isTouched } from './tags.ts';

export interface Wish {
  text: string;
  where: Condition[];
  sort: { field: string; descending: boolean };
}

const TYPING_MS = 60;
const QUIET_MS = 100;

export class ListRows implements TableSource<Row> {
  /** Raised whenever there is something new to draw. */
  version = $state(0);
  problem = $state.raw<Problem | null>(null);
  slow = $state(false);
  /** True once the first answer is here. */
  ready = $state(false);
  private readonly pages: Pages<Row>;
  private timer = 0;
  private slowTimer = 0;

  constructor(
    private readonly record: string,
    private wish: Wish,
  ) {
    this.pages = new Pages<Row>(
      ({ after, limit, backwards }) => {
        const { text, where, sort } = this.wish;
        const order = { field: sort.field, descending: sort.descending !== backwards };
        return host().query<ListPage>('records.list', { record: this.record, text, where, sort: order, after, limit });
      },
      () => host().query<ListLength>('records.count', { record: this.record, text: this.wish.text, where: this.wish.where }),
      () => this.arrived(),
      (problem) => {
        this.settle();
        this.problem = asProblem(problem);
      },
    );
    $effect(() => {
      this.reload();
      const stop = host().onChange((tags) => {
        if (isTouched(tags, this.record)) this.reload();
      });
      return () => {
        stop();
        clearTimeout(this.timer);
        clearTimeout(this.slowTimer);
      };
    });
  }

  get count(): number {
    return this.pages.count;
  }

  get exact(): boolean {
    return this.pages.exact;
  }

  /** Whether other words may find rows that this list leaves out. */
  get more(): boolean {
    return this.pages.more;
  }

  at(index: number): Row | undefined {
    return this.pages.at(index);
  }

  need(from: number, to: number): void {
    this.pages.need(from, to);
  }

  finish(): Promise<void> {
    return this.pages.finish();
  }

  /** Asks anew, a moment after the last key. */
  ask(wish: Wish): void {
    this.wish = wish;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.reload(), TYPING_MS);
  }

  reload(): void {
    this.problem = null;
    clearTimeout(this.slowTimer);
    this.slowTimer = window.setTimeout(() => (this.slow = true), QUIET_MS);
    this.pages.reset();
  }

  private arrived(): void {
    this.settle();
    this.ready = true;
    this.version += 1;
  }

  private settle(): void {
    clearTimeout(this.slowTimer);
    this.slow = false;
  }
}
