// The central server as its operator and its people meet it, in files and on PostgreSQL where DAYBOOK_TEST_POSTGRES
// names a server: node tests/e2e/central.mjs <daybook>
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser } from '../../ui/e2e/browser.mjs';
import { daybook, freshFolder } from './program.mjs';
import { holds, same, story } from './steps.mjs';

const binary = process.argv[2];
const PASSWORD = 'seven quiet harbours';
const EMAIL = 'ann@acme.example';
const BEN = 'ben@acme.example';

function steps(folder, place) {
  const at = (name) => join(folder, name);
  const name = `acme-${process.pid}-${place.length}`;
  const tenant = (...args) => daybook(binary, ['tenant', ...place, ...args]);
  const log = [];
  const secrets = [PASSWORD];
  let url, server, ended;
  let access;

  function good(...args) {
    const { code, out, err } = tenant(...args);
    same([code, err], [0, ''], args.join(' '));
    return out;
  }
  function bad({ code, out, err }, wanted, words) {
    same([code, out], [wanted, ''], err);
    holds(err.startsWith('error: ') && err.includes('\n  next: ') && err.includes(words), `wanted “${words}” in: ${err}`);
  }
  async function post(path, body, token) {
    const headers = token ? { authorization: `Bearer ${token}` } : {};
    const answer = await fetch(`${url}v1/${name}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : null };
  }
  async function signIn(password, more = {}) {
    const answer = await post('sign-in', { email: EMAIL, password, ...more });
    secrets.push(...[answer.body.access_token, answer.body.refresh_token, password].filter(Boolean));
    return answer;
  }
  const firm = ['--company', 'Acme & Söhne', '--country', 'GB', '--currency', 'GBP', '--owner-email', EMAIL];

  return [
    ['making a tenant', async () => {
      bad(tenant('add', 'Acme', ...firm), 2, 'small letters');
      bad(tenant('add', name, '--owner-email', 'ann'), 2, 'e-mail');
      writeFileSync(at('weak'), 'short\n');
      bad(tenant('add', name, ...firm, '--password-file', at('weak')), 2, '12');
      bad(tenant('add', name, ...firm, '--password-file', at('none')), 1, 'none');
      same(tenant('add', name, '--owner-email', EMAIL, '--company', 'Acme').code, 2, 'usage');
      holds(!good('list').includes(name), 'a failed tenant stays');
      writeFileSync(at('password'), `${PASSWORD}\n`);
      good('add', name, ...firm, '--password-file', at('password'));
      bad(tenant('add', name, ...firm), 3, 'already');
      const found = JSON.parse(good('list', '--json')).tenants.find((one) => one.tenant === name);
      same([found.company, found.suspended], ['Acme & Söhne', false], 'listed');
      writeFileSync(at('once'), JSON.parse(good('user', 'add', name, BEN, '--name', 'Ben', '--role', 'accountant', '--json')).password);
      holds(JSON.parse(good('migrate', '--json')).tenants.some((one) => one.tenant === name && !one.trouble), 'up to date');
    }],
    ['serving it', async () => {
      server = spawn(binary, ['serve', ...place, '--listen', '127.0.0.1:0', '--slow-ms', '1'], { stdio: ['ignore', 'pipe', 'pipe'] });
      ended = new Promise((resolve) => server.once('exit', resolve));
      server.stderr.on('data', (text) => log.push(String(text)));
      same(daybook(binary, ['serve', ...place, '--clamd', 'nowhere']).code, 2, 'an address of no scanner');
      url = String(await new Promise((resolve) => server.stdout.once('data', resolve))).trim();
      same((await fetch(`${url}readyz`)).status, 200, 'ready');
      holds((await (await fetch(`${url}docs`)).text()).includes('<title>Daybook'), 'the page of the docs');
    }],
    ['signing in and working', async () => {
      same((await signIn('a wrong password')).status, 401, 'wrong password');
      const grant = await signIn(PASSWORD);
      same([grant.status, grant.body.user.role], [200, 'owner'], 'signed in');
      access = grant.body.access_token;
      const made = await post('rpc/execute', { name: 'parties.save_party', args: { name: 'Ann Customer', is_customer: true } }, access);
      same([made.status, made.body.replayed], [200, false], 'executed');
      same((await post('rpc/records.list', { record: 'party' }, access)).body.rows[0].name, 'Ann Customer', 'listed');
      same((await post('rpc/parties.save_party', { name: '' }, access)).body.field, 'name', 'refused');
    }],
    ['a file from one device to another', async () => {
      writeFileSync(at('chosen'), 'eleven green lamps');
      const device = (which, ...args) => daybook(binary, ['--books', at(`${which}.books`), ...args]);
      const done = (which, ...args) => {
        const { code, out, err } = device(which, ...args);
        same([code, err], [0, ''], args.join(' '));
        return out;
      };
      const connect = ['connect', url, '--tenant', name, '--email', BEN, '--device'];
      done('one', ...connect, 'One', '--password-file', at('once'), '--new-password-file', at('chosen'));
      done('two', ...connect, 'Two', '--password-file', at('chosen'));
      const sheet = `%PDF-1.7 ${'a time sheet '.repeat(50_000)}`;
      writeFileSync(at('sheet.pdf'), sheet);
      const party = JSON.parse(done('one', 'exec', 'parties.save_party', '{"name":"Owner"}', '--json')).result.id;
      done('one', 'files', 'attach', 'party', party, at('sheet.pdf'));
      const { pending, attention, files_waiting, files_infected } = JSON.parse(done('one', 'sync', '--json'));
      same([pending, attention, files_waiting, files_infected], [0, 0, 0, 0], 'sent');
      done('two', 'sync');
      const [file] = JSON.parse(done('two', 'files', 'list', '--json')).files;
      same([file.name, file.state], ['sheet.pdf', 'elsewhere'], 'its name comes, its content does not');
      same(JSON.parse(good('files', name, '--json')).files.map((one) => [one.name, one.state]), [['sheet.pdf', 'quarantine']], 'never scanned');
      holds(good('files', name, '--scan-again').includes('in quarantine: 1'), 'put back');
      bad(tenant('files', 'nobody'), 1, 'nothing here');
      holds(done('two', 'verify').includes('elsewhere'), 'verified');
      done('two', 'files', 'get', file.hash.slice(0, 12), '-o', at('came.pdf'));
      same(readFileSync(at('came.pdf'), 'utf8') === sheet, true, 'the same bytes');
      const answer = await fetch(`${url}v1/${name}/files/${file.hash}`, { headers: { authorization: `Bearer ${access}` } });
      same([answer.headers.get('content-disposition'), (await answer.text()) === sheet], ['attachment', true], 'over HTTP');
    }],
    ['what happens goes out, to whom the operator says', async () => {
      const { id } = JSON.parse(good('events', name, 'subscribe', 'mail', EMAIL, '--names', 'billing.posted', '--json'));
      const { result } = (await post('rpc/parties.save_party', { name: 'Post Customer', country: 'GB', is_customer: true }, access)).body;
      same((await post('rpc/billing.post_invoice', { draft: { party: result.id, lines: [{ name: 'Advice', unit_price: '10' }] } }, access)).status, 200, 'posted');
      const listed = () => JSON.parse(good('events', name, 'list', '--json')).deliveries[0] ?? { attempts: 0, error: '' };
      for (let n = 0; n < 50 && listed().attempts === 0; n += 1) await new Promise((resolve) => setTimeout(resolve, 200));
      holds(listed().error.includes('mail server'), `tried: ${JSON.stringify(listed())}`);
      bad(tenant('events', name, 'resend'), 1, 'given up');
      good('events', name, 'unsubscribe', id);
    }],
    ['a device on the command line: signing out, and what needs somebody', async () => {
      const dev = 'dev@acme.example';
      const { result } = (await post('rpc/identity.save_user', { name: 'Dev', role: 'sales', email: dev }, access)).body;
      const { password } = (await post(`users/${result.id}/invite`, {}, access)).body;
      writeFileSync(at('once'), `${password}\n`);
      const cli = (...args) => daybook(binary, [...args, '--books', at('device.books')]);
      const done = (...args) => {
        const { code, out, err } = cli(...args);
        same([code, err], [0, ''], args.join(' '));
        return out;
      };
      done('connect', url, '--tenant', name, '--email', dev, '--password-file', at('once'), '--new-password-file', at('password'));
      const party = (code, words) => JSON.stringify({ code, name: words, country: 'GB', is_customer: true });
      done('exec', 'parties.save_party', party('D1', 'Device Ltd'));
      bad(cli('disconnect'), 3, 'were not sent');
      done('disconnect', '--export', at('unsent'));
      same(readFileSync(at('unsent'), 'utf8').trim().split('\n').map((line) => JSON.parse(line).args.name), ['Device Ltd'], 'copied');
      bad(cli('list', 'party'), 3, 'locked');
      bad(cli('sync'), 3, 'sign-in');
      done('sign-in', '--password-file', at('password'));
      done('disconnect', '--send');
      holds((await post('rpc/records.list', { record: 'party' }, access)).body.rows.some((row) => row.code === 'D1'), 'sent first');
      done('sign-in', '--password-file', at('password'));

      const { id } = JSON.parse(done('exec', 'parties.save_party', party('T1', 'Taken Ltd')));
      done('exec', 'parties.save_address', JSON.stringify({ party: id, purpose: 'delivery', line1: '1 Dock Road', city: 'Hull' }));
      same((await post('rpc/parties.save_party', JSON.parse(party('T1', 'First Ltd')), access)).status, 200, 'somebody else has the code');
      same(cli('sync').code, 1, 'needs somebody');
      const { items } = JSON.parse(cli('attention', '--json').out);
      same(items.map(({ root }) => root), [items[0].command, items[0].command], 'a chain');
      holds(cli('attention').out.includes('another is there already') && cli('attention').out.includes('Name: Taken Ltd, now First Ltd'), 'beside');
      bad(cli('attention', '--resubmit', items[0].command, '--chain'), 3, 'belongs to First Ltd');
      bad(cli('attention', '--ask', items[0].command, '--reason', 'Please'), 3, 'may do this yourself');
      bad(cli('attention', '--approve', items[0].command), 1, 'next:');
      same(cli('attention', '--discard', items[0].command, '--approve', items[0].command).code, 2, 'one at a time');
      holds(done('attention', '--discard', items[0].command, '--chain', '--reason', 'Known already').includes('nothing needs you'), 'let go');
    }],
    ['the page of the docs, in a browser', async () => {
      const browser = await openBrowser();
      try {
        const page = await browser.newPage();
        const troubles = [];
        page.on('pageerror', (error) => troubles.push(String(error)));
        page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
        await page.goto(`${url}docs`);
        await page.getByLabel('Tenant').fill(name);
        await page.getByLabel('E-mail').fill(EMAIL);
        await page.getByLabel('Password').fill(PASSWORD);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByText('POST /v1/{tenant}/rpc/billing.post_invoice').waitFor();
        await page.getByLabel('Find').fill('register_device');
        same(await page.locator('#operations > details:visible summary code').allTextContents(), ['POST /v1/{tenant}/rpc/identity.register_device'], 'found');
        same(troubles, [], 'troubles');
      } finally {
        await browser.close();
      }
    }],
    ['the operator beside the running server', async () => {
      good('suspend', name);
      same((await post('rpc/identity.company', {}, access)).body.code, 'tenant.suspended', 'suspended');
      good('resume', name);
      same((await post('rpc/identity.company', {}, access)).status, 200, 'resumed');
      good('export', name, at('dump'));
      bad(tenant('export', name, at('dump')), 3, 'exists');
      bad(tenant('export', 'nobody', at('other')), 1, 'nothing here');
      holds(readFileSync(at('dump'), 'utf8').includes('Acme & Söhne') && !existsSync(at('other')), 'exported');
      const invited = JSON.parse(good('user', 'invite', name, EMAIL, '--json'));
      same((await post('rpc/identity.company', {}, access)).status, 401, 'the old token');
      same((await signIn(invited.password)).body.code, 'access.choose_password', 'a password for once');
      const grant = await signIn(invited.password, { new_password: 'nine copper lanterns' });
      secrets.push('nine copper lanterns');
      same(grant.status, 200, 'a password of her own');
      good('revoke', name, '--session', grant.body.session);
      same((await post('rpc/identity.company', {}, grant.body.access_token)).status, 401, 'an ended session');
      good('revoke', name, '--user', EMAIL);
      holds(good('user', 'list', name).includes('shut out'), 'shut out');
      bad(tenant('revoke', name, '--device', '01890a5d-ac96-774b-bcce-b302099a8057'), 1, 'no such device');
      bad(tenant('revoke', name, '--user', 'nobody@acme.example'), 1, 'no such person');
    }],
    ['the log', async () => {
      server.kill('SIGTERM');
      same(await ended, 0, 'the end');
      const text = log.join('');
      const lines = text.trim().split('\n').map((line) => JSON.parse(line));
      const done = lines.find((line) => line.command === 'parties.save_party' && line.message === 'request');
      same([done.tenant, done.status, typeof done.ms, done.command_id.length, done.user.length, done.request_id.length], [name, 200, 'number', 36, 36, 36], 'a line');
      holds(lines.some((line) => line.message === 'slow') && lines[0].message === 'listening' && lines.at(-1).message === 'ended', 'messages');
      for (const secret of secrets) holds(!text.includes(secret), `a secret in the log: ${secret}`);
    }],
    ['dropping it', async () => {
      bad(tenant('drop', name, '--yes', 'acme'), 2, `--yes ${name}`);
      bad(tenant('drop', 'nobody', '--yes', 'nobody'), 1, 'nothing here');
      mkdirSync(at(`data/snapshots/${name}`), { recursive: true });
      good('drop', name, '--yes', name);
      holds(!existsSync(at(`data/snapshots/${name}`)), 'copies for new devices are gone');
      holds(!good('list').includes(name), 'dropped');
      same(statSync(at('data/keys')).mode & 0o777, 0o700, 'the folder of the keys');
    }],
  ];
}

const places = [[]];
if (process.env.DAYBOOK_TEST_POSTGRES) places.push(['--postgres', process.env.DAYBOOK_TEST_POSTGRES]);
let passed = true;
for (const more of places) {
  const { folder, remove } = freshFolder();
  const told = await story(`central server ${more.length ? 'on PostgreSQL' : 'in files'}`, steps(folder, ['--data', join(folder, 'data'), ...more]));
  if (told) remove();
  passed &&= told;
}
process.exit(passed ? 0 : 1);
