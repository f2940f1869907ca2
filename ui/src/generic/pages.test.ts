// Pages come from both ends, only as far as needed, and a reset drops what was under way.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Pages, type Length, type Page, type PageRequest } from './pages.ts';

const settled = async (): Promise<void> => {
  for (let i = 0; i < 500; i += 1) await Promise.resolve();
};

/** A list 0…n-1 whose cursors are its rows; like the core, a page that shows all of it tells the length. */
function listOf(n: number): { requests: PageRequest[]; load: (r: PageRequest) => Promise<Page<number>> } {
  const requests: PageRequest[] = [];
  const load = async (request: PageRequest): Promise<Page<number>> => {
    requests.push(request);
    const { after, skip, limit, backwards } = request;
    const [begin, step] = backwards ? [after === null ? n - 1 : Number(after) - 1, -1] : [after === null ? 0 : Number(after) + 1, 1];
    const rows = Array.from({ length: limit }, (_, i) => begin + step * (skip + i)).filter((row) => row >= 0 && row < n);
    const last = rows.at(-1);
    const next = last === undefined || last + step < 0 || last + step >= n ? null : String(last);
    return { rows, next, first: rows.length > 0 ? String(rows[0]) : null, total: after === null && skip === 0 && next === null ? rows.length : null };
  };
  return { requests, load };
}

const never = new Promise<Length>(() => {});

async function start(n: number, length: Promise<Length> = Promise.resolve({ total: n, more: false })): Promise<{ pages: Pages<number>; requests: PageRequest[]; failed: unknown[] }> {
  const { requests, load } = listOf(n);
  const failed: unknown[] = [];
  const pages = new Pages<number>(load, () => length, () => {}, (p) => failed.push(p));
  pages.reset();
  await settled();
  return { pages, requests, failed };
}

/** Scrolls to a place, as the table does: the rows of one window. */
async function look(pages: Pages<number>, from: number): Promise<void> {
  pages.need(from, from + 60);
  await settled();
}

test('the first page is small; the length follows it', async () => {
  const { pages, requests } = await start(100_000);
  assert.equal(pages.count, 100_000);
  assert.equal(pages.at(99), 99);
  assert.equal(pages.at(100), undefined);
  assert.equal(pages.exact, true);
  assert.equal(requests.length, 1);
});

test('rows are there before the length is', async () => {
  const { pages } = await start(100_000, never);
  assert.equal(pages.at(0), 0);
  assert.deepEqual([pages.count, pages.exact], [101, false]);
});

test('a hundred thousand rows anywhere cost the rows in view', async () => {
  const { pages, requests } = await start(100_000);
  for (const place of [0, 99_940, 500, 99_000, 50_000, 25_000, 75_000, 49_990, 50_040, 24_900]) {
    await look(pages, place);
    for (let i = place; i < place + 60; i += 1) assert.equal(pages.at(i), i);
  }
  assert.equal(pages.count, 100_000);
  assert.ok(requests.length <= 30, `${requests.length} requests`);
  assert.ok(requests.every((request) => request.skip <= 50_000), 'from the nearer side');
  assert.ok(requests.slice(-1).every((request) => request.skip < 200), 'what is known already is a place to start from');
});

test('scrolling up from a place reads on from there', async () => {
  const { pages, requests } = await start(100_000);
  for (let place = 40_000; place > 38_000; place -= 50) await look(pages, place);
  assert.equal(pages.at(38_050), 38_050);
  assert.ok(requests.slice(3).every((request) => request.skip < 100), JSON.stringify(requests.map((r) => r.skip)));
});

test('a glance at the middle and back at the top reads no further than it was on its way', async () => {
  const { pages, requests } = await start(100_000);
  pages.need(40_000, 40_060);
  pages.need(0, 60);
  await settled();
  assert.ok(requests.length <= 3, `${requests.length} pages`);
});

test('the same list, read anew, keeps its length and what is in view', async () => {
  const { pages } = await start(10_000);
  await look(pages, 5_000);
  pages.reset(true);
  for (let i = 0; i < 500 && pages.at(5_010) !== undefined; i += 1) await Promise.resolve();
  assert.deepEqual([pages.at(5_010), pages.count], [5_010, 10_000]);
});

test('a list that grew beyond its first page while it was counted loses no row', async () => {
  const { pages } = await start(700, Promise.resolve({ total: 40, more: false }));
  assert.equal(pages.count, 100);
  await look(pages, 60);
});

test('a search that leaves rows out says so', async () => {
  const { pages } = await start(500, Promise.resolve({ total: 500, more: true }));
  assert.deepEqual([pages.count, pages.more], [500, true]);
});

test('a length that cannot be told leaves the list usable', async () => {
  const { pages, failed } = await start(700, Promise.reject(new Error('busy')));
  await look(pages, 90);
  await look(pages, 190);
  assert.deepEqual([pages.exact, pages.at(120), failed.length], [false, 120, 0]);
});

test('an old length is dropped', async () => {
  const answers: ((length: Length) => void)[] = [];
  const pages = new Pages<number>(listOf(700).load, () => new Promise((resolve) => answers.push(resolve)), () => {}, () => {});
  pages.reset();
  await settled();
  pages.reset();
  await settled();
  answers[0]?.({ total: 9_999, more: false });
  await settled();
  assert.equal(pages.exact, false);
  answers[1]?.({ total: 700, more: false });
  await settled();
  assert.equal(pages.count, 700);
});

test('the last row costs one page, read backwards', async () => {
  const { pages, requests } = await start(100_000);
  pages.need(99_950, 100_000);
  await settled();
  assert.equal(pages.at(99_999), 99_999);
  assert.equal(pages.at(99_950), 99_950);
  assert.deepEqual(requests.map((r) => r.backwards), [false, true]);
});

test('without a total the list grows as it is read', async () => {
  const { pages } = await start(700, Promise.reject(new Error('busy')));
  assert.equal(pages.exact, false);
  pages.need(90, 101);
  await settled();
  assert.equal(pages.at(100), 100);
  await pages.finish();
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
  const pages = new Pages<string>(() => new Promise((resolve) => answers.push(resolve)), () => never, () => {}, () => {});
  pages.reset();
  pages.reset();
  answers[1]?.({ rows: ['new'], next: null, first: 'a', total: 1 });
  await settled();
  answers[0]?.({ rows: ['old'], next: null, first: 'a', total: 1 });
  await settled();
  assert.equal(pages.at(0), 'new');
});

test('a failure is told and asking again works', async () => {
  let broken = true;
  const told: unknown[] = [];
  const { load } = listOf(10);
  const pages = new Pages<number>(async (r) => (broken ? Promise.reject(new Error('busy')) : load(r)), () => never, () => {}, (p) => told.push(p));
  pages.reset();
  await settled();
  assert.equal(told.length, 1);
  broken = false;
  pages.reset();
  await settled();
  assert.equal(pages.at(9), 9);
});
