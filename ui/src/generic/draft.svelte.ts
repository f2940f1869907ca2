// A document being written: keeps it safe within a second, shows live totals by the core's own function, posts it once.
import { asProblem, host, type Problem } from './host.ts';
import { adjustmentCell, newAdjustment, type Adjusting } from './adjustments.ts';
import { cellOf, newLine, sentKeys, toDraft, type Draft, type Head, type Line, type Start, type Supporting } from './document.ts';
import { t } from '../kit/language.svelte.ts';
import { fieldName } from './words.ts';
import type { Value } from '../gen/contract.ts';
import type { DocumentKind, Preview } from './document-kind.ts';

const PREVIEW_MS = 150;
const SAVE_MS = 600;
/** Refusals of a draft that is only unfinished; everything else is worth an alarm. */
const UNFINISHED = new Set(['invalid', 'not_found', 'conflict', 'state', 'closed']);

/** Another way than posting a draft of its own: what was refused before is put right and sent again. */
export interface OtherWay {
  /** Words on the button. */
  words: string;
  /** The name it is kept under on this computer meanwhile; null where it is a draft of the books all the same. */
  keptAs: string | null;
  /** The number is empty where it is only kept. */
  post: (draft: Draft) => Promise<{ id: string; number: string }>;
}

export class DraftDocument {
  head = $state<Head>({});
  lines = $state<Line[]>([]);
  /** Allowances and charges of the whole document. */
  adjustments = $state<Adjusting[]>([]);
  /** Documents that support it. */
  attachments = $state.raw<Supporting[]>([]);
  preview = $state.raw<Preview | null>(null);
  /** Why the preview could not be made. */
  problem = $state.raw<Problem | null>(null);
  id = $state<string | null>(null);
  savedAt = $state(0);
  /** Not complete enough for the core: kept on this computer meanwhile. */
  kept = $state(false);
  saveProblem = $state.raw<Problem | null>(null);
  posting = $state(false);
  /** Set once the person tried to post: from then on what is missing is marked. */
  tried = $state(false);
  /** Results of the last preview per line. */
  results = $state.raw<Record<string, Preview['lines'][number]>>({});
  private dirty = false;
  private saving: Promise<void> = Promise.resolve();
  private previewTimer = 0;
  private saveTimer = 0;
  private turn = 0;
  private closed = false;

  constructor(
    readonly kind: DocumentKind,
    start: Start,
    private readonly named: (id: string) => void,
    readonly way: OtherWay | null = null,
  ) {
    this.id = start.id;
    const kept = host().recall<Omit<Start, 'id'>>(this.keepName);
    this.restored = kept !== null;
    this.head = kept?.head ?? start.head;
    const lines = kept ? kept.lines.map((line) => ({ ...line, key: newLine().key })) : start.lines;
    this.lines = lines.length > 0 ? lines : [newLine()];
    this.adjustments = (kept?.adjustments ?? start.adjustments).map((row) => newAdjustment(row));
    this.attachments = (kept ? kept.attachments : start.attachments) ?? [];
    this.kept = this.restored;
    this.recalculate();
  }

  /** What was typed last time and never became a draft is back. */
  restored = $state(false);

  private get keepName(): string {
    return this.way?.keptAs ?? `draft.${this.kind.record}.${this.id ?? 'new'}`;
  }

  /** Missing before the core can even be asked. */
  private get lacking(): Problem[] {
    return this.kind.head
      .filter((f) => f.required && (this.head[f.name] ?? '') === '')
      .map((f) => ({ kind: 'invalid', code: 'field.required', field: f.name, message: t('field.required', { name: fieldName(this.kind.record, f) }), next: '' }));
  }

  get problems(): Problem[] {
    return [...this.lacking, ...(this.lacking.length > 0 ? [] : (this.preview?.problems ?? []))];
  }

  get draft(): Draft {
    return toDraft($state.snapshot(this.head), $state.snapshot(this.lines) as Line[], this.kind.fields, $state.snapshot(this.adjustments), this.attachments);
  }

  /** Messages per cell: what the core says, once asked to post, and what pasting could not read. */
  get cellProblems(): Record<string, string> {
    const sent = sentKeys(this.lines, this.kind.fields);
    const found: Record<string, string> = {};
    for (const line of this.lines) for (const column of line.bad_cells ?? []) found[`${line.key}.${column}`] = 'paste.bad';
    for (const problem of this.tried ? this.problems : []) {
      const cell = cellOf(problem.field, sent);
      if (cell) found[`${cell.key}.${this.kind.columns.some((c) => c.name === cell.column) ? cell.column : 'name'}`] = problem.message;
    }
    return found;
  }

