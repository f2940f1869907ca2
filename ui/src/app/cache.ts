// Answers of the core, remembered by question and dropped by tag. What is on screen refreshes itself when a command changed it.

export interface Question {
  name: string;
  args: unknown;
  tags: string[];
  method?: boolean;
}

interface Watcher {
  value: (value: unknown) => void;
  problem: (problem: unknown) => void;
}

interface Entry {
  question: Question;
  value: unknown;
  known: boolean;
  stale: boolean;
  /** Counts loads, so that a slow old answer never covers a newer one. */
  turn: number;
  loading: boolean;
  watchers: Set<Watcher>;
}

/** Answers nobody looks at are kept up to here, oldest out first. */
const KEPT = 100;

/** `party:7` touches lists tagged `party`; `party` touches every `party:…`. */
export function touches(changed: string, tag: string): boolean {
  return changed === tag || changed.startsWith(`${tag}:`) || tag.startsWith(`${changed}:`);
}

export class Cache {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly load: (name: string, args: unknown, method: boolean) => Promise<unknown>) {}

  watch(question: Question, watcher: Watcher): () => void {
    const entry = this.entry(question);
    entry.watchers.add(watcher);
    if (entry.known && !entry.stale) watcher.value(entry.value);
    if (!entry.known || entry.stale) void this.refresh(entry);
    return () => {
      entry.watchers.delete(watcher);
      this.forgetOldest();
    };
  }

  invalidate(changed: readonly string[]): void {
    for (const entry of this.entries.values()) {
      if (!entry.question.tags.some((tag) => changed.some((c) => touches(c, tag)))) continue;
      entry.stale = true;
      if (entry.watchers.size > 0) void this.refresh(entry, true);
    }
  }

  clear(): void {
    for (const [key, entry] of this.entries) {
      entry.stale = true;
      if (entry.watchers.size > 0) void this.refresh(entry, true);
      else this.entries.delete(key);
    }
  }

  get size(): number {
    return this.entries.size;
  }

  private entry(question: Question): Entry {
    const key = `${question.name} ${JSON.stringify(question.args)}`;
    let entry = this.entries.get(key);
    if (entry) {
      // Looked at again: youngest once more.
      this.entries.delete(key);
    } else {
      entry = { question, value: undefined, known: false, stale: false, turn: 0, loading: false, watchers: new Set() };
    }
    this.entries.set(key, entry);
    return entry;
  }

  private async refresh(entry: Entry, again = false): Promise<void> {
    if (entry.loading && !again) return;
    entry.turn += 1;
    const turn = entry.turn;
    entry.loading = true;
    entry.stale = false;
    try {
      const value = await this.load(entry.question.name, entry.question.args, entry.question.method ?? false);
      if (turn !== entry.turn) return;
      entry.value = value;
      entry.known = true;
      for (const watcher of [...entry.watchers]) watcher.value(value);
    } catch (problem) {
      if (turn !== entry.turn) return;
      entry.stale = true;
      for (const watcher of [...entry.watchers]) watcher.problem(problem);
    } finally {
      if (turn === entry.turn) entry.loading = false;
    }
  }

  private forgetOldest(): void {
    for (const [key, entry] of this.entries) {
      if (this.entries.size <= KEPT) return;
      if (entry.watchers.size === 0) this.entries.delete(key);
    }
  }
}
