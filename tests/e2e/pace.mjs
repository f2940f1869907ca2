// How lists feel, measured and printed, never judged: node tests/e2e/pace.mjs <daybook> [contacts]
// Frames while a long list is scrolled, keys in its search while an import runs, nodes in the page, jumps to any place.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { frontOf } from '../../ui/dev/real.mjs';
import { openBrowser, openPage, visit } from '../../ui/e2e/browser.mjs';
import { diceOf } from './dice.mjs';
import { daybook, freshFolder, serve } from './program.mjs';

const [binary, count = '100000'] = process.argv.slice(2);
const { folder, remove } = freshFolder();
const books = join(folder, 'firm.books');
const ms = (value) => `${value.toFixed(1)} ms`;
const at = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
const told = (what, values) => {
  const sorted = [...values].sort((a, b) => a - b);
  console.log(`${what}: median ${ms(at(sorted, 0.5))}, p95 ${ms(at(sorted, 0.95))}, longest ${ms(at(sorted, 1))} (${sorted.length})`);
};

function contacts(from, to) {
  const file = join(folder, `contacts-${from}.csv`);
  const rows = Array.from({ length: to - from }, (_, n) => `K${String(from + n).padStart(6, '0')},Firm ${String(from + n).padStart(6, '0')},Leeds,GB`);
  writeFileSync(file, `Code,Name,City,Country\n${rows.join('\n')}\n`);
  return file;
}

const run = (...args) => {
  const { code, err } = daybook(binary, [...args, '--books', books]);
  if (code !== 0) throw new Error(err);
};
run('init', '--name', 'Anvil Ltd', '--country', 'GB', '--currency', 'GBP');
run('import', 'parties', contacts(0, Number(count)));
const server = await serve(binary, books);
const { origin, hash } = new URL(server.url);
const front = await frontOf(origin, new URL('../../ui/dist', import.meta.url).pathname);
const browser = await openBrowser();
const page = await openPage(browser, `${front.url}/${hash}`);
await page.getByRole('heading', { name: 'Home' }).waitFor();
await visit(page, '/records/party');
await page.waitForFunction((n) => document.querySelector('[role=grid]')?.getAttribute('aria-rowcount') === n, count);
const grid = page.getByRole('grid');
console.log(`${count} contacts: ${await grid.getByRole('row').count()} rows, ${await page.evaluate(() => document.getElementsByTagName('*').length)} elements in the page`);

/** Lengths of the frames while `work` goes on. */
async function frames(work) {
  await page.evaluate(() => {
    globalThis.frames_ = [];
    globalThis.measuring = true;
    let last = performance.now();
    const next = (now) => {
      frames_.push(now - last);
      last = now;
      if (globalThis.measuring) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  await work();
  return page.evaluate(() => {
    globalThis.measuring = false;
    return frames_.slice(1);
  });
}

await grid.hover();
told('frames while scrolling by wheel', await frames(async () => {
  for (let n = 0; n < 200; n += 1) {
    await page.mouse.wheel(0, n % 50 === 49 ? -4000 : 240);
    await page.waitForTimeout(16);
  }
}));
await grid.focus();
told('frames while paging, to the end and back', await frames(async () => {
  for (const key of [...Array(40).fill('PageDown'), 'Control+End', ...Array(40).fill('PageUp'), 'Control+Home']) {
    await page.keyboard.press(key);
    await page.waitForTimeout(16);
  }
}));

const dice = diceOf(5);
const jumps = [];
for (let n = 0; n < 40; n += 1) {
  const place = dice.below(Number(count));
  jumps.push(await grid.evaluate(async (scroller, top) => {
    const began = performance.now();
    scroller.scrollTop = top;
    do await new Promise(requestAnimationFrame);
    while (document.querySelector('.coming') || Math.abs(scroller.scrollTop - Math.min(top, scroller.scrollHeight - scroller.clientHeight)) > 1);
    return performance.now() - began;
  }, place * 28));
}
told('jumps to any place, until its rows are drawn', jumps);

await page.evaluate(() => {
  globalThis.events = new Map();
  new PerformanceObserver((list) => list.getEntries().forEach((e) => e.interactionId && events.set(e.interactionId, Math.max(events.get(e.interactionId) ?? 0, e.duration)))).observe({ type: 'event', durationThreshold: 16 });
});
const search = page.getByRole('searchbox', { name: 'Search' });
const token = new URLSearchParams(hash.slice(1)).get('token');
const rpc = async (method, body, headers = {}) => (await fetch(`${origin}/rpc/${method}`, { method: 'POST', headers: { authorization: `Bearer ${token}`, ...headers }, body })).json();
const { readFileSync } = await import('node:fs');
const { file } = await rpc('upload', readFileSync(contacts(Number(count), Number(count) + 20_000)), { 'content-type': 'application/octet-stream', 'x-file-name': 'contacts.csv' });
const { job } = await rpc('job.start', JSON.stringify({ kind: 'import', import: 'parties', file }), { 'content-type': 'application/json' });
await search.focus();
let keys = 0;
let state = 'running';
while (keys < 200) {
  await page.keyboard.press(keys % 8 < 4 ? 'firm'[keys % 4] : 'Backspace');
  keys += 1;
  await page.waitForTimeout(40);
  if (keys === 100) ({ state } = await rpc('job.status', JSON.stringify({ job }), { 'content-type': 'application/json' }));
}
const slow = await page.evaluate(() => [...events.values()]);
// The Event Timing API tells of what took 16 ms or more; every other key was quicker.
told(`keys in the search, the import ${state} at half of them`, [...slow, ...Array(Math.max(0, keys - slow.length)).fill(8)]);
await browser.close();
front.stop();
await server.stop();
remove();
