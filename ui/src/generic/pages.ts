// Rows of a long list, fetched in stretches of one size. Where each begins and ends is known by its key; a jump starts
// from the nearest known place, from either side, and passes over the rows between. Rows seen lately stay.

export interface Page<Row> {
  rows: Row[];
  next: string | null;
  /** Where the rows before the page begin, read the other way round. */
  first: string | null;
  /** How long the list is, where the page shows it. */
  total: number | null;
}

export interface Length {
  total: number;
  /** Whether other words may find rows that this list leaves out. */
  more: boolean;
}

export interface PageRequest {
  after: string | null;
  /** Rows to pass over after that. */
  skip: number;
  limit: number;
  /** Read the list backwards, from its last row. */
  backwards: boolean;
}

export const STRETCH = 100;
/** Stretches that stay in memory. */
const KEPT = 200;
/** Rows read beyond what is in view. */
const AHEAD = 40;

export class Pages<Row> {
  private stretches = new Map<number, Row[]>();
  /** Rows from before a refresh, shown until theirs are here. */
  private stale = new Map<number, Row[]>();
  /** Places from which one reads on, and back: how many rows stand before each. */
  private onward = new Map<number, string | null>();
  private back = new Map<number, string | null>();
  /** Rows known to exist, while the length is not. */
  private known = 0;
  private total: number | null = null;
  private capped = false;
  private wanted: [number, number] = [0, 0];
  private running = false;
  /** Raised by reset: answers to older questions are dropped. */
  private age = 0;
  private fresh = false;
  /** Settle when the reading under way is done, and when the length is known or cannot be told. */
  private pause: Promise<void> = Promise.resolve();
  private measuring: Promise<void> = Promise.resolve();

  constructor(
    private readonly load: (request: PageRequest) => Promise<Page<Row>>,
    private readonly measure: () => Promise<Length>,
    private readonly changed: () => void,
    private readonly failed: (problem: unknown) => void,
  ) {}

  get exact(): boolean {
    return this.total !== null;
  }

  /** Whether the list leaves out rows that were found. */
  get more(): boolean {
    return this.capped;
  }

  /** Without a total the list is as long as seen so far, and one row more. */
  get count(): number {
    return this.total ?? this.known + (this.fresh ? 1 : 0);
  }

  at(index: number): Row | undefined {
    const [n, place] = [Math.floor(index / STRETCH), index % STRETCH];
    return this.stretches.get(n)?.[place] ?? this.stale.get(n)?.[place];
  }

  need(from: number, to: number): void {
    this.wanted = [from, to];
    if (!this.running) this.pause = this.run();
  }

  /** Reads on to the end of a list whose length nobody can tell. */
  async finish(): Promise<void> {
    const age = this.age;
    await this.measuring;
    while (!this.exact && age === this.age) {
      this.need(this.known, this.known + 1);
      await this.pause;
    }
  }

  /** Starts over; old rows stay visible until the first new page is here, of the same question until theirs are. */
  reset(same = false): void {
    this.age += 1;
    void this.restart(this.age, same);
  }

  private async restart(age: number, same: boolean): Promise<void> {
    this.running = true;
    try {
      const page = await this.load({ after: null, skip: 0, limit: STRETCH, backwards: false });
      if (age !== this.age) return;
      this.stale = same ? new Map([...this.stale, ...this.stretches].slice(-KEPT)) : new Map();
      const length = same ? this.total : null;
      this.stretches = new Map([[0, page.rows]]);
      this.onward = new Map([[0, null], ...(page.next === null ? [] : [[page.rows.length, page.next] as const])]);
      this.back = new Map();
      this.known = page.rows.length;
      this.total = page.next === null ? page.rows.length : page.total;
      this.capped = false;
      this.fresh = true;
      this.running = false;
      if (page.total === null) this.measuring = this.askLength(age, this.exact);
      // The same list is about as long as it was: nothing jumps while it is counted again.
      if (!this.exact && length !== null) this.learn(length);
      this.changed();
      void this.run();
    } catch (problem) {
      if (age !== this.age) return;
      this.running = false;
      this.failed(problem);
    }
  }

