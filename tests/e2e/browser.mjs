// The main job in a real browser against the real core: node tests/e2e/browser.mjs <daybook>
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { axe, openBrowser, openPage, visit } from '../../ui/e2e/browser.mjs';
import { daybook, freshFolder, serve } from './program.mjs';
import { holds, same, story } from './steps.mjs';

const binary = process.argv[2];
const { folder, remove } = freshFolder();
const books = join(folder, 'firm.books');
const server = await serve(binary, books);
const browser = await openBrowser();
const page = await openPage(browser, server.url);
page.setDefaultTimeout(15_000);
const pictures = process.env.E2E_PICTURES ?? folder;
const picture = (name) => page.screenshot({ path: join(pictures, `${name.replaceAll(/\W+/g, '-')}.png`) });
let number;

/** Types `text` into a combobox and chooses `wanted` among what the core offers for it. */
async function pick(name, text, wanted) {
  await page.getByRole('combobox', { name }).fill(text);
  await page.getByRole('option', { name: wanted }).first().click();
}

/** Opens the preview, waits for its first page and returns what it says. */
async function paper() {
  await page.keyboard.press('Control+p');
  await page.locator('dialog [data-drawn]').first().waitFor();
  return page.locator('dialog .textLayer').first().innerText();
}

/** Saves what is on the screen; `name` is what is told afterwards. */
async function save(name) {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText(`${name} saved.`).waitFor();
}

