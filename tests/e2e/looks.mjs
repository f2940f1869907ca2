// Language, look and keys as a person sets them, against the real core: node tests/e2e/looks.mjs <daybook>
import { join } from 'node:path';
import { frontOf } from '../../ui/dev/real.mjs';
import { axe, openBrowser, openPage, settle, visit } from '../../ui/e2e/browser.mjs';
import { freshFolder, serve } from './program.mjs';
import { holds, same, story } from './steps.mjs';

/** What a change of the look may take, as people feel it as at once. */
const AT_ONCE_MS = 100;

const { folder, remove } = freshFolder();
const server = await serve(process.argv[2], join(folder, 'firm.books'));
const { origin, hash } = new URL(server.url);
const front = await frontOf(origin, new URL('../../ui/dist', import.meta.url).pathname);
const browser = await openBrowser();
const page = await openPage(browser, `${front.url}/${hash}`, { language: '' });
page.setDefaultTimeout(15_000);
await page.addInitScript(() => document.addEventListener('readystatechange', () => (globalThis.early ??= { ...document.documentElement.dataset })));
const chosen = (name, value) => page.getByRole('combobox', { name }).selectOption(value);
const root = () => page.evaluate(() => ({ lang: document.documentElement.lang, dir: document.documentElement.dir, ...document.documentElement.dataset }));

const steps = [
  ['a company, in the language of the system', async () => {
    await page.getByRole('textbox', { name: 'Company name' }).fill('Anvil Ltd');
    await page.getByRole('button', { name: 'Create company' }).click();
    await page.getByRole('heading', { name: 'Home' }).waitFor();
  }],
  ['German at once, and kept', async () => {
    await visit(page, '/settings');
    await chosen('Language', 'de');
    await page.getByRole('heading', { name: 'Einstellungen' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Einstellungen' }).waitFor();
    same((await root()).lang, 'de', 'language of the page');
  }],
  ['what the core refuses is said in German', async () => {
    await visit(page, '/records/party/new');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Ærø Café');
    await page.getByRole('textbox', { name: 'USt-IdNr.' }).fill('12345');
    await page.getByRole('button', { name: 'Speichern', exact: true }).click();
    await page.getByText('„12345“ beginnt nicht mit den Buchstaben eines Landes.').first().waitFor();
  }],
  ['a theme is there at once, and before the first paint of the next start', async () => {
    await visit(page, '/settings');
    const took = await page.getByRole('combobox', { name: 'Farben' }).evaluate(async (select) => {
      const began = performance.now();
      select.value = 'dark';
      select.dispatchEvent(new Event('change', { bubbles: true }));
      while (document.documentElement.dataset.theme !== 'dark') await new Promise(requestAnimationFrame);
      return performance.now() - began;
    });
    holds(took < AT_ONCE_MS, `the theme took ${took} ms`);
    await page.reload();
    await settle(page);
    same((await page.evaluate(() => globalThis.early)).theme, 'dark', 'theme before the program runs');
  }],
  ['rows are 28 or 40 pixels high', async () => {
    const row = () => page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--row').trim());
    same(await row(), '28px', 'compact');
    await chosen('Dichte', 'comfortable');
    same(await row(), '40px', 'comfortable');
  }],
  ['single letters can be switched off', async () => {
    await page.getByRole('checkbox', { name: 'Kürzel aus einem Buchstaben' }).uncheck();
    await page.getByRole('heading', { name: 'Einstellungen' }).click();
    await page.keyboard.press('?');
    await page.waitForTimeout(200);
    same(await page.getByRole('dialog').count(), 0, 'dialogs');
    await page.getByRole('checkbox', { name: 'Kürzel aus einem Buchstaben' }).check();
  }],
  ['a key is given to somebody else by pressing it, unless it is taken', async () => {
    await page.getByRole('button', { name: 'Alle Kürzel zeigen' }).click();
    const key = page.getByRole('dialog').getByRole('button', { name: 'Taste ändern: Neue Rechnung' });
    await key.click();
    await page.keyboard.press('Control+k');
    await page.getByRole('alert').getByText('Suche und Befehle').waitFor();
    await page.keyboard.press('Control+m');
    await key.getByText('Ctrl+M').waitFor();
    same(await axe(page), [], 'axe');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+m');
    await page.getByRole('heading', { name: 'Neue Rechnung' }).waitFor();
  }],
  ['Arabic runs from right to left, and so do the arrows', async () => {
    await visit(page, '/settings');
    await chosen('Sprache', 'ar');
    await page.getByRole('heading', { name: 'الإعدادات' }).waitFor();
    same((await root()).dir, 'rtl', 'direction');
    await visit(page, '/records/account');
    const grid = page.getByRole('grid');
    await grid.focus();
    const place = async () => (await grid.getAttribute('aria-activedescendant')).split('-').at(-1);
    const before = await place();
    await page.keyboard.press('ArrowLeft');
    same(Number(await place()), Number(before) + 1, 'left is onward');
  }],
  ['where the system paints every background, the marked row has an outline', async () => {
    const outline = () => page.locator('[role=row].active').first().evaluate((row) => getComputedStyle(row).outlineStyle);
    same(await outline(), 'none', 'with our colours');
    await page.emulateMedia({ forcedColors: 'active' });
    same(await outline(), 'solid', 'with those of the system');
    await page.emulateMedia({ forcedColors: 'none' });
  }],
  ['the browser had nothing to complain about', async () => same(page.complaints, [], 'console')],
];

const passed = await story('looks', steps, (name) => page.screenshot({ path: join(process.env.E2E_PICTURES ?? folder, `${name.replaceAll(/\W+/g, '-')}.png`) }));
await browser.close();
front.stop();
await server.stop();
if (passed) remove();
process.exit(passed ? 0 : 1);
