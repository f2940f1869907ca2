// Lists for people who live in them, against the real core: node tests/e2e/lists.mjs <daybook>
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { frontOf } from '../../ui/dev/real.mjs';
import { axe, openBrowser, openPage, settle, visit } from '../../ui/e2e/browser.mjs';
import { diceOf } from './dice.mjs';
import { daybook, freshFolder, serve } from './program.mjs';
import { holds, same, story } from './steps.mjs';

const CONTACTS = 3000;
const DOCUMENTS = 24;
const MOST_NODES = 120;

const binary = process.argv[2];
const { folder, remove } = freshFolder();
const books = join(folder, 'firm.books');
const run = (...args) => {
  const { code, out, err } = daybook(binary, [...args, '--json', '--books', books]);
  holds(code === 0, `daybook ${args.join(' ')}: ${err}`);
  return JSON.parse(out);
};
const exec = (name, args) => run('exec', name, JSON.stringify(args)).result;
fill();
// Where the program looks for a person's documents.
process.env.HOME = folder;
const server = await serve(binary, books);
const { origin, hash } = new URL(server.url);
const front = await frontOf(origin, new URL('../../ui/dist', import.meta.url).pathname);
const browser = await openBrowser();
const page = await openPage(browser, `${front.url}/${hash}`, { permissions: ['clipboard-read', 'clipboard-write'] });
page.setDefaultTimeout(15_000);
const pictures = process.env.E2E_PICTURES ?? folder;
const picture = (name) => page.screenshot({ path: join(pictures, `${name.replaceAll(/\W+/g, '-')}.png`) });
const grid = page.getByRole('grid');
const press = async (...keys) => {
  for (const key of keys) await page.keyboard.press(key);
};
const nodes = () => grid.getByRole('row').count();
/** The words of the row that the keys act on. */
const active = () => page.evaluate(() => document.getElementById(document.querySelector('[role=grid]').getAttribute('aria-activedescendant'))?.closest('[role=row]')?.innerText.replaceAll('\n', ' ') ?? '');
const until = async (says) => page.waitForFunction((words) => document.getElementById(document.querySelector('[role=grid]')?.getAttribute('aria-activedescendant'))?.closest('[role=row]')?.innerText.includes(words), says);
/** Waits until the list says it has so many rows: the one before it is gone then. */
const length = (rows) => page.waitForFunction((n) => document.querySelector('[role=grid]')?.getAttribute('aria-rowcount') === String(n), rows);
const told = (words) => page.getByText(words).first().waitFor();
const bar = page.getByRole('region', { name: 'Selected rows' });
const dialog = page.getByRole('dialog');

function fill() {
  run('init', '--name', 'Anvil Ltd', '--country', 'GB', '--currency', 'GBP');
  const rows = Array.from({ length: CONTACTS }, (_, n) => `K${String(n).padStart(5, '0')},Firm ${String(n).padStart(5, '0')},${n % 3 ? 'Leeds' : 'Hull'},GB`);
  const file = join(folder, 'contacts.csv');
  writeFileSync(file, `Code,Name,City,Country\n${rows.join('\n')}\n`);
  run('import', 'parties', file);
  for (let n = 0; n < 10; n += 1) exec('catalog.save_item', { code: `W${n}`, name: `Widget ${n}`, sales_price: '2' });
  exec('ledger.save_exchange_rate', { currency: 'EUR', valid_on: '2026-01-01', rate: '0.86' });
  const [{ id: party }] = run('list', 'party', '--limit', '1').rows;
  const dice = diceOf(7);
  for (let n = 0; n < DOCUMENTS; n += 1) {
    const draft = { party, kind: n % 5 ? 'invoice' : 'credit_note', currency: n % 3 ? 'GBP' : 'EUR', issue_date: `2026-01-${String(1 + (n % 20)).padStart(2, '0')}`, lines: [{ description: `Work ${n}`, quantity: '1', unit_price: String(1 + dice.below(900)) }] };
    exec(n % 4 ? 'billing.post_invoice' : 'billing.save_draft', { draft });
  }
}

