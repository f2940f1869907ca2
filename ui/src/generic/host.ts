// What generic screens and modules may ask of the app around them. The app provides it once; nothing else reaches the core.
import type { Preferences } from './preferences.ts';
import type { Company, ErrorKind, Field, Hit, Job, RecordType, Register, Status, SyncStatus } from '../gen/contract.ts';

/** A refusal as screens see it: what, where, next step. */
export interface Problem {
  kind: ErrorKind | 'unreachable';
  code: string;
  field: string | null;
  message: string;
  next: string;
}

export interface Ask {
  name: string;
  args: unknown;
  /** What the answer depends on; a command that changes one of these makes it stale. */
  tags: string[];
  /** Asked of the program itself, not of the books' queries. */
  method?: boolean;
}

export interface Toast {
  text: string;
  tone?: 'good' | 'bad' | 'plain';
  action?: { label: string; run: () => void };
  /** Offers to undo the command that was done just now. */
  undo?: boolean;
}

export interface RunningJob<T = unknown> {
  readonly id: string;
  readonly title: string;
  readonly job: Job<T>;
  cancel(): void;
}

export interface FileHandle {
  file: string;
  name: string;
  size: number;
}

export interface Host {
  readonly register: Register;
  readonly status: Status;
  readonly company: Company;
  readonly shell: 'desktop' | 'browser';
  /** How the books stand with their server; null until that is known. Live. */
  readonly sync: SyncStatus | null;
  /** Live: writing to it changes the program at once. */
  readonly preferences: Preferences;
  today(): string;
  query<T>(name: string, args: unknown): Promise<T>;
  execute<T>(name: string, args: unknown): Promise<T>;
  /** A method of the program itself. Where its answer names what changed, screens hear of it. */
  call<T>(method: string, body: unknown): Promise<T>;
  lookup(record: string, text: string, limit: number): Promise<Hit[]>;
  /** Follows an answer: now from the cache, then fresh, then again whenever a tag changes. Returns what stops it. */
  watch<T>(ask: Ask, value: (value: T) => void, problem: (problem: Problem) => void): () => void;
  /** Calls back with the tags of every change, from here or from elsewhere. */
  onChange(heard: (tags: string[]) => void): () => void;
  go(path: string): void;
  /** Another address for the screen as it stands: a saved draft, a filter. */
  rename(path: string): void;
  pathOf(record: string, id?: string): string;
  back(): void;
  toast(toast: Toast): void;
  startJob<T>(title: string, body: Record<string, unknown>, ended: (job: Job<T>) => void): Promise<RunningJob<T>>;
  upload(file: File): Promise<FileHandle>;
  pickFile: ((extensions: string[]) => Promise<FileHandle | null>) | null;
  pdf(method: string, body: unknown): Promise<ArrayBuffer>;
  openPdf(method: string, body: unknown, name: string): Promise<void>;
  savePdf(method: string, body: unknown, name: string): Promise<boolean>;
  saveFile(body: unknown, name: string): Promise<boolean>;
  saveText(name: string, text: string, type: string): Promise<void>;
  /** Opens what gives the books a server. */
  openConnect(): void;
  /** Opens what tells of the server and lets one act on it. */
  openSync(): void;
  /** The books themselves were exchanged: everything is read anew. */
  restart(): Promise<void>;
  createSample(): Promise<void>;
  removeSample(): Promise<void>;
  /** On this computer, for this person in these books. */
  remember(name: string, value: unknown): void;
  recall<T>(name: string): T | null;
  /** Names of what is remembered that begin with `start`. */
  kept(start: string): string[];
}

let provided: Host | null = null;

export function provideHost(host: Host): void {
  provided = host;
}

export function host(): Host {
  if (!provided) throw new Error('The app has not provided its host yet.');
  return provided;
}

export function recordType(name: string): RecordType | undefined {
  return host().register.records.find((r) => r.name === name);
}

/** The fields of a record, and of what says more of it to those who may see that; `seen`: to this person. */
export function fieldsOf(type: RecordType, seen = true): Field[] {
  const { register, status } = host();
  const more = register.records.filter((r) => r.more_of === type.name && (!seen || status.user.grants.includes(r.needs)));
  // The first field of what says more is its key.
  return more.flatMap((r) => r.fields.slice(1)).reduce(beside, type.fields);
}

/** A field stands behind the last one of its kind and group: a price beside the price. */
function beside(fields: Field[], more: Field): Field[] {
  const place = fields.findLastIndex((f) => f.kind === more.kind && f.group === more.group) + 1 || fields.length;
  return [...fields.slice(0, place), more, ...fields.slice(place)];
}

export function asProblem(thrown: unknown): Problem {
  const e = thrown as Partial<Problem> & { message?: string };
  if (e && typeof e === 'object' && typeof e.code === 'string' && typeof e.kind === 'string') {
    return { kind: e.kind, code: e.code, field: e.field ?? null, message: e.message ?? '', next: e.next ?? '' };
  }
  return { kind: 'internal', code: 'internal.ui', field: null, message: String(e?.message ?? thrown), next: '' };
}
