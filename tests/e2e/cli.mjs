// The command line as people and scripts use it, good input and bad: node tests/e2e/cli.mjs <daybook>
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { daybook, freshFolder, serve } from './program.mjs';
import { holds, same, story } from './steps.mjs';

const binary = process.argv[2];
const { folder, remove } = freshFolder();
const at = (name) => join(folder, name);
const books = at('firm.books');
const run = (...args) => daybook(binary, ['--books', books, ...args]);
const runOn = (file, ...args) => daybook(binary, ['--books', file, ...args]);

function good(...args) {
  const { code, out, err } = run(...args);
  same([code, err], [0, ''], args.join(' '));
  return out;
}

const json = (...args) => JSON.parse(good(...args, '--json'));

/** The answer must fail with this exit code, name the error, and say what to do next. */
function bad({ code, out, err }, wanted, words) {
  same([code, out], [wanted, ''], err);
  holds(err.startsWith('error: ') && err.includes('\n  next: ') && err.includes(words), `wanted “${words}” in: ${err}`);
}

const SALES = 'Invoice,Date,Customer,Item,Description,Quantity,Price\n1,2026-03-01,C1,W1,Widget,2,1.50\n1,2026-03-01,C1,W2,Gadget,1,4.00\n2,2026-03-02,C2,W1,Widget,10,1.50\n';
let batch;

