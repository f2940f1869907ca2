// The cache answers from memory, refreshes by tag, and never lets an old answer win.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Cache, touches } from './cache.ts';

const party = { name: 'records.get', args: { record: 'party', id: '7' }, tags: ['party:7'] };
const parties = { name: 'records.list', args: { record: 'party' }, tags: ['party'] };
const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

function counting(): { cache: Cache; loads: string[] } {
  const loads: string[] = [];
  const cache = new Cache(async (name) => {
    loads.push(name);
    return loads.length;
  });
  return { cache, loads };
}

function watcher(): { seen: unknown[]; value: (v: unknown) => void; problem: (p: unknown) => void } {
  const seen: unknown[] = [];
  return { seen, value: (v) => seen.push(v), problem: (p) => seen.push(p) };
}

test('a tag touches its record and its lists, nothing else', () => {
  assert.equal(touches('party:7', 'party'), true);
  assert.equal(touches('party', 'party:7'), true);
  assert.equal(touches('party:7', 'party:8'), false);
  assert.equal(touches('party', 'party_group'), false);
});

test('two watchers of one question load once, the second is answered from memory', async () => {
  const { cache, loads } = counting();
  const [one, two] = [watcher(), watcher()];
  cache.watch(party, one);
  await tick();
  cache.watch(party, two);
  assert.deepEqual(two.seen, [1]);
  await tick();
  assert.equal(loads.length, 1);
});

test('a change refreshes what is watched and marks the rest stale', async () => {
  const { cache, loads } = counting();
  const list = watcher();
  cache.watch(parties, list);
  const stop = cache.watch(party, watcher());
  await tick();
  stop();
  cache.invalidate(['party:7']);
  await tick();
  assert.deepEqual(loads, ['records.list', 'records.get', 'records.list']);
  cache.watch(party, watcher());
  await tick();
  assert.equal(loads.at(-1), 'records.get');
});

test('an answer overtaken by a newer one is dropped', async () => {
  const waiting: ((v: unknown) => void)[] = [];
  const cache = new Cache(() => new Promise((resolve) => waiting.push(resolve)));
  const list = watcher();
  cache.watch(parties, list);
  cache.invalidate(['party']);
  waiting[1]?.('new');
  waiting[0]?.('old');
  await tick();
  assert.deepEqual(list.seen, ['new']);
});

test('a failure is told and the next look tries again', async () => {
  let fail = true;
  const cache = new Cache(async () => {
    if (fail) throw new Error('busy');
    return 'fine';
  });
  const first = watcher();
  cache.watch(parties, first)();
  cache.watch(parties, first);
  await tick();
  fail = false;
  const second = watcher();
  cache.watch(parties, second);
  await tick();
  assert.equal((first.seen[0] as Error).message, 'busy');
  assert.deepEqual(second.seen, ['fine']);
});

test('answers nobody watches do not pile up', async () => {
  const { cache } = counting();
  for (let i = 0; i < 150; i += 1) cache.watch({ ...party, args: { i } }, watcher())();
  await tick();
  assert.ok(cache.size <= 100, String(cache.size));
});