  private async askLength(age: number, complete: boolean): Promise<void> {
    try {
      const { total, more } = await this.measure();
      if (age !== this.age) return;
      this.capped = more;
      if (!complete) this.learn(total);
      this.changed();
      void this.run();
    } catch {
      // A list whose length cannot be told still shows its rows, as far as they were read.
    }
  }

  private learn(total: number): void {
    this.back.delete(this.total ?? -1);
    this.total = Math.max(total, this.known);
    this.back.set(this.total, null);
  }

  private async run(): Promise<void> {
    if (this.running || !this.fresh) return;
    const age = this.age;
    this.running = true;
    try {
      for (let n = this.missing(); n !== null; n = this.missing()) {
        const request = this.wayTo(n, this.isMissing(n + 1) ? 2 : 1);
        const page = await this.load(request);
        if (age !== this.age) return;
        this.keep(n, page, request.backwards);
        this.changed();
        if (page.rows.length === 0) break;
      }
    } catch (problem) {
      if (age === this.age) this.failed(problem);
    } finally {
      if (age === this.age) this.running = false;
    }
  }

  /** The cheapest request for so many stretches from `n` on: from the nearest place before them or behind them. */
  private wayTo(n: number, stretches: number): PageRequest {
    const from = n * STRETCH;
    const to = Math.min(from + stretches * STRETCH, this.total ?? Infinity);
    const before = nearest(this.onward, (place) => from - place);
    const behind = nearest(this.back, (place) => place - to);
    const limit = Math.min(stretches * STRETCH, to - from);
    return behind && (!before || behind.gap < before.gap) ? { after: behind.cursor, skip: behind.gap, limit, backwards: true } : { after: before?.cursor ?? null, skip: before?.gap ?? from, limit, backwards: false };
  }

  private keep(n: number, page: Page<Row>, backwards: boolean): void {
    const from = n * STRETCH;
    const rows = backwards ? page.rows.toReversed() : page.rows;
    const [begin, end] = backwards ? [page.next, page.first] : [page.first, page.next];
    for (let k = 0; k * STRETCH < Math.max(1, rows.length); k += 1) this.stretches.set(n + k, rows.slice(k * STRETCH, (k + 1) * STRETCH));
    if (begin !== null && from > 0) this.back.set(from, begin);
    if (end !== null) this.onward.set(from + rows.length, end);
    this.known = Math.max(this.known, from + rows.length);
    // A list that ends here, wherever it was thought to end.
    if (!backwards && page.next === null) this.learn(from + rows.length);
    for (const old of this.stretches.keys()) {
      if (this.stretches.size <= KEPT) break;
      if (!this.isWanted(old)) this.stretches.delete(old);
    }
  }

  /** Whether stretch `n` is about to be looked at and not here. */
  private isMissing(n: number): boolean {
    return this.total !== null && n * STRETCH < Math.min(this.total, this.wanted[1] + AHEAD) && !this.stretches.has(n);
  }

  private isWanted(n: number): boolean {
    return n * STRETCH < this.wanted[1] && (n + 1) * STRETCH > this.wanted[0];
  }

  /** The first stretch in view, or just beyond, that is not here; null when all are. */
  private missing(): number | null {
    const [from, to] = this.wanted;
    const last = Math.min(to, this.count) - 1;
    const stretches = (a: number, b: number): number | undefined => {
      for (let n = Math.floor(Math.max(0, a) / STRETCH); n * STRETCH <= b; n += 1) if (!this.stretches.has(n)) return n;
      return undefined;
    };
    if (last < from) return null;
    const n = stretches(from, last) ?? (this.total === null ? undefined : stretches(from - AHEAD, Math.min(last + AHEAD, this.total - 1)));
    return n ?? null;
  }
}

/** The place with the smallest gap that is not negative. */
function nearest(places: Map<number, string | null>, gap: (place: number) => number): { cursor: string | null; gap: number } | null {
  let best: { cursor: string | null; gap: number } | null = null;
  for (const [place, cursor] of places) {
    const far = gap(place);
    if (far >= 0 && (!best || far < best.gap)) best = { cursor, gap: far };
  }
  return best;
}
