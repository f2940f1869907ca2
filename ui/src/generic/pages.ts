// Rows of a long list, fetched in pages by key. The first page does not wait for the length of the list; that is
// asked after it. It reads from both ends, so that End is as quick as Home;
// between the ends it walks from the nearer one. Rows already seen stay.

export interface Page<Row> {
  rows: Row[];
  next: string | null;
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
  limit: number;
  /** Read the list backwards, from its last row. */
  backwards: boolean;
}

interface End<Row> {
  rows: Row[];
  next: string | null;
  complete: boolean;
}

const FIRST_PAGE = 100;
const PAGE = 500;

export class Pages<Row> {
  private head: End<Row> = { rows: [], next: null, complete: false };
  private tail: End<Row> = { rows: [], next: null, complete: false };
  private total: number | null = null;
  private capped = false;
  private wanted: [number, number] = [0, 0];
  private running = false;
  /** Raised by reset: answers to older questions are dropped. */
  private age = 0;
  private fresh = false;
  /** Settles when the reading under way is done. */
  private pause: Promise<void> = Promise.resolve();

  constructor(
    private readonly load: (request: PageRequest) => Promise<Page<Row>>,
    private readonly measure: () => Promise<Length>,
    private readonly changed: () => void,
    private readonly failed: (problem: unknown) => void,
  ) {}

  get started(): boolean {
    return this.fresh;
  }

  get exact(): boolean {
    return this.total !== null || this.head.complete;
  }

  /** Whether the list leaves out rows that were found. */
  get more(): boolean {
    return this.capped;
  }

  /** Without a total the list is as long as seen so far, and one page more. */
  get count(): number {
    if (this.head.complete) return this.head.rows.length;
    return this.total ?? this.head.rows.length + (this.fresh ? 1 : 0);
  }

  at(index: number): Row | undefined {
    const row = this.head.rows[index];
    if (row !== undefined || this.total === null) return row;
    return this.tail.rows[this.total - 1 - index];
  }

  need(from: number, to: number): void {
    this.wanted = [from, to];
    if (!this.running) this.pause = this.run();
  }

  /** Reads on to the end of a list whose length nobody knows yet. */
  async finish(): Promise<void> {
    const age = this.age;
    while (!this.exact && age === this.age) {
      this.need(this.head.rows.length, this.head.rows.length + 1);
      await this.pause;
    }
  }

  /** Starts over with new questions; old rows stay visible until the first new page is here. */
  reset(): void {
    this.age += 1;
    void this.restart(this.age);
  }

  private async restart(age: number): Promise<void> {
    this.running = true;
    try {
      const page = await this.load({ after: null, limit: FIRST_PAGE, backwards: false });
      if (age !== this.age) return;
      this.head = { rows: page.rows, next: page.next, complete: page.next === null };
      this.tail = { rows: [], next: null, complete: false };
      this.total = page.total;
      this.capped = false;
      this.fresh = true;
      this.running = false;
      this.changed();
      if (page.total === null) void this.askLength(age);
      void this.run();
    } catch (problem) {
      if (age !== this.age) return;
      this.running = false;
      this.failed(problem);
    }
  }

  private async askLength(age: number): Promise<void> {
    try {
      const { total, more } = await this.measure();
      if (age !== this.age) return;
      this.capped = more;
      if (!this.head.complete) this.total = Math.max(total, this.head.rows.length);
      this.changed();
      void this.run();
    } catch {
      // A list whose length cannot be told still shows its rows, as far as they were read.
    }
  }

  private async run(): Promise<void> {
    if (this.running || !this.fresh) return;
    const age = this.age;
    this.running = true;
    try {
      for (let backwards = this.missing(); backwards !== null; backwards = this.missing()) {
        const end = backwards ? this.tail : this.head;
        const page = await this.load({ after: end.next, limit: PAGE, backwards });
        if (age !== this.age) return;
        end.rows.push(...page.rows);
        end.next = page.next;
        end.complete = page.next === null;
        if (page.total !== null) this.total = page.total;
        if (page.rows.length === 0 && !end.complete) break;
        this.changed();
      }
    } catch (problem) {
      if (age === this.age) this.failed(problem);
    } finally {
      if (age === this.age) this.running = false;
    }
  }

  /** Which end to read on from for the wanted rows: null when all are here. */
  private missing(): boolean | null {
    const [from, to] = this.wanted;
    const last = Math.min(to, this.count) - 1;
    const gap = [from, last].find((i) => i >= 0 && i <= last && this.at(i) === undefined);
    if (gap === undefined || this.head.complete) return null;
    if (this.total === null) return false;
    const fromHead = gap - this.head.rows.length;
    const fromTail = this.total - this.tail.rows.length - 1 - last;
    return fromTail < fromHead && !this.tail.complete;
  }
}
