// One smoke test of the real window, driven by WebKitWebDriver: node tests/e2e/window.mjs <daybook-desktop>
// Needs a display; `xvfb-run -a` makes one in memory.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { freshFolder } from './program.mjs';
import { holds, same, story } from './steps.mjs';

const binary = process.argv[2];
const { folder, remove } = freshFolder();
const port = await freePort();
const own = { DAYBOOK_STATE_DIR: join(folder, 'state'), DAYBOOK_DATA_DIR: join(folder, 'data'), XDG_DATA_HOME: join(folder, 'web'), XDG_CONFIG_HOME: join(folder, 'config'), XDG_CACHE_HOME: join(folder, 'cache') };
// In a process group of its own: whatever happens, the window does not outlive the test.
const driver = spawn('WebKitWebDriver', [`--port=${port}`], { detached: true, stdio: 'ignore', env: { ...process.env, ...own, TAURI_WEBVIEW_AUTOMATION: 'true', DAYBOOK_BOOKS: join(folder, 'data', 'firm.books') } });
process.on('exit', () => {
  try {
    process.kill(-driver.pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
});
let session;

async function ask(method, path, body) {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) });
  const { value } = await answer.json();
  if (!answer.ok) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

const run = (script, ...args) => ask('POST', `/session/${session}/execute/async`, { script, args });

/** Waits until the page holds `text`, in an input's value or among its words. */
async function shows(text) {
  for (let waited = 0; waited < 15_000; waited += 100) {
    if (await ask('POST', `/session/${session}/execute/sync`, { script: 'return document.body.innerText.includes(arguments[0])', args: [text] })) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the window never showed “${text}”`);
}

async function element(css) {
  const found = await ask('POST', `/session/${session}/element`, { using: 'css selector', value: css });
  return Object.values(found)[0];
}

/** Waits until `script` gives something true, and returns it. */
async function until(script, what) {
  for (let waited = 0; waited < 15_000; waited += 100) {
    const found = await ask('POST', `/session/${session}/execute/sync`, { script, args: [] });
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the window never had ${what}`);
}

/** Executes a command of the core from the page; its result. */
async function execute(name, args) {
  const answer = await run(`const [body, done] = arguments;
    window.__TAURI_INTERNALS__.invoke('rpc', { method: 'execute', body }).then((bytes) => done(new TextDecoder().decode(bytes)), (e) => done(String(e)));`, { name, args });
  return JSON.parse(answer).result;
}

/** Calls a command of the shell from the page, as hostile code in it would. */
const invoke = (command, args) => run('const [command, args, done] = arguments; window.__TAURI_INTERNALS__.invoke(command, args).then((v) => done({ ok: typeof v }), (e) => done({ refused: String(e) }));', command, args);

const steps = [
  ['the window opens with the first screen', async () => {
    await driverListens();
    const wanted = { browserName: 'wry', 'webkitgtk:browserOptions': { binary, args: [] } };
    session = (await ask('POST', '/session', { capabilities: { alwaysMatch: wanted } })).sessionId;
    await shows('Welcome to Daybook');
  }],
  ['a company is set up', async () => {
    await ask('POST', `/session/${session}/element/${await element('form input')}/value`, { text: 'Anvil & Söhne €' });
    await ask('POST', `/session/${session}/element/${await element('form button[type=submit]')}/click`, {});
    await shows('Your books are ready');
    await shows('Anvil & Söhne €');
  }],
  ['the page reaches the core through the one door', async () => same(await invoke('rpc', { method: 'status', body: {} }), { ok: 'object' }, 'rpc')],
  ['an error arrives with its words', async () => {
    const { refused } = await invoke('rpc', { method: 'execute', body: { name: 'parties.save_party', args: { name: '' } } });
    same(JSON.parse(refused).kind, 'invalid', 'kind');
  }],
  ['a posted invoice as paper on the screen', async () => {
    const party = await execute('parties.save_party', { name: 'Ærø Café', is_customer: true });
    const posted = await execute('billing.post_invoice', { draft: { party: party.id, lines: [{ name: 'Advice', quantity: '2', unit_price: '50' }] } });
    await run('const [hash, done] = arguments; location.hash = hash; setTimeout(done);', `#/invoices/${posted.id}`);
    await shows(`Invoice ${posted.number}`);
    await run(`const done = arguments[0]; window.complaints = [];
      addEventListener('error', (e) => complaints.push(e.message)); addEventListener('unhandledrejection', (e) => complaints.push(String(e.reason)));
      addEventListener('securitypolicyviolation', (e) => complaints.push(e.violatedDirective + ' ' + e.blockedURI)); done();`);
    const button = await element('[data-action="invoice.paper"]');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const began = Date.now();
    await ask('POST', `/session/${session}/element/${button}/click`, {});
    const words = await until(`return document.querySelector('dialog [data-drawn] .textLayer')?.innerText`, 'a drawn page');
    holds(Date.now() - began < 5000, `the preview took ${Date.now() - began} ms`);
    holds(words.includes(posted.number) && words.includes('120.00'), `the page says ${words}`);
    const ink = await until(`const canvas = document.querySelector('dialog canvas'); const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let dark = 0; for (let i = 0; i < data.length; i += 4) if (data[i] < 128) dark += 1; return dark;`, 'ink on the page');
    holds(ink > 1000, `${ink} dark dots`);
    if (process.env.E2E_PICTURES) writeFileSync(join(process.env.E2E_PICTURES, 'window-preview.png'), Buffer.from(await ask('GET', `/session/${session}/screenshot`), 'base64'));
    same(await run('arguments[0](window.complaints)'), [], 'complaints of the page');
    await ask('POST', `/session/${session}/element/${await element('dialog header > button')}/click`, {});
    await until(`return document.querySelector('dialog') === null`, 'its preview closed');
  }],
  ['other doors of the shell are closed', async () => {
    for (const command of ['plugin:dialog|open', 'plugin:window|close', 'plugin:app|version', 'plugin:window-state|filename']) {
      const { refused } = await invoke(command, {});
      holds(refused?.includes('not allowed'), `${command} should be refused: ${refused}`);
    }
  }],
  ['inline code, eval and the network are refused by the policy', async () => {
    const outcome = await run(`const done = arguments[0]; const refused = [];
      try { eval('1'); } catch { refused.push('eval'); }
      fetch('http://127.0.0.1:${port}/status').then(() => done(refused), () => done([...refused, 'fetch']));`);
    same(outcome, ['eval', 'fetch'], 'refused');
  }],
  ['a picture of it', async () => {
    await run('const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 500)));');
    const picture = Buffer.from(await ask('GET', `/session/${session}/screenshot`), 'base64');
    holds(picture.length > 5_000, `a picture of ${picture.length} bytes`);
    if (process.env.E2E_PICTURES) writeFileSync(join(process.env.E2E_PICTURES, 'window.png'), picture);
  }],
  ['it closes', async () => ask('DELETE', `/session/${session}`)],
];

const passed = await story('window', steps);
if (passed) remove();
process.exit(passed ? 0 : 1);

async function driverListens() {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await fetch(`http://127.0.0.1:${port}/status`).then((r) => r.ok, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('WebKitWebDriver does not answer');
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address();
      probe.close(() => resolve(free));
    });
  });
}