const steps = [
  ['the token leaves the address bar', async () => holds(!page.url().includes('token='), page.url())],
  ['three answers make a company', async () => {
    await page.getByRole('textbox', { name: 'Company name' }).fill('Anvil & Söhne Ltd');
    await page.getByRole('button', { name: 'Create company' }).click();
    await page.getByRole('heading', { name: 'Home' }).waitFor();
  }],
  ['a customer', async () => {
    await visit(page, '/records/party/new');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Ærø Café');
    await save('Contact');
  }],
  ['an item', async () => {
    await visit(page, '/records/item/new');
    await page.getByRole('textbox', { name: 'Code', exact: true }).fill('W1');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Widget, blue');
    await page.getByRole('textbox', { name: 'Sales price' }).fill('12.50');
    await save('Item');
  }],
  ['an invoice with live totals from the core', async () => {
    await visit(page, '/invoices/new');
    await pick('Customer', 'ærø', 'Ærø Café');
    await pick('Item, line 1', 'w1', 'Widget, blue');
    await page.getByRole('textbox', { name: 'Quantity, line 1' }).fill('4');
    await page.getByRole('textbox', { name: 'Quantity, line 1' }).press('Tab');
    await page.getByRole('complementary').getByText('£60.00').waitFor();
  }],
  ['a supporting document goes with it, and outlives a reload', async () => {
    const sheet = join(folder, 'hours.pdf');
    writeFileSync(sheet, `%PDF-1.7 ${'hours '.repeat(2_000)}`);
    await page.keyboard.press('Control+e');
    await page.getByLabel('Attach a file').setInputFiles(sheet);
    await page.getByRole('button', { name: 'Take hours.pdf off' }).waitFor();
    same(await axe(page), [], 'axe');
    await page.getByText('Draft saved at').first().waitFor();
    await page.waitForFunction(() => !location.hash.includes('/new'));
    await page.waitForTimeout(1_500);
    await page.reload();
    await page.getByRole('button', { name: 'Take hours.pdf off' }).waitFor();
    await page.keyboard.press('Control+e');
  }],
  ['its draft as paper, without a number', async () => {
    const began = Date.now();
    const words = await paper();
    const took = Date.now() - began;
    for (const said of ['Ærø Café', 'Widget, blue', '60.00', 'DRAFT']) holds(words.includes(said), `the draft does not say ${said}: ${words}`);
    holds(!words.includes('Invoice no.'), `a draft has no number: ${words}`);
    same(await axe(page), [], 'axe');
    await page.getByRole('dialog').getByText('Page 1 of 1').first().waitFor();
    await page.keyboard.press('+');
    await page.getByRole('dialog').getByText('125 %').waitFor();
    await page.keyboard.press('Escape');
    holds(took < 5000, `the first preview took ${took} ms`);
  }],
  ['posted with Ctrl+Enter', async () => {
    await page.keyboard.press('Control+Enter');
    const told = page.getByText(/is posted\./).first();
    await told.waitFor();
    number = /(\S+) is posted/.exec(await told.textContent())[1];
    await page.getByRole('heading', { name: number }).waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save hours.pdf' }).click()]);
    holds(readFileSync(await file.path(), 'utf8').startsWith('%PDF-1.7 hours'), 'the file of the posted invoice');
    same([await page.getByRole('button', { name: /^Take/ }).count(), await axe(page)], [0, []], 'it stays');
  }],
  ['its paper, saved as a file', async () => {
    const words = await paper();
    holds(words.includes(number), `the paper does not say ${number}: ${words}`);
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Control+s')]);
    same(download.suggestedFilename(), `${number}.pdf`, 'file name');
    const bytes = readFileSync(await download.path());
    same([bytes.subarray(0, 5).toString(), bytes.includes('%%EOF')], ['%PDF-', true], 'PDF');
    await page.keyboard.press('Escape');
  }],
  ['an invoice with a charge on its line, a discount on the whole and a chosen tax, by keyboard only', async () => {
    await visit(page, '/invoices/new');
    await page.keyboard.type('ærø');
    await page.getByRole('option', { name: 'Ærø Café' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Control+l');
    await page.keyboard.type('w1');
    await page.getByRole('option', { name: 'Widget, blue' }).waitFor();
    await page.keyboard.press('Tab');
    await page.getByRole('textbox', { name: 'Description, line 1' }).and(page.locator(':focus')).waitFor();
    // Quantity, price, discount, tax.
    for (const typed of ['8', '', '', 'Z']) {
      await page.keyboard.press('Tab');
      await page.keyboard.type(typed);
    }
    await page.getByRole('option', { name: /^Z/ }).first().waitFor();
    await page.keyboard.press('Tab');
    await page.getByRole('complementary').getByText('£100.00').waitFor();
    await page.getByRole('combobox', { name: /, line 1$/ }).last().focus();
    await page.keyboard.press('Alt+Enter');
    await page.getByRole('dialog').getByRole('textbox', { name: 'Note on this line' }).fill('Hand painted');
    await page.getByRole('dialog').getByRole('combobox', { name: 'Kind, line 1' }).selectOption('charge');
    await page.getByRole('dialog').getByRole('textbox', { name: 'Reason, line 1' }).fill('Glaze');
    await page.getByRole('dialog').getByRole('textbox', { name: 'Amount, line 1' }).fill('20');
    await page.keyboard.press('Control+Enter');
    await page.keyboard.press('Control+e');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Friends');
    await page.keyboard.press('Tab');
    await page.keyboard.type('10');
    await page.getByRole('textbox', { name: 'Purchase order', exact: true }).fill('PO 7');
    await page.getByRole('complementary').getByText('£108.00').waitFor();
    same(await axe(page), [], 'axe');
    await page.keyboard.press('Control+Enter');
    await page.getByText(/is posted\./).last().waitFor();
    const main = page.getByRole('main');
    for (const said of ['Friends (10 %) -12.00', 'Glaze 20.00', 'Hand painted', 'PO 7', '£108.00']) await main.getByText(said).first().waitFor();
  }],
  ['contacts from a file, checked first', async () => {
    await visit(page, '/import?kind=parties');
    await page.locator('input[type=file]').setInputFiles({ name: 'contacts.csv', mimeType: 'text/csv', buffer: Buffer.from('Customer code,Company,Country\nC1,Bolt & Co,GB\nC2,Ærø Café,DK\n') });
    await page.getByRole('heading', { name: 'Columns' }).waitFor();
    same(await axe(page), [], 'axe');
    await page.getByRole('button', { name: 'Import 2 rows' }).click();
    await page.getByRole('heading', { name: 'Imported' }).waitFor();
    await visit(page, '/records/party');
    await page.getByText('Bolt & Co').first().waitFor();
  }],
  ['the invoice stands in the list', async () => {
    await visit(page, '/invoices');
    await page.getByText(number).first().waitFor();
    await page.getByText('60.00').first().waitFor();
  }],
  ['the trial balance balances', async () => {
    await visit(page, '/reports/trial_balance');
    await page.getByText('Trade debtors').waitFor();
    await page.getByText('Sales of goods').waitFor();
  }],
  ['the browser had nothing to complain about', async () => same(page.complaints, [], 'console')],
  ['the server ends when asked', async () => {
    await browser.close();
    same(await server.stop(), 0, 'exit code');
  }],
  ['the command line sees and proves the same books', async () => {
    const proof = JSON.parse(daybook(binary, ['verify', '--json', '--books', books]).out).proved;
    same([proof.documents, proof.journal_entries], [2, 2], 'proof');
    const file = join(folder, 'invoice.pdf');
    same(daybook(binary, ['pdf', 'invoice', number, '-o', file, '--books', books]).code, 0, 'pdf');
    holds(readFileSync(file).subarray(0, 5).toString() === '%PDF-', 'a PDF file');
  }],
];

const passed = await story('browser', steps, picture);
await browser.close();
await server.stop();
await settled();
process.exit(passed ? 0 : 1);

async function settled() {
  if (passed) remove();
  else console.log(`pictures and books are in ${pictures}`);
}
