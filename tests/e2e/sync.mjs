// A firm's server and two of its devices, each in a real browser: both work while the server is away, what the server
// does not take is put right where it was made, and all end in step: node tests/e2e/sync.mjs <daybook>
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { axe, openBrowser, openPage, settle, visit } from '../../ui/e2e/browser.mjs';
import { daybook, freshFolder, serve } from './program.mjs';
import { holds, same, story } from './steps.mjs';

const binary = process.argv[2];
const OWNER = 'ann@acme.example';
const CLERK = 'ben@acme.example';
const PASSWORD = 'seven quiet harbours';
const { folder, remove } = freshFolder();
const at = (name) => join(folder, name);
const data = at('data');
const browser = await openBrowser();
const pictures = process.env.E2E_PICTURES ?? folder;
const ann = {};
const ben = {};
const cleo = {};
let central, address, oneTime;

/** The central server on a port of its own; the same one again after it was away. */
async function serveCentral(port) {
  const server = spawn(binary, ['serve', '--data', data, '--listen', `127.0.0.1:${port}`], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  const url = await new Promise((resolve, reject) => {
    server.stdout.once('data', (line) => resolve(String(line).trim()));
    ended.then((code) => reject(new Error(`the central server ended with ${code}`)));
  });
  return { url, stop: () => (server.kill('SIGTERM'), ended) };
}

function tenant(...args) {
  const { code, out, err } = daybook(binary, ['tenant', '--data', data, ...args]);
  same([code, err], [0, ''], args.join(' '));
  return out;
}

/** Books that do not exist yet, open in a browser. */
async function device(who, name) {
  who.books = at(`${name}.books`);
  who.server = await serve(binary, who.books);
  who.page = await openPage(browser, who.server.url);
  who.page.setDefaultTimeout(20_000);
}

/** Fills in where to and as whom, and sends it; `chosen` takes the place of a password for once. */
async function connect(who, firm, email, password, chosen) {
  const dialog = who.page.getByRole('dialog');
  for (const [label, typed] of [['Address of the server', address], ['Firm', firm], ['E-mail address', email], ['Password', password]]) await dialog.getByLabel(`${label}*`, { exact: true }).fill(typed);
  await who.page.keyboard.press('Control+Enter');
  if (!chosen) return;
  await dialog.getByText('Choose one of your own').waitFor();
  same(await axe(who.page), [], 'axe');
  for (const label of ['New password', 'New password again']) await dialog.getByLabel(`${label}*`, { exact: true }).fill(chosen);
  await who.page.keyboard.press('Control+Enter');
}

async function joinFirm(who, email, password, chosen) {
  await who.page.getByRole('button', { name: 'Join a firm on a server' }).click();
  await connect(who, 'acme', email, password, chosen);
}

/** What the one indicator says. */
const says = (who, words) => who.page.locator('[data-action="sync.panel"]').filter({ hasText: words }).waitFor();

async function contact(who, code, name) {
  await visit(who.page, '/records/party/new');
  await who.page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await who.page.getByRole('textbox', { name: 'Code', exact: true }).fill(code);
  await who.page.keyboard.press('Control+Enter');
  await who.page.getByRole('heading', { name: 'Contacts' }).waitFor();
}

/** Writes and posts an invoice of one line, £10 net. */
async function invoice(who, customer) {
  await visit(who.page, '/invoices/new');
  await choose(who, customer);
  await who.page.getByRole('textbox', { name: 'Description, line 1' }).fill('Repair');
  await who.page.getByRole('textbox', { name: 'Price, line 1' }).fill('10');
  await who.page.getByRole('textbox', { name: 'Price, line 1' }).press('Tab');
  await who.page.getByRole('complementary').getByText('£12.00').waitFor();
  await who.page.keyboard.press('Control+Enter');
  await posted(who);
}

async function choose(who, customer) {
  await who.page.getByRole('combobox', { name: 'Customer' }).fill(customer);
  await who.page.getByRole('option', { name: customer }).first().click();
}

const posted = (who) => who.page.getByText(/is posted\./).first().waitFor();

/** Walks through the inbox by key until it stands at the item that says `words`. */
async function goTo(who, words) {
  await who.page.getByRole('article').first().waitFor();
  const wanted = who.page.locator('article:focus').filter({ hasText: words });
  for (const key of 'kkkkjjjj') if (!(await wanted.count())) await who.page.keyboard.press(key);
  await wanted.waitFor();
}

/** Asks the core behind a page, as the page does. */
async function core(who, method, body) {
  const { origin, hash } = new URL(who.server.url);
  const headers = { Authorization: `Bearer ${decodeURIComponent(hash.replace('#token=', ''))}`, 'Content-Type': 'application/json' };
  const answer = await (await fetch(`${origin}/rpc/${method}`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  holds(!answer.code, JSON.stringify(answer));
  return answer;
}

const execute = (who, name, args) => core(who, 'execute', { name, args });

async function idOf(who, code) {
  const { rows } = await core(who, 'query', { name: 'records.list', args: { record: 'party', where: [{ field: 'code', op: '=', value: code }] } });
  return rows[0].id;
}

/** Makes Ben something else, at the server. */
async function role(name) {
  const post = async (path, body, token) => (await fetch(`${address}/v1/acme/${path}`, { method: 'POST', headers: token ? { Authorization: `Bearer ${token}` } : {}, body: JSON.stringify(body) })).json();
  const { access_token } = await post('sign-in', { email: OWNER, password: PASSWORD });
  const { rows } = await post('rpc/records.list', { record: 'app_user' }, access_token);
  const { id } = rows.find((row) => row.email === CLERK);
  holds((await post('rpc/identity.save_user', { id, name: 'Ben', role: name, email: CLERK }, access_token)).result, 'role');
}

async function lists(who, ...names) {
  await visit(who.page, '/records/party');
  for (const name of names) await who.page.getByText(name).first().waitFor();
}

const steps = [
  ['a firm on a server', async () => {
    writeFileSync(at('password'), `${PASSWORD}\n`);
    tenant('add', 'acme', '--company', 'Acme & Söhne', '--country', 'GB', '--currency', 'GBP', '--owner-email', OWNER, '--owner', 'Ann', '--password-file', at('password'));
    oneTime = JSON.parse(tenant('user', 'add', 'acme', CLERK, '--name', 'Ben', '--role', 'admin', '--json')).password;
    central = await serveCentral(0);
    address = central.url.replace(/\/$/, '');
  }],
  ['the first device joins it, after a slip', async () => {
    await device(ann, 'ann');
    await joinFirm(ann, OWNER, 'a wrong password');
    await ann.page.getByText('do not fit').waitFor();
    same(await axe(ann.page), [], 'axe');
    await ann.page.getByLabel('Password*', { exact: true }).fill(PASSWORD);
    await ann.page.keyboard.press('Control+Enter');
    await ann.page.getByRole('heading', { name: 'Home' }).waitFor();
    await says(ann, 'In step');
  }],
  ['the second joins with a password for once', async () => {
    await device(ben, 'ben');
    await joinFirm(ben, CLERK, oneTime, 'nine copper lanterns');
    await ben.page.getByRole('heading', { name: 'Home' }).waitFor();
    await says(ben, 'In step');
  }],
  ['what one does is seen by the other', async () => {
    await contact(ann, 'A1', 'Anvil Ltd');
    await says(ann, 'In step');
    await lists(ben, 'Anvil Ltd');
  }],
  ['the server goes away, and both go on working', async () => {
    await central.stop();
    await contact(ann, 'K7', 'Kiln & Co');
    await contact(ben, 'K7', 'Kestrel Ltd');
    await visit(ann.page, '/records/party');
    await ann.page.getByText('Anvil Ltd').first().dblclick();
    await ann.page.getByRole('button', { name: 'Archive' }).click();
    await ann.page.getByText('is archived').waitFor();
    await says(ann, /Offline since.*2 waiting/);
    await invoice(ben, 'Anvil Ltd');
    await says(ben, /Offline since.*[3-9] waiting/);
    await visit(ben.page, '/invoices');
    await ben.page.getByText(/^As of \d\d:\d\d/).waitFor();
    await ben.page.getByRole('row').filter({ hasText: 'Anvil Ltd' }).getByText('Not with the server yet').waitFor();
    same(await axe(ben.page), [], 'axe');
    await visit(ben.page, '/reports/sales');
    await ben.page.getByText(/^As of \d\d:\d\d/).waitFor();
    await ben.page.locator('[data-action="sync.panel"]').click();
    await ben.page.getByRole('dialog').getByText('The server does not answer.').waitFor();
    same(await axe(ben.page), [], 'axe');
    await ben.page.keyboard.press('Escape');
  }],
  ['it comes back: the first who sends has the code', async () => {
    central = await serveCentral(new URL(address).port);
    await ann.page.keyboard.press('Control+Shift+S');
    await says(ann, 'In step');
    await ben.page.keyboard.press('Control+Shift+S');
    await says(ben, /Needs you \(\d+\)/);
  }],
  ['the other finds it in the inbox, with the reason, by keyboard only', async () => {
    await ben.page.getByRole('main').focus();
    await ben.page.keyboard.press('g');
    await ben.page.keyboard.press('n');
    await ben.page.getByRole('heading', { name: /Kestrel Ltd/ }).waitFor();
    await settle(ben.page);
    same(await axe(ben.page), [], 'axe');
    await ben.page.screenshot({ path: join(pictures, 'inbox.png') });
    await goTo(ben, 'Kestrel Ltd');
    await ben.page.keyboard.press('r');
    await ben.page.getByRole('alert').waitFor();
  }],
  ['and puts it right', async () => {
    await ben.page.keyboard.press('e');
    const code = ben.page.getByRole('dialog').getByRole('textbox', { name: 'Code', exact: true });
    await code.and(ben.page.locator(':focus')).waitFor();
    same(await axe(ben.page), [], 'axe');
    await code.fill('K8');
    await ben.page.keyboard.press('Control+Enter');
    await ben.page.getByRole('article').filter({ hasText: 'Kestrel Ltd' }).waitFor({ state: 'detached' });
  }],
  ['an invoice to somebody archived meanwhile is final all the same; its draft, which was refused, leaves by itself', async () => {
    await ben.page.getByRole('heading', { name: 'Nothing needs you' }).waitFor();
    await says(ben, 'In step');
    await visit(ann.page, '/invoices');
    await ann.page.getByText(/^\d\d-C-0001$/).first().waitFor();
    await ann.page.getByText('Anvil Ltd').first().waitFor();
  }],
  ['both end with the same', async () => {
    await ann.page.keyboard.press('Control+Shift+S');
    await lists(ann, 'Kiln & Co', 'Kestrel Ltd', 'K8');
    await lists(ben, 'Kiln & Co', 'Kestrel Ltd', 'K8');
    for (const who of [ann, ben]) {
      await visit(who.page, '/invoices');
      await who.page.getByText('Anvil Ltd').first().waitFor();
      await who.page.getByText('Not with the server yet').waitFor({ state: 'detached' });
      await who.page.getByText(/^As of/).waitFor({ state: 'detached' });
    }
    await says(ann, 'In step');
  }],
  ['a file that one attaches comes to the other when she asks for it', async () => {
    writeFileSync(at('sheet.pdf'), `%PDF-1.7 ${'a time sheet '.repeat(40_000)}`);
    await visit(ann.page, '/records/party');
    await ann.page.getByText('Kiln & Co').first().dblclick();
    await ann.page.getByRole('heading', { name: 'Files' }).waitFor();
    await ann.page.getByLabel('Attach a file').setInputFiles(at('sheet.pdf'));
    await ann.page.getByText('sheet.pdf').waitFor();
    same(await axe(ann.page), [], 'axe');
    await says(ann, 'In step');
    await visit(ben.page, '/records/party');
    await ben.page.getByText('Kiln & Co').first().dblclick();
    await ben.page.getByText('On the server').waitFor();
    const [download] = await Promise.all([ben.page.waitForEvent('download'), ben.page.getByRole('button', { name: 'Save sheet.pdf' }).click()]);
    same(readFileSync(await download.path(), 'utf8') === readFileSync(at('sheet.pdf'), 'utf8'), true, 'the same bytes');
    await ben.page.getByText('On the server').waitFor({ state: 'detached' });
    same(await axe(ben.page), [], 'axe');
    writeFileSync(at('virus.exe'), 'MZ');
    await ben.page.getByLabel('Attach a file').setInputFiles(at('virus.exe'));
    await ben.page.getByText('is not a kind of file').waitFor();
    await ben.page.getByRole('button', { name: 'Take sheet.pdf off' }).click();
    await ben.page.getByText('sheet.pdf', { exact: true }).waitFor({ state: 'detached' });
    await ann.page.getByText('sheet.pdf').waitFor({ state: 'detached' });
  }],
  ['a change that others overtook stands beside what is there now, and is applied to it', async () => {
    await central.stop();
    await execute(ann, 'parties.save_party', { code: 'M1', name: 'Mason Ltd', country: 'GB', is_customer: true });
    const id = await idOf(ben, 'K8');
    await execute(ann, 'parties.save_party', { id, phone: '0113 496 0000' });
    await execute(ben, 'parties.save_party', { id, code: 'M1', name: 'Kestrel & Sons' });
    central = await serveCentral(new URL(address).port);
    await ann.page.keyboard.press('Control+Shift+S');
    await says(ann, 'In step');
    await ben.page.keyboard.press('Control+Shift+S');
    await says(ben, 'Needs you (1)');
    await visit(ben.page, '/attention');
    const rows = ben.page.getByRole('group', { name: 'What you tried, beside what is there now' }).getByRole('row');
    await rows.first().waitFor();
    same(await rows.evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.innerText.trim()).join(' | '))), ['Field | Tried | In the books now', 'Code | M1 | K8', 'Name | Kestrel & Sons | Kestrel Ltd'], 'beside');
    await settle(ben.page);
    same(await axe(ben.page), [], 'axe');
    await ben.page.screenshot({ path: join(pictures, 'beside.png') });
    await goTo(ben, 'Kestrel & Sons');
    await ben.page.keyboard.press('e');
    await ben.page.getByRole('dialog').getByRole('textbox', { name: 'Code', exact: true }).fill('M2');
    await ben.page.keyboard.press('Control+Enter');
    await ben.page.getByRole('heading', { name: 'Nothing needs you' }).waitFor();
    await says(ben, 'In step');
    const { row } = await core(ben, 'query', { name: 'records.get', args: { record: 'party', id } });
    same([row.code, row.name, row.phone], ['M2', 'Kestrel & Sons', '0113 496 0000'], 'applied to the latest');
  }],
  ['things that failed together are let go together', async () => {
    await central.stop();
    await execute(ann, 'parties.save_party', { code: 'N1', name: 'Nettle Ltd', country: 'GB', is_customer: true });
    const { result } = await execute(ben, 'parties.save_party', { code: 'N1', name: 'Nimbus Ltd', country: 'GB', is_customer: true });
    await execute(ben, 'parties.save_address', { party: result.id, purpose: 'delivery', line1: '1 Dock Road', city: 'Hull' });
    central = await serveCentral(new URL(address).port);
    await ann.page.keyboard.press('Control+Shift+S');
    await says(ann, 'In step');
    await ben.page.keyboard.press('Control+Shift+S');
    await says(ben, 'Needs you (2)');
    await ben.page.getByRole('button', { name: 'Try all 2 again' }).click();
    await ben.page.getByRole('alert').waitFor();
    same(await axe(ben.page), [], 'axe');
    await ben.page.getByRole('button', { name: 'Discard all 2…' }).click();
    await ben.page.getByRole('dialog').getByRole('textbox', { name: 'Reason' }).fill('Another customer');
    await ben.page.keyboard.press('Control+Enter');
    await ben.page.getByRole('heading', { name: 'Nothing needs you' }).waitFor();
    await says(ben, 'In step');
  }],
  ['who may no longer asks, and another approves it with one key', async () => {
    await ben.page.goto(`${address}/docs`);
    same(await ben.server.stop(), 0, 'exit code');
    const made = daybook(binary, ['exec', 'parties.save_party', JSON.stringify({ code: 'P1', name: 'Pewter Ltd', country: 'GB', is_customer: true }), '--books', ben.books]);
    same([made.code, made.err], [0, ''], 'done offline');
    await role('auditor');
    ben.server = await serve(binary, ben.books);
    await ben.page.goto(ben.server.url);
    await says(ben, 'Needs you (1)');
    await visit(ben.page, '/attention');
    await goTo(ben, 'Pewter Ltd');
    await ben.page.keyboard.press('a');
    await ben.page.getByRole('dialog').getByRole('textbox', { name: 'Reason' }).fill('He waits at the counter');
    same(await axe(ben.page), [], 'axe');
    await ben.page.keyboard.press('Control+Enter');
    await ben.page.getByText('Waits for somebody').waitFor();
    await settle(ben.page);
    same(await axe(ben.page), [], 'axe');
    await visit(ann.page, '/attention');
    await goTo(ann, 'He waits at the counter');
    await settle(ann.page);
    same(await axe(ann.page), [], 'axe');
    await ann.page.screenshot({ path: join(pictures, 'request.png') });
    await ann.page.keyboard.press('a');
    await ann.page.getByRole('heading', { name: 'Nothing needs you' }).waitFor();
    await ben.page.getByRole('heading', { name: 'Nothing needs you' }).waitFor();
    await lists(ben, 'Pewter Ltd');
    await role('admin');
  }],
  ['a session that was ended asks for the password, and loses nothing', async () => {
    const { password } = JSON.parse(tenant('user', 'invite', 'acme', CLERK, '--json'));
    await contact(ben, 'L1', 'Lantern Ltd');
    await says(ben, 'sign in again');
    await ben.page.locator('[data-action="sync.panel"]').click();
    await ben.page.getByRole('button', { name: 'Sign in again', exact: true }).click();
    await ben.page.keyboard.type(password);
    await ben.page.keyboard.press('Enter');
    await ben.page.getByText('Choose one of your own').waitFor();
    same(await axe(ben.page), [], 'axe');
    for (const label of ['New password', 'New password again']) await ben.page.getByLabel(`${label}*`, { exact: true }).fill('ten silver kettles');
    await ben.page.keyboard.press('Enter');
    await ben.page.getByText('You are signed in again.').waitFor();
    await ben.page.keyboard.press('Escape');
    await says(ben, 'In step');
    await lists(ann, 'Lantern Ltd');
  }],
  ['signing out says what is not sent, keeps it, and locks the books', async () => {
    await central.stop();
    await execute(ben, 'parties.save_party', { code: 'Q1', name: 'Quarry Ltd', country: 'GB', is_customer: true });
    await says(ben, /1 waiting/);
    await ben.page.locator('[data-action="sync.panel"]').click();
    await ben.page.getByRole('button', { name: 'Sign out…' }).click();
    await ben.page.getByRole('listitem').filter({ hasText: 'Quarry Ltd' }).waitFor();
    await settle(ben.page);
    same(await axe(ben.page), [], 'axe');
    await ben.page.screenshot({ path: join(pictures, 'sign-out.png') });
    await ben.page.getByRole('button', { name: 'Send first, then sign out' }).click();
    await ben.page.getByText('1 entries of these books were not sent').waitFor();
    await ben.page.getByRole('button', { name: 'Sign out, keep it here' }).click();
    await ben.page.getByRole('heading', { name: 'These books are locked' }).waitFor();
    await settle(ben.page);
    same(await axe(ben.page), [], 'axe');
    holds(daybook(binary, ['list', 'party', '--books', ben.books]).err.includes('locked'), 'no other program opens them');
    central = await serveCentral(new URL(address).port);
    await ben.page.getByLabel('Password*', { exact: true }).fill('ten silver kettles');
    await ben.page.keyboard.press('Enter');
    await ben.page.getByText('You are signed in again.').waitFor();
    await says(ben, 'In step');
    await ann.page.keyboard.press('Control+Shift+S');
    await lists(ann, 'Quarry Ltd');
  }],
  ['books made alone become a firm on the server', async () => {
    const { password } = JSON.parse(tenant('add', 'solo', '--owner-email', 'cleo@solo.example', '--json'));
    await device(cleo, 'cleo');
    await cleo.page.getByRole('textbox', { name: 'Company name' }).fill('Solo Ltd');
    await cleo.page.getByRole('button', { name: 'Create company' }).click();
    await cleo.page.getByRole('heading', { name: 'Home' }).waitFor();
    await contact(cleo, 'S1', 'Sail & Co');
    await says(cleo, 'Saved on this computer');
    await cleo.page.locator('[data-action="sync.panel"]').click();
    await cleo.page.getByRole('button', { name: 'Connect to a server' }).click();
    await connect(cleo, 'acme', OWNER, PASSWORD);
    await cleo.page.getByText('has entries already').or(cleo.page.getByText('has an owner')).first().waitFor();
    same(await axe(cleo.page), [], 'axe');
    await connect(cleo, 'solo', 'cleo@solo.example', password, 'eleven green lamps');
    await cleo.page.getByText('These books are connected').waitFor();
    await says(cleo, 'In step');
    await lists(cleo, 'Sail & Co');
  }],
  ['the browsers had nothing to complain about', async () => same([ann, ben, cleo].flatMap(({ page }) => page.complaints), [], 'console')],
  ['a folder copied to another computer becomes a device of its own there', async () => {
    same(await cleo.server.stop(), 0, 'exit code');
    mkdirSync(at('copy'));
    for (const tail of ['', '.head', '.seat']) copyFileSync(cleo.books + tail, at(`copy/cleo.books${tail}`));
    cleo.server = await serve(binary, cleo.books);
    await cleo.page.goto(cleo.server.url);
    const here = process.env.DAYBOOK_STATE_DIR;
    Object.assign(process.env, { DAYBOOK_MACHINE: 'another', DAYBOOK_STATE_DIR: at('another-state') });
    const copy = { books: at('copy/cleo.books') };
    copy.server = await serve(binary, copy.books);
    copy.page = await openPage(browser, copy.server.url);
    await says(copy, 'Needs you: sign in again');
    const { result: { id: party } } = await execute(copy, 'parties.save_party', { code: 'S2', name: 'Second Sail', country: 'GB', is_customer: true });
    const sale = { draft: { party, lines: [{ name: 'Repair', quantity: '1', unit_price: '10' }] } };
    const refused = await execute(copy, 'billing.post_invoice', sale).catch((error) => error.message);
    holds(String(refused).includes('number.copy'), `no numbers: ${refused}`);
    await copy.page.locator('[data-action="sync.panel"]').click();
    await copy.page.getByText('may be a copy').waitFor();
    await settle(copy.page);
    same(await axe(copy.page), [], 'axe');
    await copy.page.screenshot({ path: join(pictures, 'copied.png') });
    await copy.page.getByRole('button', { name: 'Sign in again', exact: true }).click();
    await copy.page.getByLabel('Password*', { exact: true }).fill('eleven green lamps');
    await copy.page.keyboard.press('Enter');
    await says(copy, 'In step');
    const { result } = await execute(copy, 'billing.post_invoice', sale);
    holds(/-B-0001$/.test(result.number), `a letter of its own: ${result.number}`);
    await copy.page.keyboard.press('Escape');
    await copy.page.keyboard.press('Control+Shift+S');
    await says(copy, 'In step');
    await cleo.page.keyboard.press('Control+Shift+S');
    await lists(cleo, 'Second Sail');
    same(copy.page.complaints, [], 'console');
    await copy.page.close();
    same(await copy.server.stop(), 0, 'exit code');
    delete process.env.DAYBOOK_MACHINE;
    process.env.DAYBOOK_STATE_DIR = here;
    holds(JSON.parse(daybook(binary, ['verify', '--json', '--books', copy.books]).out).proved, 'proved');
  }],
  ['the books are proved on all', async () => {
    for (const who of [ann, ben, cleo]) same(await who.server.stop(), 0, 'exit code');
    const proofs = [ann, ben, cleo].map(({ books }) => JSON.parse(daybook(binary, ['verify', '--json', '--books', books]).out));
    holds(proofs.every((proof) => proof.proved), JSON.stringify(proofs));
    same(await central.stop(), 0, 'exit code');
  }],
];

const passed = await story('sync', steps, async (name) => {
  for (const [who, { page }] of Object.entries({ ann, ben, cleo })) await page?.screenshot({ path: join(pictures, `${name.replaceAll(/\W+/g, '-')}-${who}.png`) });
});
await browser.close();
for (const who of [ann, ben, cleo]) await who.server?.stop();
await central?.stop();
if (passed) remove();
else console.log(`pictures and books are in ${pictures}`);
process.exit(passed ? 0 : 1);
