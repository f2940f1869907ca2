// Getting anywhere by the palette, and the keys that Alt shows, against the real core with the sample company: node tests/e2e/palette.mjs <daybook>
import { join } from 'node:path';
import { frontOf } from '../../ui/dev/real.mjs';
import { axe, openBrowser, openPage, settle, visit } from '../../ui/e2e/browser.mjs';
import { diceOf } from './dice.mjs';
import { freshFolder, serve } from './program.mjs';
import { holds, same, story } from './steps.mjs';

/** How many screens, actions and records of each kind are looked for. */
const SAMPLED = 12;
/** The most letters that are typed of a name. */
const LETTERS = 6;

const { folder, remove } = freshFolder();
const server = await serve(process.argv[2], join(folder, 'firm.books'));
const { origin, hash } = new URL(server.url);
const front = await frontOf(origin, new URL('../../ui/dist', import.meta.url).pathname);
const browser = await openBrowser();
const dice = diceOf(7);
const times = { open: [], search: [] };
let page;
let register;

async function ask(method, body) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${hash.replace('#token=', '')}` };
  const answer = await fetch(`${origin}/rpc/${method}`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method}: ${await answer.text()}`);
  return answer.json();
}

/** Somebody who was nowhere yet looks at the first screen. */
async function look() {
  await page?.context().close();
  page = await openPage(browser, `${front.url}/${hash}`);
  page.setDefaultTimeout(15_000);
  await page.getByRole('heading', { name: 'Home' }).waitFor();
}

const rows = (record, limit = 500) => ask('query', { name: 'records.list', args: { record, limit } }).then((page) => page.rows);
const box = () => page.getByRole('dialog').getByRole('combobox');
const options = () => page.getByRole('dialog').getByRole('option');

/** Opens the palette; the time from the key to the next paint is kept. */
async function open() {
  await page.evaluate(() => {
    globalThis.opened = new Promise((resolve) => {
      document.addEventListener('keydown', ({ timeStamp }) => {
        const painted = () => requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - timeStamp)));
        const look = () => (document.querySelector('dialog [role=combobox]') ? painted() : requestAnimationFrame(look));
        look();
      }, { once: true, capture: true });
    });
  });
  await page.keyboard.press('Control+k');
  times.open.push(await page.evaluate(() => globalThis.opened));
  await box().waitFor();
}

