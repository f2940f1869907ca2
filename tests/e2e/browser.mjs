// The main job in a real browser against the real core: node tests/e2e/browser.mjs <daybook>
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser, openPage, visit } from '../../ui/e2e/browser.mjs';
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

async function saved() {
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('status').getByText(/saved/i).first().waitFor();
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
    await saved();
  }],
  ['an item', async () => {
    await visit(page, '/records/item/new');
    await page.getByRole('textbox', { name: 'Code', exact: true }).fill('W1');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Widget, blue');
    await page.getByRole('textbox', { name: 'Sales price' }).fill('12.50');
    await saved();
  }],
  ['an invoice with live totals from the core', async () => {
    await visit(page, '/invoices/new');
    await pick('Customer', 'ærø', 'Ærø Café');
    await pick('Item, line 1', 'w1', 'Widget, blue');
    await page.getByRole('textbox', { name: 'Quantity, line 1' }).fill('4');
    await page.getByRole('textbox', { name: 'Quantity, line 1' }).press('Tab');
    await page.getByRole('complementary').getByText('£60.00').waitFor();
  }],
  ['posted with Ctrl+Enter', async () => {
    await page.keyboard.press('Control+Enter');
    const told = page.getByText(/is posted\./).first();
    await told.waitFor();
    number = /(\S+) is posted/.exec(await told.textContent())[1];
  }],
  ['its PDF', async () => {
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.url().endsWith('/rpc/paper.invoice')),
      page.getByRole('main').getByRole('button', { name: 'PDF' }).click(),
    ]);
    const bytes = await answer.body();
    same([answer.status(), bytes.subarray(0, 5).toString(), bytes.includes('%%EOF')], [200, '%PDF-', true], 'PDF');
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
    same([proof.documents, proof.journal_entries], [1, 1], 'proof');
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