const steps = [
  ['books that are not there', async () => {
    bad(run('list', 'parties'), 1, 'no books');
    bad(run('verify'), 1, 'no books');
    bad(run('exec', 'parties.save_party', '{"name":"Ann"}'), 1, 'no books');
    holds(!existsSync(books), 'looking made a file');
  }],
  ['setting up', async () => {
    bad(run('init', '--name', 'Acme', '--country', 'GB', '--currency', 'XXX'), 2, 'XXX');
    bad(run('init', '--name', 'Acme', '--country', 'Atlantis', '--currency', 'GBP'), 2, 'Atlantis');
    bad(run('init', '--name', 'x'.repeat(201), '--country', 'GB', '--currency', 'GBP'), 2, 'name');
    same(run('init', '--name', 'Acme').code, 2, 'usage');
    const status = json('init', '--name', 'Acme & Söhne', '--country', 'UK', '--currency', 'GBP');
    same([status.company.name, status.company.country], ['Acme & Söhne', 'GB'], 'company');
    bad(run('init', '--name', 'Acme', '--country', 'GB', '--currency', 'GBP'), 3, 'already');
  }],
  ['executing: typed, from a file, from standard input', async () => {
    same(typeof json('exec', 'parties.save_party', '{"name":"Ann","code":"A"}').result.id, 'string', 'typed');
    writeFileSync(at('bob.json'), '{"name":"Bob","code":"B"}');
    good('exec', 'parties.save_party', `@${at('bob.json')}`);
    same(daybook(binary, ['--books', books, 'exec', 'parties.save_party', '-'], '{"name":"Çelik","code":"C"}').code, 0, 'standard input');
    const id = '01890a5d-ac96-774b-bcce-b302099a8057';
    const [first, second] = [1, 2].map(() => json('exec', 'parties.save_party', '{"name":"Dora"}', '--id', id));
    same([second.replayed, second.pos], [true, first.pos], 'the same id');
  }],
  ['executing what is wrong', async () => {
    bad(run('exec', 'parties.save_party', '{'), 2, 'not JSON');
    bad(run('exec', 'parties.save_party', '[1]'), 2, 'object');
    bad(run('exec', 'parties.save_party', '{"name":7}'), 2, 'name');
    bad(run('exec', 'parties.save_party', '{"name":""}'), 2, 'name');
    bad(run('exec', 'parties.save_party', '{"name":"a\\u0000b"}'), 2, 'name');
    bad(run('exec', 'parties.save_party', `{"name":"${'x'.repeat(201)}"}`), 2, 'name');
    bad(run('exec', 'parties.sav_party', '{}'), 1, 'parties.');
    bad(run('exec', 'parties.save_party', '@nowhere.json'), 1, 'nowhere.json');
    bad(run('exec', 'ledger.post_entry', '{"date":"2023-02-29","lines":[]}'), 2, '2023-02-29');
    bad(run('exec', 'parties.save_party', '{"name":"Eve"}', '--id', '17'), 2, '17');
    const { code, err } = run('exec', 'parties.save_party', '{"name":""}', '--json');
    same([code, JSON.parse(err).field], [2, 'name'], 'the error as JSON');
  }],
  ['listing', async () => {
    same(json('list', 'parties', '--limit', '2').rows.length, 2, 'a page');
    const page = json('list', 'contacts', '--sort', '-name', '--limit', '2');
    same(page.rows.map((row) => row.name), ['Dora', 'Çelik'].sort().reverse(), 'sorted, bytewise');
    same(json('list', 'party', '--sort', '-name', '--limit', '2', '--after', page.next).rows.map((row) => row.name), ['Bob', 'Ann'], 'the next page');
    same(json('list', 'parties', '--filter', 'code=B').rows[0].name, 'Bob', 'filtered');
    same(json('list', 'parties', '--filter', 'name^=An').rows.length, 1, 'begins with');
    same(json('list', 'customers', '--search', 'celik').rows.length, 1, 'searched');
    good('exec', 'parties.save_party', '{"name":"Ann\'s Attic","code":"AA"}');
    const text = good('list', 'parties', '--search', 'ann', '--limit', '1');
    holds(/^1 of 2 rows$/m.test(text), text);
    const next = /^the next page: --after '([^']+)'$/m.exec(good('list', 'parties', '--sort', 'name', '--limit', '2'))?.[1];
    same(json('list', 'parties', '--sort', 'name', '--limit', '1', '--after', next).rows[0].name, 'Bob', 'a page after a name with an apostrophe');
    same(good('list', 'parties', '--search', 'nobody'), '0 rows\n', 'nothing found');
    bad(run('list', 'invoices', '--filter', 'kind=credit'), 2, 'credit_note');
    bad(run('list', 'invoices', '--filter', 'open=x'), 2, '“x” is not a number');
    bad(run('list', 'parties', '--filter', 'archived=perhaps'), 2, 'yes nor no');
    bad(run('list', 'parties', '--sort', 'colour'), 2, 'vat_id');
    bad(run('list', 'nonsense'), 1, 'nonsense');
    bad(run('list', 'parties', '--filter', 'colour=red'), 2, 'colour');
    bad(run('list', 'parties', '--filter', 'red'), 2, 'FIELD=VALUE');
    bad(run('list', 'parties', '--after', 'x'), 2, 'after');
    same(run('list', 'parties', '--limit', '501').code, 2, 'limit');
    holds(good('list', 'accounts', '--limit', '500').includes('Trade debtors'), 'accounts');
  }],
  ['a reader that goes away ends the program quietly', async () => {
    const { status, stderr } = spawnSync('sh', ['-c', `"$0" --books "$1" dump | head -1 >/dev/null; "$0" --books "$1" list accounts --limit 500 | head -1`, binary, books], { encoding: 'utf8' });
    same([status, stderr], [0, ''], 'pipe');
  }],
  ['importing, twice, and taking it back', async () => {
    writeFileSync(at('sales.csv'), SALES);
    const dry = json('import', 'sales', at('sales.csv'), '--dry-run');
    same([dry.documents.invoices, dry.net, dry.batch], [2, 2200, null], 'dry run');
    same(json('list', 'invoices').rows.length, 0, 'a dry run changes nothing');
    batch = json('import', 'sales', at('sales.csv')).batch;
    same(json('list', 'invoices').rows.length, 2, 'invoices');
    const before = good('dump', '--hash');
    same(json('import', 'sales', at('sales.csv')).repeated, true, 'the same file');
    same(good('dump', '--hash'), before, 'the same file changes nothing');
    bad(run('import', 'sales', at('none.csv')), 2, 'none.csv');
    writeFileSync(at('bad.csv'), Buffer.from([0x49, 0x00, 0xff, 0xfe, 0x22]));
    holds([1, 2, 3].includes(run('import', 'sales', at('bad.csv')).code), 'bytes that are no table');
    bad(run('import', 'sales', at('sales.csv'), '--map', 'date'), 2, 'FIELD=COLUMN');
    bad(run('import', 'pigeons', at('sales.csv')), 1, 'pigeons');
    const northwind = new URL('../../assets/samples/northwind', import.meta.url).pathname;
    const hash = good('dump', '--hash');
    holds(/809 invoices, net 1303810\.37 GBP/.test(good('import', 'northwind', northwind, '--dry-run')), 'a dry run of a folder');
    same(good('dump', '--hash'), hash, 'a dry run of a folder changes nothing');
  }],
  ['reports', async () => {
    holds(/Trade debtors/.test(good('report', 'trial_balance')), 'text');
    holds(good('report', 'trial_balance', '--format', 'csv').startsWith('code,name,'), 'CSV');
    same(JSON.parse(good('report', 'trial_balance', '--format', 'json')).totals.closing, 0, 'JSON');
    holds(/C1/.test(good('report', 'party_ledger', '--party', 'C1', '--from', '2026-01-01', '--to', '2026-12-31')), 'a party by its code');
    holds(good('report', 'account_ledger', '--account', '1100', '--from', '2026-01-01', '--to', '2026-12-31').includes('Account ledger'), 'an account by its number');
    bad(run('report', 'party_ledger', '--party', 'Nobody'), 1, 'daybook list party');
    holds(!good('report', 'balance_sheet').includes('Level'), 'levels are indents');
    bad(run('report', 'no_such'), 1, 'no_such');
    bad(run('report', 'trial_balance', '--from', '2023-02-29'), 2, '2023-02-29');
  }],
  ['PDF files', async () => {
    good('pdf', 'invoice', '1', '-o', at('one.pdf'));
    holds(readFileSync(at('one.pdf')).subarray(0, 5).toString() === '%PDF-', 'one');
    same(json('pdf', 'invoices', '--from', '2026-03-01', '--to', '2026-03-31', '-o', at('all')).count, 2, 'all');
    same(readdirSync(at('all')).sort(), ['1.pdf', '2.pdf'], 'folder');
    bad(run('pdf', 'invoice', '99', '-o', at('x.pdf')), 1, '99');
    bad(run('pdf', 'invoice', '1', '-o', at('no/such/folder/x.pdf')), 4, 'x.pdf');
    holds(!existsSync(at('x.pdf')), 'nothing half-written');
  }],
  ['taking an import back', async () => {
    holds(good('import', 'undo', batch).includes(`batch ${batch} is taken back`), 'in words');
    same(JSON.parse(good('report', 'trial_balance', '--format', 'json')).totals.closing, 0, 'balance');
    bad(run('import', 'undo', batch), 3, 'undo');
    bad(run('import', 'undo', 'x'), 2, 'x');
  }],
  ['backup and restore', async () => {
    const hash = good('dump', '--hash');
    good('backup', at('copy.books'));
    bad(run('backup', at('copy.books')), 3, 'copy.books');
    good('exec', 'parties.save_party', '{"name":"Later"}');
    bad(run('restore', at('copy.books')), 3, '--replace');
    const { kept } = json('restore', at('copy.books'), '--replace');
    same(good('dump', '--hash'), hash, 'the books of the backup');
    same(runOn(kept, 'list', 'parties', '--search', 'later', '--json').code, 0, 'the books that were there');
    good('exec', 'parties.save_party', '{"name":"After the restore"}');
    good('verify');
    writeFileSync(at('text.books'), 'These are no books.\n'.repeat(20));
    const before = good('dump', '--hash');
    bad(run('restore', at('text.books'), '--replace'), 4, 'text.books');
    same(good('dump', '--hash'), before, 'a bad backup changes nothing');
  }],
  ['an older copy put in the place of the books is noticed', async () => {
    good('backup', at('older.books'));
    good('exec', 'parties.save_party', '{"name":"Lost"}');
    for (const tail of ['-wal', '-shm']) rmSync(books + tail, { force: true });
    copyFileSync(at('older.books'), books);
    bad(run('verify'), 1, 'missing');
    bad(run('exec', 'parties.save_party', '{"name":"Ann"}'), 1, 'missing');
    same(json('accept-loss').lost, 1, 'lost');
    good('exec', 'parties.save_party', '{"name":"Ann"}');
    good('verify');
  }],
  ['a folder put back as a whole is noticed, and its numbers are not given out twice', async () => {
    const { result: { id: party } } = json('exec', 'parties.save_party', '{"code":"PUT-BACK","name":"Put back","country":"GB","is_customer":true}');
    const invoice = JSON.stringify({ draft: { party, lines: [{ name: 'Work', quantity: '1', unit_price: '10' }] } });
    const invoiceNumber = () => json('exec', 'billing.post_invoice', invoice).result.number;
    const first = invoiceNumber();
    for (const tail of ['', '.head']) copyFileSync(books + tail, at(`kept${tail}`));
    const second = invoiceNumber();
    for (const tail of ['', '.head']) copyFileSync(at(`kept${tail}`), books + tail);
    bad(run('exec', 'billing.post_invoice', invoice), 1, 'missing');
    same(json('accept-loss').lost, 1, 'lost');
    const third = invoiceNumber();
    same(new Set([first, second, third]).size, 3, 'numbers');
    good('verify');
  }],
  ['files that are no books', async () => {
    writeFileSync(at('empty.books'), '');
    for (const file of [at('text.books'), at('empty.books'), folder]) bad(runOn(file, 'verify'), 4, 'books');
    same(readFileSync(at('text.books'), 'utf8').startsWith('These are no books.'), true, 'untouched');
  }],
  ['books that another program has open', async () => {
    const server = await serve(binary, books);
    bad(run('exec', 'parties.save_party', '{"name":"Ann"}'), 4, 'process');
    good('list', 'parties');
    good('verify');
    good('backup', at('live.books'));
    same(await server.stop(), 0, 'end');
    bad(run('serve', '--listen', '0.0.0.0:0'), 2, '127.0.0.1');
    good('exec', 'parties.save_party', '{"name":"Free again"}');
  }],
  ['events: whom they go to, and what could not be delivered', async () => {
    bad(run('events', 'subscribe', 'webhook', 'http://127.0.0.1/'), 3, 'private network');
    bad(run('events', 'subscribe', 'webhook', 'ftp://hooks.example.com/'), 2, 'https');
    bad(run('events', 'subscribe', 'mail', 'nobody'), 2, 'e-mail address');
    bad(run('events', 'subscribe', 'mail', 'buyer', '--names', 'everything'), 2, 'everything');
    bad(run('events', 'subscribe', 'nats', 'books'), 3, 'built without NATS');
    same(run('events', 'subscribe', 'pigeon', 'books').code, 2, 'usage');
    const hook = json('events', 'subscribe', 'webhook', 'https://hooks.example.com/in', '--names', 'billing.posted');
    holds(hook.secret.startsWith('whsec_'), 'the secret');
    const mail = json('events', 'subscribe', 'mail', 'books@acme.example', '--names', 'ledger.*,billing.posted');
    holds(!('secret' in mail) && !good('events', 'list').includes('whsec_'), 'shown once');
    good('events', 'unsubscribe', hook.id);
    bad(run('events', 'unsubscribe', hook.id), 1, 'no subscription');
    bad(run('events', 'test', mail.id), 3, 'DAYBOOK_SMTP_URL');
    good('exec', 'ledger.close_period', '{"through":"2020-12-31","reason":"Year end"}');
    same(json('events', 'deliver'), { delivered: 0, failed: 1 }, 'no mail server');
    const { deliveries: [left], figures } = json('events', 'list');
    same([left.name, left.state, left.attempts, figures.waiting], ['ledger.period_closed', 'waiting', 1, 1], 'waits');
    bad(run('events', 'resend'), 1, 'given up');
    bad(run('events', 'resend', 'x'), 2, 'POSITION.ORDINAL');
    good('events', 'unsubscribe', mail.id);
    same(json('events', 'list').subscriptions, [], 'ended');
  }],
  ['files: attached, listed, written out again', async () => {
    const sheet = `%PDF-1.7 ${'a time sheet '.repeat(50_000)}`;
    writeFileSync(at('sheet.pdf'), sheet);
    writeFileSync(at('sheet.exe'), sheet);
    writeFileSync(at('lie.png'), sheet);
    writeFileSync(at('giant.pdf'), Buffer.alloc(20 * 1024 * 1024 + 1, 32));
    const party = json('exec', 'parties.save_party', '{"name":"Owner of files"}').result.id;
    bad(run('files', 'attach', 'party', party, at('none.pdf')), 1, 'none.pdf');
    bad(run('files', 'attach', 'party', party, at('sheet.exe')), 2, 'sheet.exe');
    bad(run('files', 'attach', 'party', party, at('lie.png')), 2, 'image/png');
    bad(run('files', 'attach', 'party', party, at('giant.pdf')), 2, '20971520');
    bad(run('files', 'attach', 'planet', party, at('sheet.pdf')), 2, 'kind');
    bad(run('files', 'attach', 'party', '01890a5d-ac96-774b-bcce-b302099a8057', at('sheet.pdf')), 1, 'party');
    good('files', 'attach', 'party', party, at('sheet.pdf'));
    bad(run('files', 'attach', 'party', party, at('sheet.pdf')), 3, 'already');
    const [file] = json('files', 'list').files;
    same([file.name, file.size, file.state], ['sheet.pdf', sheet.length, 'here'], 'listed');
    holds(good('files', 'list').includes('sheet.pdf'), 'shown');
    good('files', 'get', file.hash.slice(0, 12), '-o', at('again.pdf'));
    same(readFileSync(at('again.pdf'), 'utf8') === sheet, true, 'the same bytes');
    bad(run('files', 'get', file.hash, '-o', at('again.pdf')), 3, 'exists');
    bad(run('files', 'get', 'ffff', '-o', at('other.pdf')), 1, 'ffff');
    bad(run('files', 'get', '', '-o', at('other.pdf')), 1, 'file');
    good('verify');
  }],
  ['the register', async () => {
    holds(good('commands').includes('billing.post_invoice') && good('queries').includes('records.list'), 'names');
    holds(json('commands').every((command) => command.schema.type === 'object'), 'schemas');
  }],
];

const passed = await story('command line', steps);
if (passed) remove();
process.exit(passed ? 0 : 1);
