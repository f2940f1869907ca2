// Every screen of the program against the real core, in every look: node tests/e2e/crawl.mjs <daybook> [part of a look's name]
// The screens come from the register and the table of screens, so that a new one is looked at without being named here.
// With E2E_PICTURES=<folder> a picture of each is kept.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { frontOf } from '../../ui/dev/real.mjs';
import { axe, openBrowser, openPage, visit } from '../../ui/e2e/browser.mjs';
import { RULES } from './access.mjs';
import { freshFolder, serve } from './program.mjs';

const WIDE = { width: 1366, height: 768 };
/** Which screens are seen how; each rule of `RULES` says what it looks for. */
const LOOKS = [
  { name: 'light', ...WIDE, theme: 'light', rules: ['axe', 'words', 'targets'] },
  { name: 'keyboard', ...WIDE, theme: 'light', every: 2, rules: ['tab'] },
  { name: 'arabic', ...WIDE, theme: 'dark', language: 'ar', density: 'comfortable', rules: ['axe', 'words', 'mirrored'] },
  { name: 'contrast', ...WIDE, theme: 'contrast', language: 'de', every: 3, rules: ['axe', 'words'] },
  { name: 'pseudo', ...WIDE, theme: 'light', language: 'en-XA', rules: ['bracketed', 'clipped'] },
  { name: 'phone', width: 360, height: 640, theme: 'light', every: 4, rules: ['axe', 'reflow', 'targets'] },
  // 1280 pixels at 400 %: WCAG 2.2, 1.4.10.
  { name: 'zoomed', width: 320, height: 256, theme: 'light', every: 2, rules: ['reflow', 'targets'] },
];
/** What is opened on a screen, the same in every language: by keys, or by an action's button. */
const STATES = [
  { path: '/', keys: ['Control+k'] },
  { path: '/', keys: ['?'] },
  { path: '/', action: 'sync.panel' },
  { path: '/invoices/new', keys: ['Control+Enter'] },
  { path: '/invoices/new', keys: ['Control+e'] },
  { path: '/records/party/new', keys: ['Control+Enter'] },
  { path: '/records/party', action: 'list.columns' },
  { path: '/invoices', keys: ['/', 'ArrowDown', 'Control+a'] },
];
const AT_ONCE = 3;

const [binary, only = ''] = process.argv.slice(2);
const { folder, remove } = freshFolder();
const server = await serve(binary, join(folder, 'firm.books'));
const token = /token=(\S+)/.exec(server.url)[1];
const front = await frontOf(new URL(server.url).origin, new URL('../../ui/dist', import.meta.url).pathname);
const browser = await openBrowser();
const started = Date.now();
const found = [];

await ask('sample.create', {});
const places = [...(await routes()).map((path) => ({ path })), ...STATES];
for (const look of LOOKS.filter(({ name }) => name.includes(only))) {
  const began = Date.now();
  const wanted = places.filter((_, n) => n % (look.every ?? 1) === 0);
  const queue = [...wanted];
  await Promise.all(Array.from({ length: AT_ONCE }, () => crawl(look, queue)));
  console.log(`${look.name}: ${wanted.length} screens in ${((Date.now() - began) / 1000).toFixed(1)} s`);
}
await browser.close();
front.stop();
await server.stop();
remove();
for (const complaint of found) console.log(complaint);
console.log(`crawl: ${found.length} complaints in ${((Date.now() - started) / 1000).toFixed(1)} s`);
process.exit(found.length === 0 && places.length > 40 ? 0 : 1);

async function ask(method, body) {
  const answer = await fetch(`${new URL(server.url).origin}/rpc/${method}`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method}: ${await answer.text()}`);
  return answer.json();
}

/** The address of every screen; places such as `:id` are filled with what the books hold. */
async function routes() {
  const source = readFileSync(new URL('../../ui/src/app/screens.ts', import.meta.url), 'utf8');
  const templates = [...source.matchAll(/path: '([^']+)'/g)].map(([, path]) => path);
  const register = await ask('register', {});
  const all = [];
  for (const template of templates) {
    if (template === '/reports/:name') all.push(...register.reports.map(({ name }) => `/reports/${name}`));
    else if (template === '/records/:record') all.push(...register.records.map(({ name }) => `/records/${name}`));
    else if (template === '/records/:record/:id') all.push(...(await forms(register.records)));
    else if (template.includes(':')) all.push(template.replace(/:\w+/, await firstOf({ '/invoices': 'billing_invoice', '/entries': 'journal_entry' }[template.split('/:')[0]])));
    else all.push(template);
  }
  return [...new Set(all), '/nowhere'];
}

async function forms(records) {
  const all = [];
  for (const { name, save } of records) {
    if (save) all.push(`/records/${name}/new`);
    const id = await firstOf(name);
    if (id !== 'none') all.push(`/records/${name}/${encodeURIComponent(id)}`);
  }
  return all;
}

async function firstOf(record) {
  if (!record) return 'none';
  const { rows } = await ask('query', { name: 'records.list', args: { record, limit: 1 } });
  return rows[0]?.id ?? 'none';
}

async function crawl(look, queue) {
  const page = await openPage(browser, `${front.url}/#token=${token}`, look);
  await page.waitForSelector('main');
  for (let place = queue.shift(); place; place = queue.shift()) {
    await visit(page, place.path);
    const name = await open(page, place);
    // A screen without a heading is complained of by its rules.
    await page.locator('h1').first().waitFor({ timeout: 5000 }).catch(() => {});
    for (const rule of look.rules) {
      const complaints = await RULES[rule](page, { axe }).catch((thrown) => [String(thrown).split('\n')[0]]);
      found.push(...complaints.map((complaint) => `${look.name} ${name}: ${rule}: ${complaint}`));
    }
    if (process.env.E2E_PICTURES) await page.screenshot({ path: join(process.env.E2E_PICTURES, `${look.name}${name.replaceAll(/\W+/g, '-')}.png`) });
    if (name !== place.path) await page.reload();
  }
  found.push(...page.complaints.map((complaint) => `${look.name}: ${complaint}`));
  await page.context().close();
}

/** Opens what a state has open beside its screen; the name of the whole. */
async function open(page, { path, keys = [], action }) {
  // Single letters do nothing inside a field.
  if (keys.includes('?')) await page.evaluate(() => document.activeElement?.blur());
  for (const key of keys) await page.keyboard.press(key);
  const button = page.locator(`[data-action="${action}"]`).first();
  // What a narrow window has no place for is not opened there.
  if (action && (await button.isVisible())) await button.click();
  if (keys.length > 0 || action) await page.waitForTimeout(300);
  return [path, ...keys, action].filter(Boolean).join(' ');
}
