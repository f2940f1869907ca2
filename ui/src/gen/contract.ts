// The shape of what crosses the seam between interface and core. Mirrors the core's own description; not edited by hand once generated.

export type ErrorKind =
  | 'invalid'
  | 'not_found'
  | 'conflict'
  | 'denied'
  | 'state'
  | 'closed'
  | 'busy'
  | 'storage'
  | 'corrupt'
  | 'incompatible'
  | 'internal';

export interface ErrorBody {
  kind: ErrorKind;
  code: string;
  args: Record<string, unknown>;
  field: string | null;
  message: string;
  next: string;
  /** Arguments that are words of the register, by the key of their label. */
  labels?: Record<string, string>;
}

export type FieldKind =
  | 'id'
  | 'text'
  | 'money'
  | 'price'
  | 'quantity'
  | 'rate'
  | 'date'
  | 'instant'
  | 'bool'
  | 'choice'
  | 'reference'
  | 'currency'
  | 'country'
  | 'integer';

export interface Field {
  name: string;
  kind: FieldKind;
  label: string;
  width?: number | null;
  group?: string | null;
  required: boolean;
  references?: string | null;
  choices?: string[];
  listed: boolean;
  readonly: boolean;
  /** Amounts in the base currency, whatever currency the row names. */
  base?: boolean;
}

export interface RecordType {
  name: string;
  module: string;
  save: string | null;
  archive: string | null;
  /** The permission that reading needs. */
  needs: string;
  /** The record of which it says more, under the same key. */
  more_of: string | null;
  /** The order of its lists; no fields: that of the key. */
  order: { columns: string[]; descending: boolean };
  /** Further columns that long lists may be ordered by. */
  sorted?: string[];
  /** Commands for many rows, and what each row must say. */
  bulk?: { command: string; field: string; word: string }[];
  fields: Field[];
}

export interface Column {
  name: string;
  label?: string;
  kind: FieldKind;
}

export interface ReportParameter {
  name: string;
  label?: string;
  kind: FieldKind;
  required: boolean;
  choices?: string[];
}

export interface ReportType {
  name: string;
  title?: string;
  about?: string;
  parameters: ReportParameter[];
  columns: Column[];
}

export interface CommandType {
  name: string;
  version: number;
  needs: string;
  class: string;
  schema: { properties?: Record<string, unknown> };
}

export interface Currency {
  code: string;
  digits: number;
  name: string;
}

export interface Country {
  code: string;
  name: string;
  /** Currency used there; lets the first screen fill it in. */
  currency?: string;
}

export interface Register {
  commands: CommandType[];
  queries: { name: string; needs: string; schema: unknown }[];
  records: RecordType[];
  reports: ReportType[];
  currencies: Currency[];
  countries: Country[];
  labels: Record<string, string>;
}

export interface Company {
  id: string;
  name: string;
  country: string;
  currency: string;
  sample: boolean;
}

export interface Status {
  version: string;
  books: string;
  company: Company | null;
  user: { id: string; name: string; role: string; grants: string[] };
  head: { pos: number };
  lost: number;
  read_only?: boolean;
  /** Who has to sign in before the books open. */
  locked?: { server: string; tenant: string; email: string } | null;
}

export type Value = string | number | boolean | null;
export type Row = { id: string } & Record<string, Value>;

export interface Condition {
  field: string;
  op: '=' | '<>' | '<' | '<=' | '>' | '>=' | 'starts';
  value: Value;
}

export interface ListRequest {
  record: string;
  text?: string;
  where?: Condition[];
  sort?: { field: string; descending: boolean };
  after?: string | null;
  limit: number;
}

export interface ListPage {
  rows: Row[];
  next: string | null;
  /** Where the rows before the page begin, read the other way round. */
  first: string | null;
  total: number | null;
}

/** What a column comes to; a currency of null is the base currency. */
export type ListSum = { field: string; currency: string | null; total: number };

export interface ListLength {
  total: number;
  /** The words typed found more rows than a search considers. */
  more: boolean;
}

export interface Hit {
  id: string;
  code: string;
  label: string;
  detail: string;
  /** The field that says it. */
  detail_of?: string | null;
}

export interface Job<T = unknown> {
  state: 'running' | 'done' | 'cancelled' | 'failed';
  done: number;
  total: number;
  stage: string;
  result?: T;
  error?: ErrorBody;
}

export type SyncState = 'alone' | 'in_step' | 'waiting' | 'offline' | 'needs_you';

export interface SyncStatus {
  /** Whether these books have a server. */
  part: 'alone' | 'device';
  server: string;
  tenant: string;
  email: string;
  state: SyncState;
  /** Since when the server could not be reached; null while it can be. */
  since_ms: number | null;
  /** When this device last had everything of the server; null before the first time. */
  as_of_ms: number | null;
  /** Entries not yet sent. */
  pending: number;
  /** Entries that somebody must deal with. */
  attention: number;
  /** Files that wait to be sent or fetched. */
  files_waiting: number;
  /** Files in which the server found malware. */
  files_infected: number;
  /** What went wrong last; null once it went well again. */
  problem: ErrorBody | null;
}

/** Content of the books, as storing it answers and as attaching takes it. */
export interface StoredFile {
  hash: string;
  name: string;
  media_type: string;
  size: number;
}

/** A file attached to something, at place `n` there; one on something posted is kept. */
export interface AttachedFile extends StoredFile {
  n: number;
  kept: boolean;
}

/** How an attached file stands on this device. */
export interface FileStanding extends StoredFile {
  state: 'here' | 'sending' | 'checking' | 'elsewhere' | 'coming' | 'infected' | 'stopped';
  /** Why it does not go on. */
  reason: ErrorBody | null;
}

export type { ApprovalRequest, AttentionItem, Beside, Needs, UnsentEntry } from './attention.ts';
