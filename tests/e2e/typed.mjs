// Nothing that was typed is lost, and what was done is undone: node tests/e2e/typed.mjs <daybook>
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { axe, openBrowser, openPage, settle, visit } from '../../ui/e2e/browser.mjs';
import { daybook, freshFolder, serve } from './program.mjs';
import { holds, same, story } from './steps.mjs';

const binary = process.argv[2];
const { folder, remove } = freshFolder();
const books = join(folder, 'firm.books');
const run = (...args) => {
  const { code, out, err } = daybook(binary, ['--books', books, ...args]);
  if (code !== 0) throw new Error(err);
  return out;
};
const dump = () => run('dump').split('\n').filter((line) => !line.startsWith('history_')).join('\n');
run('init', '--name', 'Anvil Ltd', '--country', 'GB', '--currency', 'GBP');
let server = await serve(binary, books);
const browser = await openBrowser();
let page = await openPage(browser, server.url);
page.setDefaultTimeout(15_000);
const pictures = process.env.E2E_PICTURES ?? folder;
const picture = (name) => page.screenshot({ path: join(pictures, `typed-${name.replaceAll(/\W+/g, '-')}.png`) });
let before;

/** The page's process dies as it would out of memory; the person opens the program again. */
async function crash() {
  const { url, context } = { url: page.url(), context: page.context() };
  const client = await context.newCDPSession(page);
  const died = new Promise((resolve) => page.once('crash', resolve));
  client.send('Page.crash').catch(() => {});
  await died;
  const complaints = page.complaints;
  await page.close();
  page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.complaints = complaints;
  page.on('pageerror', (error) => complaints.push(`page: ${error.message}`));
  await page.goto(server.url);
  await settle(page);
}