/** Types, and waits for what the core finds; the time it took is kept. */
async function type(text) {
  const began = Date.now();
  const answered = /^\/|^.?$/.test(text) ? null : page.waitForResponse((answer) => (answer.request().postData() ?? '').includes(JSON.stringify(text.replace(/^[@#*]/, ''))));
  await box().pressSequentially(text);
  await answered;
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  if (answered) times.search.push(Date.now() - began);
}

/** Where the rows of the palette lead to, in their order. */
const offered = () => options().evaluateAll((all) => all.map((one) => one.dataset.to));

/** Goes to `to` by letters of its name: the keys that it took, but for the letters; null when it is not offered. */
async function reach(to, letters) {
  await open();
  await type(letters);
  const place = (await offered()).indexOf(to);
  if (place < 0) {
    await page.keyboard.press('Escape');
    return null;
  }
  for (let n = 0; n < place; n += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForFunction((path) => location.hash.split('?')[0] === `#${path}`, to);
  await settle(page);
  return place + 2;
}

/** The most telling word of a name: the longest. */
const telling = (name) => name.split(/[^\p{L}\p{N}]+/u).sort((a, b) => b.length - a.length)[0].slice(0, LETTERS);

/** So many of `all`, and no row twice. */
function some(all, count) {
  const left = [...all];
  return Array.from({ length: Math.min(count, left.length) }, () => left.splice(dice.below(left.length), 1)[0]);
}

/** One letter of a word is left out, doubled by another, replaced, or changes places with the next. */
function mistyped(word) {
  const letters = [...word];
  const at = dice.below(letters.length - 1);
  const [one, two] = [letters[at], letters[at + 1]];
  [() => letters.splice(at, 1), () => letters.splice(at, 0, 'y'), () => (letters[at] = 'y'), () => letters.splice(at, 2, two, one)][dice.below(4)]();
  return letters.join('');
}

const named = (record, path, name) => rows(record).then((all) => some(all, SAMPLED).map((row) => ({ to: `${path}/${row.id}`, name: name(row) })));

/** What is looked for: screens, reports, forms, customers, items and invoices. */
async function targets() {
  const screens = await page.locator('nav [data-action^="go."]').evaluateAll((all) => all.map((link) => ({ to: link.getAttribute('href').slice(1), name: link.innerText.trim().split('\n')[0] })));
  await visit(page, '/reports');
  const reports = await page.locator('main a[href^="#/reports/"]').evaluateAll((all) => all.map((link) => ({ to: link.getAttribute('href').slice(1), name: link.innerText.trim().split('\n')[0] })));
  return [
    ...some(screens, SAMPLED),
    ...some(reports, SAMPLED),
    ...(await named('party', '/records/party', (row) => telling(row.name))),
    ...(await named('item', '/records/item', (row) => telling(row.name))),
    ...(await named('billing_invoice', '/invoices', (row) => row.number.split('-').at(-1))),
  ];
}

const p95 = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length * 0.95)].toFixed(0);

const steps = [
  ['the sample company', async () => {
    await ask('sample.create', {});
    register = await ask('register', {});
    await look();
  }],
  ['anything is reached by three keys and six letters', async () => {
    const wanted = await targets();
    const keys = [];
    const lost = [];
    for (const { to, name } of wanted) {
      await visit(page, '/settings');
      const took = await reach(to, name.slice(0, LETTERS).trim());
      if (took) keys.push(took);
      else lost.push(`${name.slice(0, LETTERS)} for ${to}`);
    }
    same(lost, [], 'never offered');
    holds(wanted.length >= 55, `only ${wanted.length} were looked for`);
    const mean = keys.reduce((sum, n) => sum + n, 0) / keys.length;
    console.log(`   ${wanted.length} targets, ${mean.toFixed(2)} keys beside the letters, at most ${Math.max(...keys)}`);
    holds(mean <= 3, `${mean.toFixed(2)} keys`);
  }],
  ['every row shows the key of its action', async () => {
    await page.evaluate(() => document.activeElement?.blur());
    await page.keyboard.press('?');
    const sheet = await page.getByRole('dialog').locator('dt').evaluateAll((all) => all.map((dt) => ({ label: dt.innerText, key: dt.nextElementSibling.querySelector('kbd')?.innerText })));
    await page.keyboard.press('Escape');
    const missing = [];
    for (const { label, key } of sheet) {
      await open();
      await box().fill(`/${label}`);
      const row = options().filter({ has: page.locator('.label').getByText(label, { exact: true }) }).first();
      if (await row.count()) same(await row.locator('kbd').innerText(), key, label);
      else missing.push(label);
      await page.keyboard.press('Escape');
    }
    console.log(`   ${sheet.length} actions with keys, not in the palette: ${missing.join(', ')}`);
    holds(sheet.length - missing.length >= 15, 'most of them are in the palette');
  }],
  ['what somebody was at twice is offered first, by its name', async () => {
    await look();
    const [row] = some(await rows('party'), 1);
    for (const path of [`/records/party/${row.id}`, '/settings', `/records/party/${row.id}`, '/']) await visit(page, path);
    await open();
    await options().first().getByText(row.name).waitFor();
    same([(await offered())[0], await options().first().getAttribute('aria-selected')], [`/records/party/${row.id}`, 'true'], 'first row');
    same(await axe(page), [], 'axe');
    await page.keyboard.press('Enter');
    await page.waitForFunction((id) => location.hash.endsWith(id), row.id);
  }],
  ['a sign before the words asks for one kind', async () => {
    const kinds = { '@': ['/records/party/'], '#': ['/invoices/'], '*': ['/records/item/'] };
    for (const [sign, [path]] of Object.entries(kinds)) {
      await open();
      await type(`${sign}${sign === '#' ? '1' : 'ch'}`);
      const found = await offered();
      holds(found.length > 0 && found.every((to) => to.startsWith(path)), `${sign}: ${found}`);
      await page.keyboard.press('Escape');
    }
    await open();
    await type('/theme');
    holds((await offered()).every((to) => !/[0-9a-f]{8}-/.test(to)), 'actions only');
    await page.keyboard.press('Escape');
  }],
  ['a word with a letter wrong finds what was meant, and says that it is only near', async () => {
    const all = (await rows('party')).map((row) => ({ to: `/records/party/${row.id}`, name: row.name.split(/[^\p{L}]+/u).sort((a, b) => b.length - a.length)[0] }));
    const tried = some(all.filter(({ name }) => name.length > 5), 40);
    let found = 0;
    for (const { to, name } of tried) {
      await open();
      await type(mistyped(name));
      found += (await offered()).slice(0, 5).includes(to);
      await page.keyboard.press('Escape');
    }
    console.log(`   ${found} of ${tried.length} among the first five`);
    holds(found * 20 >= tried.length * 19, `${found} of ${tried.length}`);
    await open();
    await type('Alfrdes');
    await page.getByRole('status').getByText('Nothing has “Alfrdes”. The nearest are shown.').waitFor();
    same(await axe(page), [], 'axe');
    await picture('near');
    await page.keyboard.press('Escape');
  }],
  ['nothing fits, or the core does not answer: both are said', async () => {
    await open();
    await type('zzqqxxw');
    await page.getByText('Nothing fits. Try fewer letters.').waitFor();
    await page.route('**/rpc/query', (route) => (route.request().postData().includes('records.find') ? route.abort() : route.continue()));
    await box().fill('invoices');
    await page.getByRole('dialog').locator('.failed').waitFor();
    holds((await offered()).includes('/invoices'), 'screens are still found');
    same(await axe(page), [], 'axe');
    await picture('failed');
    await page.unroute('**/rpc/query');
    await page.keyboard.press('Escape');
  }],
  ['holding Alt shows the keys of what is there, each of one action', async () => {
    for (const path of ['/', '/invoices', '/records/party', '/invoices/new']) {
      await visit(page, path);
      await page.evaluate(() => document.activeElement?.blur());
      await page.keyboard.down('Alt');
      await page.locator('.hint').first().waitFor();
      const hints = await page.evaluate(() => {
        const boxes = [...document.querySelectorAll('[data-action]')].map((node) => ({ action: node.dataset.action, off: node.disabled === true, box: node.getBoundingClientRect() }));
        return [...document.querySelectorAll('.hint')].map((hint) => {
          const [left, top] = [parseFloat(hint.style.left), parseFloat(hint.style.top)];
          return { key: hint.innerText, of: boxes.find(({ box }) => Math.abs(box.right - 6 - left) < 1 && Math.abs(box.top - 6 - top) < 1) };
        });
      });
      await page.keyboard.up('Alt');
      await page.locator('.hint').first().waitFor({ state: 'detached' });
      const owners = new Map();
      for (const { key, of } of hints) {
        holds(of && !of.off, `${path}: ${key} is at nothing that can be done`);
        same(owners.get(key) ?? of.action, of.action, `${path}: who has ${key}`);
        owners.set(key, of.action);
      }
      holds(owners.size >= 8, `${path}: only ${[...owners.keys()]}`);
    }
  }],
  ['how long it takes, seen in the browser', async () => {
    console.log(`   opened in ${p95(times.open)} ms (p95 of ${times.open.length}), found in ${p95(times.search)} ms (p95 of ${times.search.length}, typing included)`);
  }],
];

const picture = (name) => page?.screenshot({ path: join(process.env.E2E_PICTURES ?? folder, `palette-${name.replaceAll(/\W+/g, '-')}.png`) });
const passed = await story('palette', steps, picture, 600_000);
await browser.close();
front.stop();
await server.stop();
if (passed) remove();
process.exit(passed ? 0 : 1);
