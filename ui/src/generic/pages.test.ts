// Pages come from both ends, only as far as needed, and a reset drops what was under way.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Pages, type Page, type PageRequest } from './pages.ts';

const settled = async (): Promise<void> => {
  for (let i = 0; i < 500; i += 1) await Promise.resolve();
};

/** A list 0…n-1 whose cursor is the position. */
function listOf(n: number, counted = true): { requests: PageRequest[]; load: (r: PageRequest) => Promise<Page<number>> } {
  const requests: PageRequest[] = [];
  const load = async (request: PageRequest): Promise<Page<number>> => {
    requests.push(request);
    const from = Number(request.after ?? 0);
    const to = Math.min(n, from + request.limit);
    const rows = Array.from({ length: to - from }, (_, i) => (request.backwards ? n - 1 - from - i : from + i));
    return { rows, next: to < n ? String(to) : null, total: counted ? n : null };
  };
  return { requests, load };
}

async function start(n: number, counted = true): Promise<{ pages: Pages<number>; requests: PageRequest[]; failed: unknown[] }> {
  const { requests, load } = listOf(n, counted);
  const failed: unknown[] = [];
  const pages = new Pages<number>(load, () => {}, (p) => failed.push(p));
  pages.reset();
  await settled();
  return { pages, requests, failed };
}

test('the first page is small and tells the length', async () => {
  const { pages, requests } = await start(100_000);
  assert.equal(pages.count, 100_000);
  assert.equal(pages.at(99), 99);
  assert.equal(pages.at(100), undefined);
  assert.equal(requests.length, 1);
});

test('the last row costs one page, read backwards', async () => {
  const { pages, requests } = await start(100_000);
  pages.need(99_950, 100_000);
  await settled();
  assert.equal(pages.at(99_999), 99_999);
  assert.equal(pages.at(99_950), 99_950);
  assert.deepEqual(requests.map((r) => r.backwards), [false, true]);
});

test('a jump to the middle walks from the nearer end', async () => {
  const { pages, requests } = await start(10_000);
  pages.need(8_000, 8_050);
  await settled();
  assert.equal(pages.at(8_020), 8_020);
  assert.ok(requests.slice(1).every((r) => r.backwards));
  assert.equal(requests.length, 5);
});

test('without a total the list grows as it is read', async () => {
  const { pages } = await start(700, false);
  assert.equal(pages.exact, false);
  pages.need(90, 101);
  await settled();
  assert.equal(pages.at(100), 100);
  pages.need(590, 601);
  await settled();
  assert.equal(pages.count, 700);
  assert.equal(pages.exact, true);
});

test('both ends meet without a gap or a double', async () => {
  const { pages } = await start(1_300);
  pages.need(1_250, 1_300);
  await settled();
  pages.need(400, 800);
  await settled();
  for (let i = 0; i < 1_300; i += 1) if (pages.at(i) !== undefined) assert.equal(pages.at(i), i);
  assert.equal(pages.at(800 - 1), 799);
});

test('an answer from before a reset is dropped', async () => {
  const answers: ((page: Page<string>) => void)[] = [];
  const pages = new Pages<string>(() => new Promise((resolve) => answers.push(resolve)), () => {}, () => {});
  pages.reset();
  pages.reset();
  answers[1]?.({ rows: ['new'], next: null, total: 1 });
  await settled();
  answers[0]?.({ rows: ['old'], next: null, total: 1 });
  await settled();
  assert.equal(pages.at(0), 'new');
});

test('a failure is told and asking again works', async () => {
  let broken = true;
  const told: unknown[] = [];
  const { load } = listOf(10);
  const pages = new Pages<number>(async (r) => (broken ? Promise.reject(new Error('busy')) : load(r)), () => {}, (p) => told.push(p));
  pages.reset();
  await settled();
  assert.equal(told.length, 1);
  broken = false;
  pages.reset();
  await settled();
  assert.equal(pages.at(9), 9);
});
