// Fixture only: serves the built page with the product's strict policy and answers /rpc from memory.
// The token chooses the books: `none` (first run), `empty` (company without data), `full` (100 000 invoices), or a state with a server (sync.mjs).
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { archive, count, get, list, lookup, refuse, save } from './records.mjs';
import { fill, makeBooks } from './books.mjs';
import * as billing from './billing.mjs';
import * as jobs from './jobs.mjs';
import { run } from './reports.mjs';
import { register } from './register.mjs';
import * as sync from './sync.mjs';

const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'; frame-src 'none'; frame-ancestors 'none'";
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json' };
/** One page with a line of text: enough to be drawn. */
const TEXT = 'BT /F 24 Tf 72 700 Td (A document of the fixture) Tj ET';
const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n4 0 obj<</Length ' + TEXT.length + '>>stream\n' + TEXT + '\nendstream endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n');

const queries = { 'records.list': list, 'records.count': count, 'records.get': get, 'records.lookup': lookup, 'billing.preview': billing.preview, 'billing.invoice': billing.invoice, 'reports.run': run };

function execute(books, { name, args }) {
  if (name === 'identity.create_company') {
    books.company = { id: 'c', sample: false, ...args };
    return { result: { id: 'c' }, changed: ['company'] };
  }
  if (name === 'billing.save_draft') return billing.saveDraft(books, args);
  if (name === 'billing.post_draft') return billing.post(books, args.id);
  if (name === 'billing.post_invoice') return billing.post(books, billing.saveDraft(books, args).result.id);
  if (name === 'billing.discard_draft') {
    books.tables.billing_invoice = books.tables.billing_invoice.filter((r) => r.id !== args.id);
    return { result: {}, changed: ['billing_invoice', `billing_invoice:${args.id}`] };
  }
  if (name === 'billing.reverse_invoice') {
    Object.assign(books.tables.billing_invoice.find((r) => r.id === args.id), { state: 'reversed', open: 0 });
    return { result: {}, changed: ['billing_invoice', `billing_invoice:${args.id}`] };
  }
  if (name === 'importing.undo_batch') return { result: {}, changed: ['party', 'item', 'billing_invoice'] };
  const record = register.records.find((r) => r.save === name || r.archive === name);
  if (!record) throw refuse('not_found', 'command.unknown', `There is no command ${name}.`);
  return record.save === name ? save(books, record.name, args) : archive(books, record.name, args);
}

function call(books, method, body) {
  if (method === 'status') return { version: '0.1.0', books: 'memory', company: books.company, user: { id: 'u', name: 'Ada Owner', role: 'owner', grants: ['read', 'see_costs', 'see_ledger'] }, head: { pos: books.pos }, lost: 0 };
  if (method === 'register') return register;
  if (method === 'query') {
    const query = queries[body.name];
    if (!query) throw refuse('not_found', 'query.unknown', `There is no query ${body.name}.`);
    return query(books, body.args);
  }
  if (method === 'execute') {
    const outcome = execute(books, body);
    books.pos += 1;
    return { ...outcome, pos: books.pos };
  }
  if (sync.methods[method]) return sync.methods[method](books, body);
  if (method === 'job.start') return jobs.start(books, body);
  if (method === 'job.status') return jobs.status(books, body);
  if (method === 'job.cancel') {
    books.jobs.get(body.job).state = 'cancelled';
    return {};
  }
  if (method === 'sample.create') {
    books.company = { id: 's', name: 'Northwind Gifts Ltd', country: 'GB', currency: 'GBP', sample: true };
    fill(books, 2000);
    return {};
  }
  if (method === 'sample.remove') {
    Object.assign(books, makeBooks('none'));
    return {};
  }
  throw refuse('not_found', 'method.unknown', `There is no method ${method}.`);
}

/** Starts serving; resolves to its address and what stops it. */
export function startFake(dist, port = 0) {
  const shelves = new Map();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://x');
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    if (!url.pathname.startsWith('/rpc/')) return page(dist, url.pathname, response);
    const token = (request.headers.authorization ?? '').slice(7) || 'full';
    if (!shelves.has(token)) shelves.set(token, makeBooks(token.split('.')[0]));
    const books = shelves.get(token);
    const method = url.pathname.slice(5);
    try {
      if (method === 'upload') return send(response, 200, { file: 'f1', name: decodeURIComponent(request.headers['x-file-name']), size: Buffer.concat(chunks).length });
      const body = JSON.parse(Buffer.concat(chunks).toString() || '{}');
      if (method === 'paper.preview' && body.draft.note === 'refuse') throw refuse('invalid', 'paper.character', 'The character ☃ cannot be printed.', 'note', 'Take it out.');
      if (method.startsWith('paper.')) return response.writeHead(200, { 'Content-Type': 'application/pdf' }).end(PDF);
      if (method === 'changes') return setTimeout(() => send(response, 200, { n: books.pos, changed: books.changed.splice(0) }), Math.min(body.wait_ms, 1500));
      send(response, 200, await call(books, method, body));
    } catch (thrown) {
      send(response, 422, thrown.body ?? { kind: 'internal', code: 'internal', args: {}, field: null, message: String(thrown), next: '' });
    }
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve({ url: `http://127.0.0.1:${server.address().port}`, stop: () => { server.closeAllConnections(); server.close(); } })));
}

const send = (response, status, body) => response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));

async function page(dist, path, response) {
  const file = join(dist, normalize(path === '/' ? '/index.html' : path));
  try {
    const bytes = await readFile(file);
    response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': CSP }).end(bytes);
  } catch {
    response.writeHead(404).end();
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { url } = await startFake(new URL('../../dist', import.meta.url).pathname, Number(process.argv[2] ?? 7310));
  console.log(`${url}/#token=full   (or token=empty, token=none)`);
}