  /** Messages per cell of the document's allowances and charges. */
  get adjustmentProblems(): Record<string, string> {
    const found = (this.tried ? this.problems : []).map((problem) => ({ problem, cell: adjustmentCell(problem.field, this.adjustments) }));
    return Object.fromEntries(found.flatMap(({ problem, cell }) => (cell ? [[`${cell.key}.${cell.column}`, problem.message]] : [])));
  }

  /** The currency it is in, as far as is known. */
  get currency(): string {
    return String(this.head['currency'] ?? '') || this.preview?.currency || host().company.currency;
  }

  headProblem(field: string): string | null {
    const problem = this.tried ? this.problems.find((p) => p.field === field || p.field === `draft.${field}`) : undefined;
    return problem ? [problem.message, problem.next].filter(Boolean).join(' ') : null;
  }

  setHead(field: string, value: Value, label?: string): void {
    this.head[field] = value;
    if (label !== undefined) this.head[`${field}_label`] = label;
    this.touched();
  }

  /** Any change by the person: totals soon, stored within a second. */
  touched(): void {
    this.dirty = true;
    this.recalculate();
    clearTimeout(this.saveTimer);
    this.saveTimer = window.setTimeout(() => void this.save(), SAVE_MS);
  }

  recalculate(): void {
    clearTimeout(this.previewTimer);
    this.previewTimer = window.setTimeout(() => void this.reckon(), PREVIEW_MS);
  }

  /** Asks the core now what the draft comes to. */
  async reckon(): Promise<void> {
    clearTimeout(this.previewTimer);
    this.turn += 1;
    const mine = this.turn;
    if (this.lacking.length > 0) {
      this.preview = null;
      return;
    }
    const sent = sentKeys(this.lines, this.kind.fields);
    try {
      const preview = await host().query<Preview>(this.kind.preview, { draft: this.draft });
      if (mine !== this.turn) return;
      this.preview = preview;
      this.problem = null;
      this.results = Object.fromEntries(sent.flatMap((key, i) => (preview.lines[i] ? [[key, preview.lines[i]]] : [])));
    } catch (thrown) {
      if (mine === this.turn) this.problem = asProblem(thrown);
    }
  }

  /** One save at a time; what changed meanwhile is saved next. */
  save(): Promise<void> {
    clearTimeout(this.saveTimer);
    this.saving = this.saving.then(() => this.store());
    return this.saving;
  }

  private async store(): Promise<void> {
    if (!this.dirty || this.closed || this.isEmpty) return;
    if (this.lacking.length > 0 || this.way?.keptAs) return this.keep();
    this.dirty = false;
    const name = this.keepName;
    try {
      const { id } = await host().execute<{ id: string }>(this.kind.save, { ...(this.id ? { id: this.id } : {}), draft: this.draft });
      const first = this.id === null;
      this.id = id;
      this.savedAt = Date.now();
      this.saveProblem = null;
      this.kept = false;
      this.restored = false;
      host().remember(name, null);
      if (first) this.named(id);
    } catch (thrown) {
      this.dirty = true;
      const problem = asProblem(thrown);
      this.saveProblem = UNFINISHED.has(problem.kind) ? null : problem;
      this.keep();
    }
  }

  private keep(): void {
    host().remember(this.keepName, { head: $state.snapshot(this.head), lines: $state.snapshot(this.lines), adjustments: $state.snapshot(this.adjustments), attachments: this.attachments });
    this.kept = true;
  }

  /** Forgets what was kept and begins again. */
  forget(): void {
    host().remember(this.keepName, null);
  }

  /** Nothing worth keeping: no party, no line. */
  get isEmpty(): boolean {
    const draft = this.draft;
    return this.id === null && draft.lines.length === 0 && !draft['party'];
  }

  /** Posts, or says what is missing. Returns the number on success. */
  async post(): Promise<{ id: string; number: string } | null> {
    if (this.posting) return null;
    this.posting = true;
    this.tried = true;
    try {
      await this.reckon();
      if (this.problem || this.problems.length > 0) return null;
      await this.save();
      if (!this.way?.keptAs && (this.saveProblem || this.dirty || !this.id)) return null;
      const result = await (this.way ? this.way.post(this.draft) : host().execute<{ id: string; number: string }>(this.kind.post, { id: this.id }));
      this.closed = true;
      if (this.way?.keptAs) this.forget();
      return result;
    } catch (thrown) {
      this.problem = asProblem(thrown);
      return null;
    } finally {
      this.posting = false;
    }
  }

  async discard(): Promise<void> {
    clearTimeout(this.saveTimer);
    this.closed = true;
    await this.saving;
    this.forget();
    if (this.id) await host().execute(this.kind.discard, { id: this.id });
  }

  /** Leaving the screen stores what is not stored yet. */
  leave(): void {
    clearTimeout(this.previewTimer);
    void this.save();
  }
}
