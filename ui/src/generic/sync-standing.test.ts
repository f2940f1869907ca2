// The indicator never says more than is true: not in step while something waits, and what needs somebody is never hidden.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { ErrorBody, SyncState, SyncStatus } from '../gen/contract.ts';
import { asksForSignIn, asOf, sameDay, syncStanding } from './sync-standing.ts';

const status = (more: Partial<SyncStatus>): SyncStatus => ({ part: 'device', server: 'https://books.example', tenant: 'acme', email: 'ann@acme.example', state: 'in_step', since_ms: null, as_of_ms: 0, pending: 0, attention: 0, files_waiting: 0, files_infected: 0, problem: null, ...more });
const problem = (code: string): ErrorBody => ({ kind: 'denied', code, args: {}, field: null, message: '', next: '' });

test('figures say as of when they are once others may have gone on, and when that is long ago', () => {
  const at = (minutes: number, more: Partial<SyncStatus>) => asOf(status({ as_of_ms: 0, ...more }), minutes * 60_000);
  assert.equal(at(60, {}), null);
  assert.equal(at(60, { part: 'alone', state: 'alone' }), null);
  assert.equal(at(0.5, { state: 'waiting', pending: 1 }), null);
  assert.deepEqual(at(0.5, { state: 'offline' }), { at_ms: 0, stale: false });
  assert.deepEqual(at(14, { state: 'waiting', pending: 1 }), { at_ms: 0, stale: false });
  assert.deepEqual(at(16, { state: 'offline' }), { at_ms: 0, stale: true });
  assert.deepEqual(at(0, { state: 'offline', as_of_ms: null }), { at_ms: null, stale: true });
  assert.equal(at(0.5, { state: 'needs_you', attention: 2 }), null);
});

test('each state has its own words', () => {
  const said = (more: Partial<SyncStatus>) => syncStanding(status(more)).said;
  assert.deepEqual(said({}), { key: 'sync.in_step' });
  assert.deepEqual(said({ state: 'waiting', pending: 3 }), { key: 'sync.waiting', n: 3 });
  assert.deepEqual(said({ state: 'offline', since_ms: 5 }), { key: 'sync.offline_since', at_ms: 5 });
  assert.deepEqual(said({ state: 'offline' }), { key: 'sync.offline' });
  assert.deepEqual(said({ state: 'needs_you', attention: 2 }), { key: 'sync.needs_you', n: 2 });
  assert.deepEqual(said({ state: 'needs_you', problem: problem('sync.signed_out') }), { key: 'sync.needs_sign_in' });
  assert.deepEqual(said({ state: 'needs_you', problem: problem('sync.schema') }), { key: 'sync.needs_look' });
  assert.deepEqual(said({ part: 'alone', state: 'alone' }), { key: 'sync.alone' });
});

test('what waits and what needs somebody is said beside any other state', () => {
  const { said, also } = syncStanding(status({ state: 'offline', since_ms: 5, pending: 2, attention: 1 }));
  assert.equal(said.key, 'sync.offline_since');
  assert.deepEqual(also, [{ key: 'sync.needs_you', n: 1 }, { key: 'sync.waiting', n: 2 }]);
  assert.deepEqual(syncStanding(status({ state: 'needs_you', attention: 1, pending: 4 })).also, [{ key: 'sync.waiting', n: 4 }]);
});

test('files on their way and files with malware are said', () => {
  const { state, said, also } = syncStanding(status({ files_waiting: 2, files_infected: 1 }));
  assert.deepEqual([state, said], ['waiting', { key: 'sync.files_waiting', n: 2 }]);
  assert.deepEqual(also, [{ key: 'sync.files_infected', n: 1 }]);
  const busy = syncStanding(status({ state: 'waiting', pending: 3, files_waiting: 2 }));
  assert.deepEqual([busy.said, busy.also], [{ key: 'sync.waiting', n: 3 }, [{ key: 'sync.files_waiting', n: 2 }]]);
  assert.deepEqual(syncStanding(status({ files_infected: 1 })).state, 'in_step');
});

test('never in step while something waits or needs somebody', () => {
  const states: SyncState[] = ['in_step', 'waiting', 'offline', 'needs_you'];
  for (let i = 0; i < 10_000; i += 1) {
    const given = status({ state: states[i % 4] as SyncState, pending: (i * 7) % 5, attention: (i * 11) % 3 });
    const { state, said, also } = syncStanding(given);
    if (given.pending > 0 || given.attention > 0) assert.notEqual(state, 'in_step');
    const all = [said, ...also];
    if (given.pending > 0) assert.ok(all.some((one) => one.key === 'sync.waiting' && one.n === given.pending));
    if (given.attention > 0) assert.ok(all.some((one) => one.key === 'sync.needs_you' && one.n === given.attention));
  }
});

test('signing in is asked for only when it helps', () => {
  assert.equal(asksForSignIn({ problem: problem('sync.signed_out') }), true);
  assert.equal(asksForSignIn({ problem: problem('access.refused') }), true);
  assert.equal(asksForSignIn({ problem: problem('sync.copied') }), true);
  assert.equal(asksForSignIn({ problem: problem('sync.unreachable') }), false);
  assert.equal(asksForSignIn({ problem: null }), false);
});

test('a day is the day where the person is', () => {
  const noon = new Date(2026, 10, 25, 12).getTime();
  assert.equal(sameDay(noon, noon + 3_600_000), true);
  assert.equal(sameDay(noon, noon + 86_400_000), false);
});
