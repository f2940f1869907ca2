// What the interface asks of the shell around it. Two implementations, one interface: the desktop window and the browser.
import type { ErrorBody, ErrorKind } from '../gen/contract.ts';

/** A refusal in words, whoever refused. `unreachable` is the one kind only this side can know. */
export class CoreError extends Error {
  readonly kind: ErrorKind | 'unreachable';
  readonly code: string;
  readonly args: Record<string, unknown>;
  readonly field: string | null;
  next: string;
  readonly labels: Record<string, string>;

  constructor(body: Omit<ErrorBody, 'kind'> & { kind: ErrorKind | 'unreachable' }) {
    super(body.message);
    this.name = 'CoreError';
    this.kind = body.kind;
    this.code = body.code;
    this.args = body.args ?? {};
    this.field = body.field ?? null;
    this.next = body.next ?? '';
    this.labels = body.labels ?? {};
  }
}

export interface Upload {
  file: string;
  name: string;
  size: number;
}

export interface Platform {
  readonly kind: 'desktop' | 'browser';
  /** One door to the core. */
  call<T>(method: string, body: unknown): Promise<T>;
  /** Hands a dropped or chosen file to the core. */
  upload(file: File): Promise<Upload>;
  /** The desktop's own file dialog; null when this shell has none (the page then offers a file input). */
  pickFile: ((extensions: string[]) => Promise<Upload | null>) | null;
  /** The bytes of a document from `paper.*`. */
  pdf(method: string, body: unknown): Promise<ArrayBuffer>;
  /** Shows a document from `paper.*` in a PDF viewer. */
  openPdf(method: string, body: unknown, name: string): Promise<void>;
  /** Stores a document from `paper.*` where the person chooses; false when they change their mind. */
  savePdf(method: string, body: unknown, name: string): Promise<boolean>;
  /** Stores an attached file, from `files.read`, where the person chooses; false when they change their mind. */
  saveFile(body: unknown, name: string): Promise<boolean>;
  saveText(name: string, text: string, type: string): Promise<void>;
}

/** Any thrown thing as a CoreError; a body that is not one of ours means the core is not there. */
export function asCoreError(thrown: unknown): CoreError {
  if (thrown instanceof CoreError) return thrown;
  const body = typeof thrown === 'string' ? parse(thrown) : thrown;
  if (isErrorBody(body)) return new CoreError(body);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return unreachable(message);
}

/** Words for this one error come from the dictionary by its code; `message` is only for the log. */
export function unreachable(message: string): CoreError {
  return new CoreError({ kind: 'unreachable', code: 'unreachable', args: {}, field: null, message, next: '' });
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isErrorBody(body: unknown): body is ErrorBody {
  return typeof body === 'object' && body !== null && 'kind' in body && 'code' in body && 'message' in body;
}
