// Every screen state that is looked at, and how to get there. Books: none (first run), empty (company without data), full.

const press = (...keys) => async (page) => {
  for (const key of keys) await page.keyboard.press(key);
  await page.waitForTimeout(250);
};
const open = (page, label) => page.getByRole('combobox', { name: label, exact: true });

async function writeInvoice(page) {
  await page.keyboard.type('birch');
  await page.waitForTimeout(200);
  await page.keyboard.press('Tab');
  for (const [i, [item, quantity]] of [['21007', '3*4'], ['21049', '300'], ['21084', '2']].entries()) {
    const row = page.locator('.line-grid tbody tr').nth(i);
    await row.getByRole('combobox', { name: /^Item/ }).fill(item);
    await page.waitForTimeout(150);
    await page.keyboard.press('Tab');
    await row.getByRole('textbox', { name: /^Quantity/ }).fill(quantity);
    await page.keyboard.press('Tab');
  }
  await page.waitForTimeout(900);
}

/** Opens the preview of what is on the screen and waits for its first page. */
async function preview(page) {
  await page.keyboard.press('Control+p');
  await page.locator('[data-drawn]').waitFor();
  await page.waitForTimeout(200);
}

async function upload(page) {
  await page.locator('input[type=file]').setInputFiles({ name: 'online-retail.csv', mimeType: 'text/csv', buffer: Buffer.from('InvoiceNo,StockCode\n536365,85123A\n') });
  await page.getByRole('heading', { name: 'Columns' }).waitFor();
}

/** Opens the panel of the server, or with a word the connect dialog from it. */
const server = async (page, then) => {
  await page.locator('[data-action="sync.panel"]').click();
  await page.waitForTimeout(200);
  await then?.(page);
};

async function connect(page, values) {
  for (const [name, value] of Object.entries(values)) await page.getByLabel(name, { exact: true }).fill(value);
  await page.keyboard.press('Control+Enter');
  await page.waitForTimeout(300);
}
const FIRM = { 'Address of the server*': 'books.northwind.example', 'Firm*': 'northwind', 'E-mail address*': 'ada@northwind.example' };
const fromSettings = async (page) => page.getByRole('button', { name: 'Connect to a server' }).click();
const fromStart = async (page) => page.getByRole('button', { name: 'Join a firm on a server' }).click();

