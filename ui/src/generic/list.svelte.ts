// The rows of one list screen: text, filters and order in, pages out, refreshed when the record changes anywhere.
import type { Condition, ListLength, ListPage, ListSum, Row } from '../gen/contract.ts';
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
/** Changes that follow one another closely are looked at together. */
const GATHER_MS = 250;
/** The most rows that are read for one question. */
const READ = 500;

export class ListRows implements TableSource<Row> {
  /** Raised whenever there is something new to draw. */
  version = $state(0);
  problem = $state.raw<Problem | null>(null);
  slow = $state(false);
  /** True once the first answer is here. */
  ready = $state(false);
  /** What the columns in `summed` come to, for each currency; null until that is known. */
  sums = $state.raw<ListSum[] | null>(null);
  private readonly pages: Pages<Row>;
  private timer = 0;
  private slowTimer = 0;
  private gathering = 0;
  private again = false;
  private summing = false;
  /** Sums are to be asked for, anew if they are on their way. */
  private due = false;
  /** Raised with every other question. */
  private turn = 0;
  private summed: string[] = [];

  constructor(
    private readonly record: string,
    private wish: Wish,
  ) {
    this.pages = new Pages<Row>(
      ({ after, skip, limit, backwards }) => {
        const { text, where, sort } = this.wish;
        const order = { field: sort.field, descending: sort.descending !== backwards };
        return host().query<ListPage>('records.list', { record: this.record, text, where, sort: order, after, skip, limit });
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
        if (isTouched(tags, this.record)) this.gather();
      });
      return () => {
        stop();
        clearTimeout(this.timer);
        clearTimeout(this.slowTimer);
        clearTimeout(this.gathering);
        this.due = false;
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

  /** Other columns are to be summed. */
  sum(fields: string[]): void {
    this.summed = fields;
    void this.askSums();
  }

  /** The rows of these places, wherever they are; those that vanish meanwhile are left out. */
  async read(from: number, to: number): Promise<Row[]> {
    const { text, where, sort } = $state.snapshot(this.wish);
    const rows: Row[] = [];
    let after: string | null = null;
    for (let place = from; place < to; ) {
      const skip: number = after === null ? from : 0;
      const page: ListPage = await host().query<ListPage>('records.list', { record: this.record, text, where, sort, after, skip, limit: Math.min(READ, to - place) });
      rows.push(...page.rows);
      place += page.rows.length;
      if (page.next === null) break;
      after = page.next;
    }
    return rows;
  }

  private gather(): void {
    if (this.gathering) {
      this.again = true;
      return;
    }
    this.again = false;
    this.reload(true);
    this.gathering = window.setTimeout(() => {
      this.gathering = 0;
      if (this.again) this.gather();
    }, GATHER_MS);
  }

  reload(same = false): void {
    this.problem = null;
    clearTimeout(this.slowTimer);
    this.slowTimer = window.setTimeout(() => (this.slow = true), QUIET_MS);
    this.pages.reset(same);
    void this.askSums(same);
  }

  /** One question at a time: a long list takes its while, and rows may change all the time. */
  private async askSums(same = true): Promise<void> {
    if (!same) this.turn += 1;
    if (!same || this.summed.length === 0) this.sums = null;
    this.due = this.summed.length > 0;
    if (this.summing) return;
    this.summing = true;
    while (this.due) {
      this.due = false;
      const turn = this.turn;
      const { text, where } = $state.snapshot(this.wish);
      const asked = host().query<{ sums: ListSum[] }>('records.sums', { record: this.record, text, where, fields: this.summed });
      // Rows without a total are still rows; the next change asks again.
      const answer = await asked.catch(() => null);
      // What other words come to is not shown.
      if (answer && turn === this.turn) this.sums = answer.sums;
    }
    this.summing = false;
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