/** A method of the program, called as the page does. */
const rpc = (method, body) =>
  page.evaluate(async ([method, body]) => {
    const headers = { authorization: `Bearer ${sessionStorage.getItem('daybook.token')}`, 'content-type': 'application/json' };
    const answer = await fetch(`/rpc/${method}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  }, [method, body]);
const execute = async (name, args) => (await rpc('execute', { name, args })).result;
const miller = async () => (await rpc('query', { name: 'records.list', args: { record: 'party', limit: 1 } })).rows[0]?.id;

/** Records that forms make. */
const forms = JSON.parse(run('register')).records.filter((r) => r.save && r.name !== 'billing_invoice').map((r) => r.name);

/** What the form on the screen says, by field; text areas and fields alike. */
const said = () =>
  page.locator('main form [data-field]').evaluateAll((frames) => Object.fromEntries(frames.flatMap((frame) => {
    const control = frame.querySelector('input:not([type=checkbox]), textarea');
    return control && !control.readOnly && !control.disabled ? [[frame.dataset.field, control.value]] : [];
  })));

/** Types something into every field that takes text; figures and dates get some. Gives what the form says then. */
async function fill() {
  for (const frame of await page.locator('main form [data-field]').all()) {
    const control = frame.locator('input:not([type=checkbox]), textarea').first();
    if ((await control.count()) === 0 || !(await control.isEditable())) continue;
    const picker = (await control.getAttribute('role')) === 'combobox';
    await control.focus();
    if (picker) continue;
    const numeric = (await control.getAttribute('inputmode')) === 'decimal';
    await control.fill(numeric ? '7' : '3');
  }
  const last = page.locator('main form [data-field] :is(input, textarea):not([type=checkbox])').first();
  await last.focus();
  return last.evaluate((control) => control.closest('[data-field]').dataset.field);
}

const steps = [
  ['every form that the register has gives back what was typed when its page dies, with the cursor where it was', async () => {
    holds(forms.length >= 12, `forms: ${forms}`);
    for (const record of forms) {
      await visit(page, `/records/${record}/new`);
      const at = await fill();
      const typed = await said();
      await page.waitForTimeout(1_000);
      await crash();
      await visit(page, `/records/${record}/new`);
      await page.getByText('What you typed last time is back.').waitFor();
      same(await said(), typed, record);
      const cursor = await page.evaluate(() => document.activeElement?.closest('[data-field]')?.dataset.field ?? null);
      same(cursor, at, `the cursor in ${record}`);
    }
  }],
  ['the home screen leads back to what is not saved', async () => {
    await visit(page, '/');
    const list = page.getByRole('region', { name: 'Begun here and not saved' });
    same(await list.getByRole('link').count(), forms.length, 'ways back');
    same(await axe(page), [], 'axe');
    await picture('unfinished');
    await list.getByRole('link', { name: /^Contact/ }).click();
    await page.getByRole('button', { name: 'Discard it' }).click();
    await visit(page, '/');
    same(await list.getByRole('link', { name: /^Contact/ }).count(), 0, 'given up');
  }],
  ['the same books are served at the same address, so what was typed is still there', async () => {
    const { origin } = new URL(server.url);
    same(await server.stop(), 0, 'the server ends');
    server = await serve(binary, books);
    same(new URL(server.url).origin, origin, 'address');
    await Promise.all([page.waitForEvent('load'), page.goto(server.url)]);
    await settle(page);
    await visit(page, '/records/item/new');
    await page.getByText('What you typed last time is back.').waitFor();
    await page.getByRole('button', { name: 'Discard it' }).click();
  }],
  ['an invoice begun comes back after its page died', async () => {
    await visit(page, '/invoices/new');
    await page.getByRole('textbox', { name: 'Description, line 1' }).fill('Half an anvil');
    await page.waitForTimeout(1_000);
    await crash();
    await visit(page, '/invoices/new');
    same(await page.getByRole('textbox', { name: 'Description, line 1' }).inputValue(), 'Half an anvil', 'the line');
  }],
  ['a message undoes what it tells', async () => {
    before = dump();
    await visit(page, '/records/party/new');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Miller');
    await page.keyboard.press('Control+Enter');
    const told = page.getByRole('status').filter({ hasText: 'Contact saved.' });
    await picture('undo');
    await told.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Undone: Contact Miller added').waitFor();
    same(dump(), before, 'dump');
  }],
  ['Ctrl+Shift+Z and Ctrl+Z from anywhere, also after a reload', async () => {
    await page.reload();
    await settle(page);
    await page.keyboard.press('Control+Shift+Z');
    await page.getByText('Done again: Contact Miller added').waitFor();
    await visit(page, '/records/party');
    await page.getByText('Miller').first().waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('undo');
    await page.getByRole('option', { name: 'Undo: Contact Miller added' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+z');
    await page.getByText('Undone: Contact Miller added').waitFor();
    same(dump(), before, 'dump');
    await page.keyboard.press('Control+z');
    await page.getByText('There is nothing to undo.').waitFor();
  }],
  ['a hundred changes, as fast as the keys go', async () => {
    await page.keyboard.press('Control+Shift+Z');
    for (let waited = 0; (await miller()) === undefined; waited += 1) {
      holds(waited < 50, 'nothing is done again');
      await page.waitForTimeout(100);
    }
    const id = await miller();
    before = dump();
    for (let n = 0; n < 100; n += 1) await execute('parties.save_party', { id, phone: String(n), note: `Note ${n}` });
    await visit(page, `/records/party/${id}`);
    await page.locator('#main').focus();
    for (let n = 0; n < 100; n += 1) await page.keyboard.press('Control+z');
    for (let waited = 0; dump() !== before; waited += 1) {
      holds(waited < 100, 'not everything is undone');
      await page.waitForTimeout(200);
    }
  }],
  ['undoing what is posted asks for its reversal', async () => {
    const { id: draft } = await execute('billing.save_draft', { draft: { party: await miller(), lines: [{ description: 'Work', unit_price: '5' }] } });
    await execute('billing.post_draft', { id: draft });
    await visit(page, '/records/item');
    await page.keyboard.press('Control+z');
    await page.getByRole('dialog', { name: 'Reverse' }).waitFor();
    same(await axe(page), [], 'axe');
    await picture('posted');
    await page.keyboard.press('Escape');
    await page.locator('#main').focus();
    await page.keyboard.press('Control+z');
    await page.getByRole('dialog', { name: 'Reverse' }).getByRole('textbox', { name: 'Reason' }).fill('Sent twice');
    await page.waitForTimeout(1_000);
    await crash();
    await visit(page, `/invoices/${draft}?ask=billing.reverse_invoice`);
    same(await page.getByRole('dialog', { name: 'Reverse' }).getByRole('textbox', { name: 'Reason' }).inputValue(), 'Sent twice', 'the reason');
  }],
  ['what a file says wrongly is mended in the grid, imported, and undone as a batch', async () => {
    const file = join(folder, 'contacts.csv');
    writeFileSync(file, 'Code,Name,Country,E-mail\nA,Alpha,GB,a@example.com\nB,,Atlantis,b@example.com\nC,Gamma,GB,nonsense\n');
    await visit(page, '/import?kind=parties');
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByRole('heading', { name: /^To be mended/ }).waitFor();
    const cell = (name) => page.getByRole('textbox', { name });
    same(await page.getByRole('row').filter({ has: cell(/, row \d+$/) }).count(), 3, 'cells to be mended');
    same(await page.getByRole('button', { name: /^Import 3/ }).getAttribute('aria-disabled'), 'true', 'nothing is imported yet');
    same(await axe(page), [], 'axe');
    await picture('mend');
    await cell('Name, row 3').fill('Beta');
    await cell('Country, row 3').fill('France');
    await cell('E-mail, row 4').fill('c@example.com');
    same(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'E-mail, row 4', 'the cursor stays');
    await page.locator('tr', { has: cell('E-mail, row 4') }).getByText('Mended').waitFor();
    await page.getByRole('button', { name: /^Import 3/ }).click();
    await page.getByRole('button', { name: 'Undo this import' }).waitFor();
    same((await rpc('query', { name: 'records.list', args: { record: 'party', limit: 9 } })).rows.map((row) => row.name).filter((name) => name === 'Beta').length, 1, 'Beta');
    await page.getByRole('button', { name: /other file/i }).first().click();
    await page.getByRole('button', { name: 'Undo the import of contacts.csv' }).click();
    await page.getByText('Undone', { exact: true }).waitFor();
    await picture('earlier');
  }],
  ['the findings of an import are said in the language of the person', async () => {
    await page.evaluate(() => localStorage.setItem('daybook.preferences', JSON.stringify({ ...JSON.parse(localStorage.getItem('daybook.preferences')), language: 'de' })));
    await page.reload();
    await settle(page);
    const file = join(folder, 'kontakte.csv');
    writeFileSync(file, 'Code,Name,Country,E-mail\nD,Delta,,d@example.com\nD,Doppelt,GB,\nE,Epsilon,Atlantis,\n');
    await visit(page, '/import?kind=parties');
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByRole('heading', { name: /^Zu berichtigen/ }).waitFor();
    const words = await page.locator('main').innerText();
    for (const english of ['country', 'Choose', 'this file', 'imported']) holds(!words.includes(` ${english} `), `English among the German words: ${english} in ${words}`);
    await picture('german');
  }],
  ['no complaints', async () => same(page.complaints, [], 'complaints')],
];

const passed = await story('typed', steps, picture, 240_000);
await browser.close();
await server.stop();
remove();
process.exitCode = passed ? 0 : 1;