export const SCREENS = [
  { name: 'onboarding', books: 'none' },
  { name: 'onboarding-missing', books: 'none', act: press('Control+Enter') },
  { name: 'home', books: 'full' },
  { name: 'home-empty', books: 'empty' },
  { name: 'palette', books: 'full', act: press('Control+k') },
  { name: 'palette-search', books: 'full', act: async (page) => { await page.keyboard.press('Control+k'); await page.keyboard.type('birch'); await page.waitForTimeout(300); } },
  { name: 'keys', books: 'full', act: press('?') },
  { name: 'hints', books: 'full', path: '/invoices', act: async (page) => { await page.keyboard.down('Alt'); await page.waitForTimeout(700); } },
  { name: 'invoices', books: 'full', path: '/invoices' },
  { name: 'invoices-end', books: 'full', path: '/invoices', act: async (page) => { await page.getByRole('grid').focus(); await press('End')(page); await page.waitForTimeout(300); } },
  { name: 'invoices-filter', books: 'full', path: '/invoices', act: async (page) => { await page.getByRole('button', { name: 'Filter', exact: true }).click(); } },
  { name: 'invoices-none', books: 'full', path: '/invoices?text=zzzz' },
  { name: 'invoices-empty', books: 'empty', path: '/invoices' },
  { name: 'invoice-new', books: 'full', path: '/invoices/new' },
  { name: 'invoice-filled', books: 'full', own: true, path: '/invoices/new', act: writeInvoice },
  { name: 'invoice-picking', books: 'full', own: true, path: '/invoices/new', act: async (page) => { await page.keyboard.type('ald'); await page.waitForTimeout(300); } },
  { name: 'invoice-missing', books: 'full', own: true, path: '/invoices/new', act: async (page) => { await press('Control+Enter')(page); await page.waitForTimeout(300); } },
  { name: 'invoice-posted', books: 'full', own: true, path: '/invoices/new', act: async (page) => { await writeInvoice(page); await page.keyboard.press('Control+Enter'); await page.getByText('is posted.').waitFor(); await page.waitForTimeout(300); } },
  { name: 'invoice-view', books: 'full', path: '/invoices/00000004-0000-4000-8000-000000000009' },
  { name: 'invoice-paid', books: 'full', path: '/invoices/00000004-0000-4000-8000-000000000008' },
  { name: 'invoice-reverse', books: 'full', path: '/invoices/00000004-0000-4000-8000-000000000009', act: async (page) => { await page.getByRole('button', { name: 'Reverse' }).click(); } },
  { name: 'invoice-credit', books: 'full', path: '/invoices/00000004-0000-4000-8000-000000000009', act: async (page) => { await page.getByRole('button', { name: 'Credit note' }).click(); } },
  { name: 'invoice-preview', books: 'full', path: '/invoices/00000004-0000-4000-8000-000000000009', act: preview },
  { name: 'invoice-preview-large', books: 'full', path: '/invoices/00000004-0000-4000-8000-000000000009', act: async (page) => { await preview(page); await press('+', '+')(page); await page.locator('[data-drawn]').waitFor(); } },
  { name: 'invoice-preview-draft', books: 'full', own: true, path: '/invoices/new', act: async (page) => { await writeInvoice(page); await preview(page); } },
  { name: 'invoice-preview-nothing', books: 'full', own: true, path: '/invoices/new', act: press('Control+p') },
  { name: 'invoice-preview-refused', books: 'full', own: true, path: '/invoices/new', act: async (page) => { await writeInvoice(page); await press('Control+e')(page); await page.getByRole('textbox', { name: 'Note on the invoice' }).fill('refuse'); await press('Control+p')(page); await page.getByRole('alert').waitFor(); } },
  { name: 'invoice-more', books: 'full', own: true, path: '/invoices/new', act: async (page) => { await writeInvoice(page); await press('Control+e')(page); await page.keyboard.press('Tab'); await page.keyboard.type('Friends'); await page.keyboard.press('Tab'); await page.keyboard.type('10'); await page.waitForTimeout(500); } },
  { name: 'invoice-line-details', books: 'full', own: true, path: '/invoices/new', act: async (page) => { await writeInvoice(page); await page.getByRole('textbox', { name: /^Quantity, line 1/ }).focus(); await press('Alt+Enter')(page); } },
  { name: 'parties', books: 'full', path: '/records/party' },
  { name: 'parties-empty', books: 'empty', path: '/records/party' },
  { name: 'party', books: 'full', path: '/records/party/00000001-0000-4000-8000-000000000004' },
  { name: 'party-new', books: 'full', own: true, path: '/records/party/new' },
  { name: 'party-missing', books: 'full', own: true, path: '/records/party/new', act: press('Control+Enter') },
  { name: 'item', books: 'full', path: '/records/item/00000002-0000-4000-8000-000000000004' },
  { name: 'item-calendar', books: 'full', path: '/invoices/new', act: async (page) => { await page.getByRole('textbox', { name: 'Invoice date' }).focus(); await press('Alt+ArrowDown')(page); } },
  { name: 'items', books: 'full', path: '/records/item' },
  { name: 'create-in-place', books: 'full', own: true, path: '/invoices/new', act: async (page) => { await open(page, 'Customer').fill('Brand New Ltd'); await page.waitForTimeout(250); await press('Control+Enter')(page); } },
  { name: 'reports', books: 'full', path: '/reports' },
  { name: 'trial-balance', books: 'full', path: '/reports/trial_balance' },
  { name: 'open-items', books: 'full', path: '/reports/open_items' },
  { name: 'balance-sheet', books: 'full', path: '/reports/balance_sheet' },
  { name: 'report-choose', books: 'full', path: '/reports/account_ledger' },
  { name: 'report-empty', books: 'empty', path: '/reports/open_items' },
  { name: 'accounts', books: 'full', path: '/records/account' },
  { name: 'journal', books: 'full', path: '/entries' },
  { name: 'import', books: 'full', path: '/import' },
  { name: 'import-contacts', books: 'full', path: '/import?kind=parties' },
  { name: 'import-check', books: 'full', own: true, path: '/import', act: upload },
  { name: 'import-running', books: 'full', own: true, path: '/import', act: async (page) => { await upload(page); await page.getByRole('button', { name: /^Import 541/ }).click(); await page.waitForTimeout(1500); await page.locator('[data-action=jobs]').click(); } },
  { name: 'import-done', books: 'full', own: true, path: '/import', act: async (page) => { await upload(page); await page.getByRole('button', { name: /^Import 541/ }).click(); await page.getByRole('heading', { name: 'Imported' }).waitFor(); } },
  { name: 'settings', books: 'full', path: '/settings' },
  { name: 'sync-alone', books: 'empty', path: '/', act: (page) => server(page) },
  { name: 'sync-step', books: 'step', act: (page) => server(page) },
  { name: 'sync-waiting', books: 'waiting', act: (page) => server(page) },
  { name: 'sync-offline', books: 'offline', act: (page) => server(page) },
  { name: 'sync-needs', books: 'needs', act: (page) => server(page) },
  { name: 'sync-signed-out', books: 'signedout', act: (page) => server(page) },
  { name: 'sync-line-both', books: 'both', path: '/invoices' },
  { name: 'sign-in', books: 'signedout', own: true, act: (page) => server(page, async () => { await page.getByRole('button', { name: 'Sign in again', exact: true }).click(); await page.keyboard.type('wrong'); await press('Enter')(page); }) },
  { name: 'sign-in-once', books: 'signedout', own: true, act: (page) => server(page, async () => { await page.getByRole('button', { name: 'Sign in again', exact: true }).click(); await page.keyboard.type('once'); await press('Enter')(page); }) },
  { name: 'connect', books: 'empty', path: '/settings', act: fromSettings },
  { name: 'connect-missing', books: 'empty', path: '/settings', act: async (page) => { await fromSettings(page); await press('Control+Enter')(page); } },
  { name: 'connect-refused', books: 'empty', path: '/settings', act: async (page) => { await fromSettings(page); await connect(page, { ...FIRM, 'Password*': 'wrong' }); } },
  { name: 'connect-once', books: 'empty', path: '/settings', act: async (page) => { await fromSettings(page); await connect(page, { ...FIRM, 'Password*': 'once' }); } },
  { name: 'connect-running', books: 'empty', own: true, path: '/settings', act: async (page) => { await fromSettings(page); await connect(page, { ...FIRM, 'Address of the server*': 'slow.example', 'Password*': 'a b c d' }); } },
  { name: 'connect-sample', books: 'full', path: '/settings', act: fromSettings },
  { name: 'connect-open-road', books: 'none', act: async (page) => { await fromStart(page); await page.getByLabel('Address of the server*').fill('http://books.northwind.example'); } },
  { name: 'join', books: 'none', act: fromStart },
  { name: 'joined', books: 'none', own: true, act: async (page) => { await fromStart(page); await connect(page, { ...FIRM, 'Password*': 'a b c d' }); await page.getByRole('heading', { name: 'Home' }).waitFor(); } },
  { name: 'settings-server', books: 'both', path: '/settings' },
  { name: 'attention', books: 'needs', path: '/attention' },
  { name: 'attention-none', books: 'step', path: '/attention' },
  { name: 'attention-alone', books: 'empty', path: '/attention' },
  { name: 'attention-end', books: 'needs', path: '/attention', act: async (page) => { await press('J', 'J', 'J', 'J')(page); } },
  { name: 'attention-fix', books: 'needs', path: '/attention', act: async (page) => { await press('E')(page); await page.getByRole('dialog').waitFor(); } },
  { name: 'attention-args', books: 'needs', path: '/attention', act: async (page) => { await press('J', 'J', 'J', 'J', 'E')(page); await page.getByRole('dialog').waitFor(); } },
  { name: 'attention-again', books: 'needs', path: '/attention', act: press('R') },
  { name: 'attention-discard', books: 'needs', path: '/attention', act: press('J', 'Delete', 'Control+Enter') },
  { name: 'attention-invoice', books: 'needs', path: '/attention', act: async (page) => { await press('J', 'J', 'J', 'E')(page); await page.getByRole('complementary').getByText('£').first().waitFor(); } },
  { name: 'attention-gone', books: 'needs', path: '/attention/none' },
  { name: 'attention-settled', books: 'needs', own: true, path: '/attention', act: async (page) => { await page.getByRole('article').first().waitFor(); await press('E')(page); await page.getByRole('dialog').getByRole('textbox', { name: 'Code', exact: true }).fill('P9001'); await press('Control+Enter')(page); await page.getByText('sent again').waitFor(); } },
  { name: 'no-such-screen', books: 'full', path: '/nowhere' },
  { name: 'not-found', books: 'full', path: '/records/party/none' },
];
