// One import from file to result. Lives outside the screen, so that leaving and coming back loses nothing.
import type { Job } from '../../gen/contract.ts';
import { asProblem, host, type FileHandle, type Problem, type RunningJob } from '../../generic/host.ts';
import { fieldName } from '../../generic/words.ts';
import { t } from '../../kit/language.svelte.ts';

/** What a file may hold, and the record its rows become. */
export const KINDS = { sales: 'billing_invoice', parties: 'party', items: 'item' } as const;
export type ImportKind = keyof typeof KINDS;

/** A cell that cannot be read, or whose row the books refuse; without a column it is the row as a whole. */
export interface WrongCell {
  row: number;
  column: string;
  value: string;
  reason: { message: string; next: string } | null;
}

export interface Checked {
  columns: { name: string; sample: string[]; mapped_to: string | null }[];
  fields: { name: string; required: boolean }[];
  documents: { invoices: number; credit_notes: number; adjustments: number };
  rows: number;
  net: number;
  credit_net: number;
  new_parties: number;
  new_items: number;
  new_records: number;
  known_records: number;
  issues: { row: number; column: string | null; code: string; message: string; next: string }[];
  issue_count: number;
  wrong: WrongCell[];
  wrong_count: number;
  batch: string | null;
}

export type Step = 'choose' | 'checking' | 'check' | 'importing' | 'done';
const REMAP_MS = 400;
/** While somebody types into a cell nothing is checked. */
const MEND_MS = 700;

export function keyOf({ row, column }: { row: number; column: string }): string {
  return `${row} ${column}`;
}

class Import {
  kind = $state<ImportKind>('sales');
  step = $state<Step>('choose');
  file = $state.raw<FileHandle | null>(null);
  checked = $state.raw<Checked | null>(null);
  result = $state.raw<Checked | null>(null);
  job = $state.raw<RunningJob<Checked> | null>(null);
  problem = $state.raw<Problem | null>(null);
  mapping = $state<Record<string, string | null>>({});
  /** Cells as a person mended them, by row and column. */
  mended = $state<Record<string, WrongCell>>({});
  /** A changed mapping is being checked while the last result stays on screen. */
  rechecking = $state(false);
  cancelled = $state(false);
  undone = $state(false);
  private timer = 0;

  /** Fields that must be mapped and are not. */
  get lacking(): string[] {
    const mapped = new Set(Object.values(this.mapping));
    return (this.checked?.fields ?? []).filter((f) => f.required && !mapped.has(f.name)).map((f) => f.name);
  }

  /** What a field of the file's kind is called. */
  fieldName(name: string): string {
    return this.kind === 'sales' ? t(`import.field.${name}`) : fieldName(KINDS[this.kind], { name, label: `${KINDS[this.kind]}.${name}` });
  }

  async take(upload: () => Promise<FileHandle | null>): Promise<void> {
    this.reset();
    try {
      const file = await upload();
      if (!file) return;
      this.file = file;
      this.step = 'checking';
      await this.check();
    } catch (thrown) {
      this.problem = asProblem(thrown);
      this.step = 'choose';
    }
  }

  /** Each field takes one column: choosing it elsewhere frees the old column. */
  map(column: string, field: string | null): void {
    for (const [other, taken] of Object.entries(this.mapping)) if (field && taken === field) this.mapping[other] = null;
    this.mapping[column] = field;
    this.recheck(REMAP_MS);
  }

  /** What is to be mended, and what was: the latter stays in sight. */
  get cells(): WrongCell[] {
    const wrong = this.checked?.wrong ?? [];
    const fine = Object.values(this.mended).filter((cell) => !wrong.some((w) => keyOf(w) === keyOf(cell)));
    return [...wrong, ...fine].sort((a, b) => a.row - b.row || a.column.localeCompare(b.column));
  }

  mend({ row, column }: WrongCell, value: string): void {
    this.mended[keyOf({ row, column })] = { row, column, value, reason: null };
    this.recheck(MEND_MS);
  }

  private recheck(ms: number): void {
    this.rechecking = true;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.check(), ms);
  }

  private get fixes(): { row: number; column: string; value: string }[] {
    return Object.values(this.mended).map(({ row, column, value }) => ({ row, column, value }));
  }

  private async check(): Promise<void> {
    this.problem = null;
    const known = this.checked ? { mapping: $state.snapshot(this.mapping) } : {};
    await this.run({ ...known, mended: this.fixes, dry_run: true }, t('import.checking', { name: this.file?.name ?? '' }), (job) => {
      this.rechecking = false;
      if (job.state === 'done' && job.result) {
        this.checked = distinct(job.result);
        this.mapping = Object.fromEntries(job.result.columns.map((c) => [c.name, c.mapped_to]));
        this.step = 'check';
      } else {
        this.refused(job, this.checked ? 'check' : 'choose');
      }
    });
  }

  async commit(): Promise<void> {
    this.step = 'importing';
    this.problem = null;
    this.cancelled = false;
    await this.run({ mapping: $state.snapshot(this.mapping), mended: this.fixes, dry_run: false }, t('import.running', { name: this.file?.name ?? '' }), (job) => {
      if (job.state === 'done' && job.result) {
        this.result = job.result;
        this.step = 'done';
        host().toast({ text: t('import.finished', { name: this.file?.name ?? '' }), tone: 'good', action: { label: t('import.see'), run: () => host().go('/import') } });
      } else {
        this.cancelled = job.state === 'cancelled';
        this.refused(job, 'check');
      }
    });
  }

  async undo(): Promise<void> {
    if (!this.result?.batch) return;
    try {
      await host().execute('importing.undo_batch', { batch: this.result.batch });
      this.undone = true;
    } catch (thrown) {
      this.problem = asProblem(thrown);
    }
  }

  reset(): void {
    clearTimeout(this.timer);
    this.step = 'choose';
    this.file = null;
    this.checked = null;
    this.result = null;
    this.problem = null;
    this.mapping = {};
    this.mended = {};
    this.rechecking = false;
    this.cancelled = false;
    this.undone = false;
  }

  private async run(body: Record<string, unknown>, title: string, ended: (job: Job<Checked>) => void): Promise<void> {
    try {
      this.job = await host().startJob<Checked>(title, { kind: 'import', import: this.kind, file: this.file?.file, ...body }, ended);
    } catch (thrown) {
      this.problem = asProblem(thrown);
      this.step = this.checked ? 'check' : 'choose';
    }
  }

  private refused(job: Job<Checked>, step: Step): void {
    this.step = step;
    if (job.error) this.problem = asProblem(job.error);
  }
}

/** A field with several lists of words comes several times. */
function distinct(checked: Checked): Checked {
  return { ...checked, fields: checked.fields.filter((f, i, all) => all.findIndex((g) => g.name === f.name) === i) };
}

export const importing = new Import();
