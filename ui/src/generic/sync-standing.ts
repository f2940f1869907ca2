// How books stand with their server, as data for words, icon and tone. Never better than it is.
import type { SyncState, SyncStatus } from '../gen/contract.ts';

/** A text of the dictionary with what fills it. */
export interface Said {
  key: string;
  n?: number;
  /** An instant in milliseconds since 1970. */
  at_ms?: number;
}

export interface SyncStanding {
  state: SyncState;
  said: Said;
  /** What is true besides, the most urgent first: what needs somebody, what waits. */
  also: Said[];
}

/** Whether signing in again is what helps. */
export function asksForSignIn({ problem }: Pick<SyncStatus, 'problem'>): boolean {
  const code = problem?.code ?? '';
  return code === 'sync.signed_out' || code === 'sync.copied' || code.startsWith('access.');
}

/** In step means that nothing waits and nothing needs anybody, whatever the state is called. */
export function honestState({ state, pending, attention, files_waiting }: Pick<SyncStatus, 'state' | 'pending' | 'attention' | 'files_waiting'>): SyncState {
  if (state !== 'in_step') return state;
  if (attention > 0) return 'needs_you';
  return pending > 0 || files_waiting > 0 ? 'waiting' : 'in_step';
}

export function syncStanding(status: SyncStatus): SyncStanding {
  const state = honestState(status);
  const also: Said[] = [];
  if (status.attention > 0 && state !== 'needs_you') also.push({ key: 'sync.needs_you', n: status.attention });
  if (status.pending > 0 && state !== 'waiting') also.push({ key: 'sync.waiting', n: status.pending });
  if (status.files_infected > 0) also.push({ key: 'sync.files_infected', n: status.files_infected });
  if (status.files_waiting > 0 && !(state === 'waiting' && status.pending === 0)) also.push({ key: 'sync.files_waiting', n: status.files_waiting });
  return { state, said: said(status, state), also };
}

function said(status: SyncStatus, state: SyncState): Said {
  if (state === 'alone') return { key: 'sync.alone' };
  if (state === 'in_step') return { key: 'sync.in_step' };
  if (state === 'waiting') return status.pending === 0 && status.files_waiting > 0 ? { key: 'sync.files_waiting', n: status.files_waiting } : { key: 'sync.waiting', n: status.pending };
  if (state === 'offline') return status.since_ms === null ? { key: 'sync.offline' } : { key: 'sync.offline_since', at_ms: status.since_ms };
  if (status.attention > 0) return { key: 'sync.needs_you', n: status.attention };
  return { key: asksForSignIn(status) ? 'sync.needs_sign_in' : 'sync.needs_look' };
}

/** What is older than this is stale: 15 minutes. */
const STALE_MS = 900_000;
/** Books that were in step so lately are as good as in step: a minute. */
const FRESH_MS = 60_000;

/** As of when figures are that others work on too; null while they are as of now. */
export function asOf(status: SyncStatus, now_ms: number): { at_ms: number | null; stale: boolean } | null {
  if (status.part !== 'device' || honestState(status) === 'in_step') return null;
  const age_ms = status.as_of_ms === null ? Infinity : now_ms - status.as_of_ms;
  if (age_ms < FRESH_MS && status.state !== 'offline') return null;
  return { at_ms: status.as_of_ms, stale: age_ms > STALE_MS };
}

/** Whether two instants are on one day where this person is: then the time of day says enough. */
export function sameDay(a_ms: number, b_ms: number): boolean {
  return new Date(a_ms).toDateString() === new Date(b_ms).toDateString();
}