/** What the foot must say, from the rows themselves: by currency, what gives back taken off; and how many rows they are. */
function added(where) {
  const rows = run('list', 'billing_invoice', '--limit', '500').rows.filter((row) => where.every(({ field, op, value }) => (op === '=' ? row[field] === value : op === '>=' ? row[field] >= value : row[field] <= value)));
  const totals = {};
  for (const row of rows) totals[row.currency] = (totals[row.currency] ?? 0) + (row.kind === 'credit_note' ? -row.gross : row.gross);
  return { totals, rows: rows.length };
}

const steps = [
  ['thousands of rows are a few nodes, and the grid says how many there are', async () => {
    await visit(page, '/records/party');
    await grid.waitFor();
    await length(CONTACTS);
    holds((await nodes()) <= MOST_NODES, `${await nodes()} rows in the page`);
    same(await axe(page), [], 'axe');
  }],
  ['keys go anywhere: the end, the middle, a page on, along the row', async () => {
    await grid.focus();
    await press('Control+End');
    await until('Firm 02999');
    await press('PageUp');
    holds(!(await active()).includes('02999'), 'a page up');
    await press('Control+Home');
    await until('Firm 00000');
    await press('End');
    const column = () => page.evaluate(() => document.querySelector('[role=grid]').getAttribute('aria-activedescendant').split('-').at(-1));
    holds((await column()) !== '0', 'End is the last cell of the row');
    await press('Home');
    same(await column(), '0', 'Home is the first cell of the row');
    await grid.evaluate((scroller) => scroller.scrollTo(0, 1500 * 28));
    await told('Firm 01510');
    holds((await nodes()) <= MOST_NODES, `${await nodes()} rows in the page`);
    same(await grid.locator('.coming').count(), 0, 'rows still on their way');
  }],
  ['rows are selected by keys, ranges by Shift', async () => {
    await press('Control+Home', 'ArrowDown', 'Space');
    await told('1 selected');
    await press('Shift+ArrowDown', 'Shift+ArrowDown');
    await told('3 selected');
    same(await grid.locator('[aria-selected=true]').count(), 3, 'selected rows');
    await press('ArrowDown', 'x');
    await told('4 selected');
    await picture('selected');
    same(await axe(page), [], 'axe');
  }],
  ['rows and cells go to a spreadsheet', async () => {
    await press('Control+c');
    await told('4 rows copied.');
    const read = (type) => page.evaluate(async (kind) => (await (await navigator.clipboard.read())[0].getType(kind)).text(), type);
    const lines = (await read('text/plain')).split('\n').map((line) => line.split('\t'));
    same([lines.length, lines[0].slice(0, 2)], [4, ['K00001', 'Firm 00001']], 'tab-separated text');
    holds((await read('text/html')).includes('<td>Firm 00004</td>'), 'a table');
    await press('Escape');
    await bar.waitFor({ state: 'hidden' });
    await press('Control+c');
    await told('Cell copied.');
    same(await read('text/plain'), 'K00004', 'a cell');
  }],
  ['all that match are archived by a job, told, and brought back', async () => {
    await page.getByRole('searchbox', { name: 'Search' }).fill('firm 0007');
    await length(10);
    await grid.focus();
    await press('Control+a');
    await told('10 selected');
    await bar.getByRole('button', { name: 'Archive' }).click();
    await told('Done: 10 of 10.');
    await told('Nothing matches');
    await page.getByRole('button', { name: 'Undo' }).first().click();
    await length(10);
    const entries = run('list', 'party', '--filter', 'archived=true');
    same(entries.rows.length, 0, 'archived contacts');
  }],
  ['columns are chosen, moved and made wider by keyboard; the address and a reload keep them', async () => {
    await visit(page, '/records/party');
    await length(CONTACTS);
    await page.getByRole('button', { name: 'Columns' }).click();
    same(await axe(page), [], 'axe');
    await dialog.getByRole('checkbox', { name: 'Town' }).focus();
    await press('Alt+ArrowUp');
    await dialog.getByRole('checkbox', { name: 'Postcode' }).check();
    await dialog.getByRole('spinbutton', { name: 'Width of Town' }).fill('260');
    await press('Tab');
    await dialog.getByRole('combobox', { name: 'Density' }).selectOption('comfortable');
    await picture('columns');
    await press('Escape');
    const heads = () => grid.getByRole('columnheader').allInnerTexts();
    const before = await heads();
    holds(before.includes('Postcode'), before.join());
    await page.reload();
    await grid.waitFor();
    await settle(page);
    same(await heads(), before, 'columns after a reload');
    same(await grid.locator('.row').first().evaluate((row) => row.offsetHeight), 40, 'height of a row');
  }],
  ['the list is kept under a name; a link opens it elsewhere; it goes and comes back', async () => {
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await dialog.getByRole('combobox', { name: 'Field' }).selectOption('city');
    await dialog.getByRole('combobox', { name: 'Comparison' }).selectOption('=');
    await dialog.getByRole('textbox', { name: 'Value' }).fill('Hull');
    await press('Enter');
    await length(1000);
    await page.getByRole('button', { name: 'Save view' }).click();
    same(await axe(page), [], 'axe');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Hull, wide');
    await press('Enter');
    const button = page.getByRole('group', { name: 'Views' }).getByRole('button', { name: 'Hull, wide' });
    await button.waitFor();
    await page.waitForFunction(() => location.hash.includes('view='));
    const view = new URLSearchParams(page.url().split('?')[1]).get('view');
    const other = await openPage(browser, `${front.url}/${hash}`);
    await other.getByRole('heading', { name: 'Home' }).waitFor();
    await other.evaluate((id) => (location.hash = `/records/party?view=${id}`), view);
    await other.waitForFunction(() => document.querySelector('[role=grid]')?.getAttribute('aria-rowcount') === '1000');
    holds((await other.getByRole('columnheader').allInnerTexts()).includes('Postcode'), 'columns of the view');
    await other.context().close();
    await page.getByRole('button', { name: 'Change view' }).click();
    await dialog.getByRole('button', { name: 'Remove view' }).click();
    await button.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await button.waitFor();
  }],
  ['the foot says what the rows come to, one sum for each currency, under any filter', async () => {
    const dice = diceOf(11);
    for (let n = 0; n < 12; n += 1) {
      const where = [[{ field: 'state', op: '=', value: 'posted' }], [{ field: 'kind', op: '=', value: 'credit_note' }], [{ field: 'gross', op: '>=', value: dice.below(90_000) }], [{ field: 'issue_date', op: '>=', value: `2026-01-0${1 + dice.below(9)}` }, { field: 'issue_date', op: '<=', value: '2026-01-15' }], []][n % 5];
      await visit(page, `/invoices?where=${encodeURIComponent(JSON.stringify(where))}`);
      const { totals: wanted, rows } = added(where);
      await length(rows);
      await grid.locator('.foot').waitFor();
      const figures = await grid.locator('.foot .line').evaluateAll((lines) => lines.map((line) => [...line.children].map((cell) => cell.innerText).join(' ')));
      same(figures.length, Object.keys(wanted).length, `lines of the foot under ${JSON.stringify(where)}`);
      for (const [currency, total] of Object.entries(wanted)) {
        const amount = (Math.abs(total) / 100).toLocaleString('en-GB', { minimumFractionDigits: 2 });
        const sign = total < 0 ? '[-−]' : '';
        holds(figures.some((line) => new RegExp(`${currency === 'EUR' ? 'EUR ' : ''}${sign}${amount.replaceAll('.', '\\.')}`).test(line)), `${currency} ${total} under ${JSON.stringify(where)}: ${figures.join(' | ')}`);
      }
    }
    await picture('foot');
    same(await axe(page), [], 'axe');
  }],
  ['amounts between two limits', async () => {
    await visit(page, '/invoices');
    await length(DOCUMENTS);
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await dialog.getByRole('combobox', { name: 'Field' }).selectOption('gross');
    await dialog.getByRole('textbox', { name: 'From' }).fill('100');
    await dialog.getByRole('textbox', { name: 'To' }).fill('500');
    await press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await settle(page);
    const rows = run('list', 'billing_invoice', '--limit', '500').rows.filter((row) => row.gross >= 10_000 && row.gross <= 50_000);
    await length(rows.length);
  }],
  ['drafts are posted at once', async () => {
    await visit(page, '/invoices');
    await length(DOCUMENTS);
    await page.getByRole('button', { name: 'Drafts', exact: true }).click();
    await length(6);
    await grid.getByRole('button', { name: 'Select all that match' }).click();
    await told('6 selected');
    await picture('bulk');
    await bar.getByRole('button', { name: 'Post', exact: true }).click();
    same(await axe(page), [], 'axe');
    await dialog.getByRole('button', { name: 'Post: 6' }).click();
    await told(/Done: \d of 6/);
  }],
  ['the papers of selected invoices become one file', async () => {
    await visit(page, '/invoices?where=' + encodeURIComponent(JSON.stringify([{ field: 'state', op: '=', value: 'posted' }])));
    await grid.focus();
    await press('Control+Home', 'Space', 'Shift+ArrowDown', 'Shift+ArrowDown');
    await told('3 selected');
    await bar.getByRole('button', { name: 'PDF files' }).click();
    const words = await page.getByText(/PDF files in one zip file: 3/).first().textContent();
    const [, path] = /It is at (.*\.zip)/.exec(words);
    same(readFileSync(path).subarray(0, 2).toString(), 'PK', path);
  }],
  ['500 lines of six cells come from a spreadsheet, bad cells are marked where they are, and one undo takes all back', async () => {
    await visit(page, '/invoices/new');
    const bad = (n) => n % 41 === 7 && n < 490;
    const lines = Array.from({ length: 500 }, (_, n) => [`W${n % 10}`, `Line ${n}`, bad(n) ? 'two' : `${1 + (n % 9)}`, `${n % 90}.25`, n % 7 ? '' : '5', 'S20'].join('\t'));
    await page.getByRole('combobox', { name: 'Item, line 1' }).focus();
    const took = await page.evaluate(async (text) => {
      const began = performance.now();
      const data = new DataTransfer();
      data.setData('text/plain', text);
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
      while (document.querySelectorAll('[data-line]').length < 500) await new Promise(requestAnimationFrame);
      return performance.now() - began;
    }, `${lines.join('\r\n')}\r\n`);
    console.log(`  500 lines were there after ${took.toFixed(0)} ms`);
    const quantity = (row) => page.getByRole('textbox', { name: `Quantity, line ${row}`, exact: true });
    const invalid = async (row) => (await quantity(row).getAttribute('aria-invalid')) === 'true';
    const scrollTo = (row) => page.locator('[data-line]').nth(row - 1).scrollIntoViewIfNeeded();
    for (const row of [8, 49, 459]) {
      await scrollTo(row);
      await quantity(row).waitFor();
      same([await invalid(row), await quantity(row).inputValue()], [true, ''], `line ${row}`);
    }
    await scrollTo(500);
    await quantity(500).waitFor();
    same([await invalid(500), await quantity(500).inputValue()], [false, '5'], 'line 500');
    await quantity(500).focus();
    await press('Control+z');
    await page.waitForFunction(() => document.querySelectorAll('[data-line]').length === 1);
  }],
  ['the browser had nothing to complain about', async () => same(page.complaints, [], 'console')],
];

const passed = await story('lists', steps, picture);
await browser.close();
front.stop();
await server.stop();
if (passed) remove();
else console.log(`pictures and books are in ${pictures}`);
process.exit(passed ? 0 : 1);
