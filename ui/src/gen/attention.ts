// What needs somebody, as it crosses the seam between interface and core.
import type { ErrorBody, Row, Value } from './contract.ts';

/** Work that the server did not take. */
export interface AttentionItem {
  command: string;
  /** The command at which its chain of failures began; itself, when it stands alone. */
  root: string;
  name: string;
  actor_name: string;
  /** Milliseconds since 1970. */
  recorded_at: number;
  outcome: 'refused' | 'deferred';
  reason: ErrorBody;
  args: Record<string, unknown>;
  /** What was tried, in words. */
  label: string;
  pos: number;
  /** The record as it is now; null where the work was about none. */
  beside: Beside | null;
  /** Whether somebody else may be asked to do it. */
  may_ask: boolean;
}

/** A record as it is now, beside what was tried with it. */
export interface Beside {
  record: string;
  id: string;
  /** It is another record, which has the code that was tried. */
  other: boolean;
  /** It is not there any more. */
  gone: boolean;
  row: Row | null;
  fields: { name: string; label: string; tried?: Value; now: Value; same: boolean }[];
}

/** What somebody asks others to do, because a role does not grant it. */
export interface ApprovalRequest {
  id: string;
  asker_name: string;
  name: string;
  /** What is asked for, in words. */
  label: string;
  args: Record<string, unknown>;
  reason: string;
  /** Milliseconds since 1970. */
  asked_at: number;
  state: 'asked' | 'denied';
  own: boolean;
  may_decide: boolean;
  decided_by_name: string;
  remark: string;
}

/** What needs somebody. */
export interface Needs {
  items: AttentionItem[];
  requests: ApprovalRequest[];
}

/** An entry that the server does not have yet. */
export interface UnsentEntry {
  name: string;
  /** What was done, in words. */
  label: string;
  actor_name: string;
  /** Milliseconds since 1970. */
  recorded_at: number;
  args: Record<string, unknown>;
}
