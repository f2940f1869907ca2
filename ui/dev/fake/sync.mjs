// Fixture only: books with a server in each state that it can be in, and work that did not go through.
import { randomUUID } from 'node:crypto';
import { id } from './books.mjs';
import { refuse } from './records.mjs';

const HOUR = 3_600_000;
const problem = (kind, code, message, next, field = null) => ({ kind, code, args: {}, field, message, next });
const UNREACHABLE = problem('busy', 'sync.unreachable', 'The server does not answer.', 'Go on working: everything is kept here and sent when the server is back.');
const SIGNED_OUT = problem('denied', 'sync.signed_out', 'The server does not know this session any more.', 'Sign in again; nothing on this device is lost.');

const device = (more) => ({ part: 'device', server: 'https://books.northwind.example', tenant: 'northwind', email: 'ada@northwind.example', state: 'in_step', since_ms: Date.now() - HOUR, pending: 0, attention: 0, problem: null, ...more });

/** What `sync.status` says for books of each kind; every other kind has no server. */
const STATES = {
  step: () => device({}),
  waiting: () => device({ state: 'waiting', pending: 3 }),
  offline: () => device({ state: 'offline', pending: 12, problem: UNREACHABLE }),
  needs: () => device({ state: 'needs_you', pending: 1 }),
  both: () => device({ state: 'offline', pending: 12, problem: UNREACHABLE }),
  signedout: () => device({ state: 'needs_you', pending: 4, problem: SIGNED_OUT }),
};
const ALONE = { part: 'alone', server: '', tenant: '', email: '', state: 'alone', since_ms: null, pending: 0, attention: 0, problem: null };

export function status(books) {
  books.sync ??= STATES[books.kind]?.() ?? { ...ALONE };
  books.sync.attention = open(books).length;
  if (books.sync.attention === 0 && books.kind === 'needs') Object.assign(books.sync, { state: 'in_step', pending: 0 });
  return books.sync;
}

function open(books) {
  books.attention ??= ['needs', 'both'].includes(books.kind) ? items() : [];
  return books.attention;
}

function items() {
  const at = Date.now() - 3 * HOUR;
  const draft = { kind: 'invoice', party: id(1, 7), issue_date: '2026-10-30', due_date: '2026-11-29', buyer_reference: 'PO 4711', lines: [{ item: id(2, 4), name: 'Lantern, white', quantity: '12', unit_price: '8.45' }, { item: id(2, 9), name: 'Vase, red', quantity: '3', allowance_percent: '5' }] };
  const [party, invoice, entry] = [randomUUID(), randomUUID(), randomUUID()];
  return [
    { command: party, root: party, name: 'parties.save_party', label: 'Save contact', actor_name: 'Ada Owner', recorded_at: at, outcome: 'refused', reason: problem('conflict', 'party.code_taken', 'The code P0001 belongs to another contact.', 'Choose another code, or leave it empty to get the next free one.', 'code'), args: { code: 'P0001', name: 'Harbour Lights Ltd', is_customer: true, country: 'GB', city: 'Bristol', email: 'office@harbourlights.example', payment_days: 14 }, pos: 41 },
    { command: randomUUID(), root: party, name: 'parties.save_address', label: 'Save address', actor_name: 'Ada Owner', recorded_at: at + 60_000, outcome: 'deferred', reason: problem('not_found', 'record.not_found', 'There is no such contact on the server.', 'Deal first with what failed before it.', 'party'), args: { party: randomUUID(), purpose: 'delivery', name: 'Quay store', line1: '7 Quay Street', postcode: 'BS1 4RB', city: 'Bristol', country: 'GB' }, pos: 42 },
    { command: invoice, root: invoice, name: 'billing.post_invoice', label: 'Post', actor_name: 'Ben Clerk', recorded_at: at + HOUR, outcome: 'refused', reason: problem('closed', 'period.closed', 'The period up to 2026-10-31 is closed.', 'Use a later date, or ask the owner to reopen the period.', 'draft.issue_date'), args: { draft }, pos: 57 },
    { command: entry, root: entry, name: 'ledger.reverse_entry', label: 'Reverse entry', actor_name: 'Ada Owner', recorded_at: at + 2 * HOUR, outcome: 'refused', reason: problem('state', 'entry.reversed', 'The entry is reversed already.', 'Nothing is left to be done here.'), args: { id: id(6, 3), date: '2026-11-02', reason: 'Entered twice' }, pos: 61 },
  ];
}

function settle(books, command) {
  const found = open(books).find((item) => item.command === command);
  if (!found) throw refuse('not_found', 'attention.not_open', 'Nothing open is known under this command.', null, 'Look at the list again: somebody may have dealt with it.');
  books.attention = books.attention.filter((item) => item !== found);
  return found;
}

function signIn(books, { password, new_password }) {
  if (password === 'wrong') throw refuse('denied', 'access.refused', 'That e-mail address and password do not fit.', null, 'Check both. After several wrong passwords an account waits for some minutes.');
  if (password === 'once' && !new_password) throw refuse('state', 'access.choose_password', 'This password was for one sign-in only.', null, 'Choose a password of your own.');
  if (new_password && new_password.length < 12) throw refuse('invalid', 'password.weak', 'The password is too short or too common.', 'new_password', 'Use at least 12 characters.');
}

async function connect(books, body) {
  signIn(books, body);
  if (body.tenant === 'taken') throw refuse('state', 'sync.tenant_not_empty', 'The firm taken on the server has entries already.', null, 'Have a new firm made there for these books.');
  if (body.server.includes('nowhere')) throw refuse('busy', 'sync.unreachable', 'The server does not answer.', null, 'Check the address and the connection.');
  await new Promise((resolve) => setTimeout(resolve, body.server.includes('slow') ? 60_000 : 300));
  if (body.mode === 'join') books.company = { id: 'j', name: 'Northwind Gifts Ltd', country: 'GB', currency: 'GBP', sample: false };
  books.sync = device({ server: body.server, tenant: body.tenant, email: body.email, state: body.mode === 'join' ? 'in_step' : 'waiting', pending: body.mode === 'join' ? 0 : 7 });
  return {};
}

/** The methods of the program about its server, by name. */
export const methods = {
  'sync.status': status,
  'sync.connect': connect,
  'sync.sign_in': (books, body) => {
    signIn(books, body);
    Object.assign(books.sync, { state: 'waiting', problem: null });
    books.changed.push('sync');
    return {};
  },
  'sync.now': () => ({}),
  'attention.list': (books) => ({ items: open(books) }),
  'attention.discard': (books, { command }) => {
    settle(books, command);
    books.changed.push('sync');
    return {};
  },
  'attention.resubmit': (books, { command, args }) => {
    if (args.code === 'P0001') throw refuse('conflict', 'party.code_taken', 'The code P0001 belongs to another contact.', 'code', 'Choose another code, or leave it empty to get the next free one.');
    settle(books, command);
    books.changed.push('sync');
    return { result: { id: id(4, 9), number: 'INV-100001' }, changed: ['party'], pos: (books.pos += 1) };
  },
};

