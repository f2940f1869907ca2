// Real processes, real faults: devices and their servers on one PostgreSQL behind a bad network, each killed at random
// while people work; in the end everybody has the same books, with everything in them that anybody was told is done.
// node tests/e2e/processes.mjs <daybook> [seconds] [seed]; DAYBOOK_TEST_POSTGRES and …_CRASH as scripts/with-postgres.sh
// sets them.
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { diceOf } from './dice.mjs';
import { faultyProxy, sleep } from './faulty-proxy.mjs';
import { daybook, freshFolder } from './program.mjs';
import { holds, same, story } from './steps.mjs';

const [binary, seconds = '20', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
const { DAYBOOK_TEST_POSTGRES: POSTGRES, DAYBOOK_TEST_POSTGRES_CRASH: CRASH } = process.env;
const PASSWORD = 'seven quiet harbours';
const EMAIL = 'ann@acme.example';
/** A device that is not in step after so long of a good network is stuck. */
const STEP_MS = 60_000;

/** A world of some servers and devices; the dice decide what happens. */
async function world(title, { servers, devices, dice, weather, kills }) {
  const { folder, remove } = freshFolder();
  const at = (name) => join(folder, name);
  const tenant = `acme-${process.pid}-${dice.below(1_000_000)}`;
  const place = ['--data', at('data'), '--postgres', POSTGRES];
  const ports = await freePorts(servers);
  const houses = ports.map((port) => server(place, port));
  const proxy = await faultyProxy(dice, ports);
  const people = Array.from({ length: devices }, (_, n) => device(`device ${n + 1}`, at(`device${n + 1}.books`), dice));
  const goods = { parties: [], items: [] };
  const deeds = { servers: 0, devices: 0, postgres: 0 };

  const steps = [
    ['a firm, its servers, and devices that join it', async () => {
      writeFileSync(at('password'), `${PASSWORD}\n`);
      const made = daybook(binary, ['tenant', ...place, 'add', tenant, '--company', 'Acme', '--country', 'GB', '--currency', 'GBP', '--owner-email', EMAIL, '--password-file', at('password')]);
      same([made.code, made.err], [0, ''], 'tenant');
      await Promise.all(houses.map((house) => house.start()));
      for (const one of people) await one.join(proxy.url, tenant, at('password'));
      await stock(people[0], goods);
      await inStep(people);
    }],
    [`${seconds} s of work, bad network and sudden death (seed ${seed})`, async () => {
      proxy.weather = weather;
      const end = Date.now() + Number(seconds) * 1000;
      const lives = people.map((one) => one.live(end, goods));
      await Promise.all([...lives, nemesis(end, { dice, houses, proxy, deeds, kills })]);
      const done = people.reduce((sum, one) => sum + one.done.size, 0);
      const killed = people.reduce((sum, one) => sum + one.killed, 0);
      const failed = houses.flatMap(({ log }) => log.join('').split('\n')).filter((line) => /"status":5(?!03)/.test(line));
      same(failed, [], 'answers that blame the server, but for “come back later”');
      console.log(`# ${done} commands done; killed: ${deeds.servers} × server, ${killed} × device, ${deeds.postgres} × PostgreSQL; ${JSON.stringify(proxy.counts)}`);
      holds(done > 0 && killed > 0 && deeds.servers > 0, 'nothing happened');
    }],
    ['with a good network all come in step', async () => {
      [proxy.weather, proxy.only] = [0, null];
      await Promise.all(houses.map((house) => house.start()));
      for (const one of people) await one.settle();
      await inStep(people);
    }],
    ['the books are the same, byte for byte', async () => {
      const exported = daybook(binary, ['tenant', ...place, 'export', tenant, at('dump')]);
      same([exported.code, exported.err], [0, ''], 'export');
      const truth = readFileSync(at('dump'), 'utf8');
      for (const one of people) {
        const dump = one.good('dump');
        if (dump !== truth) writeFileSync(at(`${one.name}.dump`), dump);
        holds(dump === truth, `${one.name} has other books than its server: ${folder}`);
      }
    }],
    ['nothing that was done is lost, nothing is there that nobody did', async () => {
      const dump = readFileSync(at('dump'), 'utf8');
      const documents = rows(dump, 'billing_document');
      const there = new Set(dump.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g));
      const made = new Set();
      for (const one of people) {
        const told = new Set(JSON.parse(one.run('attention', '--json').out).items.map((item) => item.command));
        for (const [command, { name, id }] of one.done) {
          made.add(id);
          holds(there.has(id) || told.has(command), `${one.name}: ${name} ${command} is lost with its ${id}`);
        }
        console.log(`# ${one.name}: ${one.done.size} done, ${told.size} of them need somebody`);
      }
      const nobodys = documents.filter(([id]) => !made.has(id));
      same(nobodys.map(([id]) => id), [], 'documents that nobody made');
      const numbers = documents.map((row) => row[NUMBER]).filter(Boolean);
      same(numbers.length, new Set(numbers).size, 'numbers');
      console.log(`# ${documents.length} documents`);
    }],
    ['the books are proved', async () => {
      for (const one of people) holds(JSON.parse(one.good('verify', '--json')).proved, one.name);
      for (const house of houses) same(await house.stop(), 0, 'the end of a server');
    }],
  ];
  const passed = await story(title, steps, undefined, Number(seconds) * 1000 + 2 * STEP_MS);
  for (const house of houses) await house.kill();
  proxy.stop();
  if (passed) remove();
  else console.log(`seed ${seed}; books and the servers' log are in ${folder}`);
  if (!passed) for (const [n, house] of houses.entries()) writeFileSync(at(`server${n}.log`), house.log.join(''));
  return passed;
}

/** Kills servers and PostgreSQL, lets the network go away, and brings all of it back. */
async function nemesis(end, { dice, houses, proxy, deeds, kills }) {
  for (let n = 0; Date.now() < end; n += 1) {
    await sleep(dice.between(700, 2_500));
    const deed = kills[n] ?? dice.one(kills);
    if (deed === 'server') {
      const house = dice.one(houses);
      await house.kill();
      deeds.servers += 1;
      await sleep(dice.between(0, 1_500));
      await house.start();
    } else if (deed === 'postgres') {
      same(spawnSync(CRASH).status, 0, 'PostgreSQL starts again');
      deeds.postgres += 1;
    } else {
      proxy.only = dice.one(['portal', 'halfOpen', 'badGateway', 'loseAnswer']);
      await sleep(dice.between(500, 2_000));
      proxy.only = null;
    }
  }
}

/** A server on a port of its own. */
function server(place, port) {
  let child = null;
  const house = { log: [] };
  house.start = async () => {
    if (child) return;
    child = spawn(binary, ['serve', ...place, '--listen', `127.0.0.1:${port}`], { stdio: ['ignore', 'pipe', 'pipe'] });
    const mine = child;
    mine.stderr.on('data', (text) => house.log.push(String(text)));
    mine.ended = new Promise((resolve) => mine.once('exit', resolve));
    const listens = new Promise((resolve) => mine.stdout.once('data', () => resolve(true)));
    holds(await Promise.race([listens, mine.ended.then(() => false)]), `the server does not start: ${house.log.at(-1)}`);
  };
  const end = (signal) => async () => {
    const mine = child;
    child = null;
    mine?.kill(signal);
    return mine?.ended;
  };
  [house.kill, house.stop] = [end('SIGKILL'), end('SIGTERM')];
  return house;
}

/** A token that the network brought late, after the next ones, looks like a copy in other hands: the session ends, and the person signs in again. */
const signedOut = ({ code, err }) => code === 3 && err.includes('sync.signed_out');

/** A device and the person at it. */
function device(name, books, dice) {
  const one = { name, done: new Map(), doubtful: new Map(), killed: 0, own: { parties: [], invoices: [] } };
  one.run = (...args) => daybook(binary, ['--books', books, ...args]);
  one.good = (...args) => {
    const { code, out, err } = one.run(...args);
    same([code, err], [0, ''], `${name}: ${args.join(' ')}`);
    return out;
  };
  one.join = async (url, tenant, password) => {
    one.password = password;
    const joined = await finish(one, ['connect', url, '--tenant', tenant, '--email', EMAIL, '--password-file', password, '--device', name]);
    same([joined.code, joined.err], [0, ''], 'connect');
  };
  /** Starts the program; kills it after `patience` ms. */
  const finish = (one, args, patience = STEP_MS) => new Promise((resolve) => {
    const child = spawn(binary, ['--books', books, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.on('data', (text) => (out += text));
    child.stderr.on('data', (text) => (err += text));
    const killer = setTimeout(() => child.kill('SIGKILL'), patience);
    child.once('close', (code, signal) => {
      clearTimeout(killer);
      one.killed += signal === 'SIGKILL';
      resolve({ code, out, err });
    });
  });
  /** Executes a command under an id; a program that was killed may have done it. */
  one.execute = async (id, command, args, patience) => {
    const { code, out, err } = await finish(one, ['exec', command, JSON.stringify(args), '--id', id, '--json'], patience);
    if (code === null) return one.doubtful.set(id, { command, args });
    one.doubtful.delete(id);
    // What the server refused is not here any more, and nobody can build on it.
    if (code === 1 && err.includes('record.not_found')) return null;
    if (code !== 0) return holds([2, 3].includes(code), `${name}: ${command} ended with ${code}: ${err}`);
    const { result } = JSON.parse(out);
    one.done.set(id, { name: command, id: result.id });
    if (command === 'parties.save_party') one.own.parties.push(result.id);
    if (command === 'billing.post_invoice') one.own.invoices.push(result.id);
    return result;
  };
  one.sync = async (patience) => {
    let round = await finish(one, ['sync', '--json'], patience);
    if (signedOut(round)) {
      await finish(one, ['sign-in', '--password-file', one.password]);
      round = await finish(one, ['sync', '--json'], patience);
    }
    const { code, out, err } = round;
    holds([0, 1, 4, null].includes(code) || signedOut(round), `${name}: sync ended with ${code}: ${err}`);
    return out ? JSON.parse(out) : null;
  };
  /** Who died in the middle of something tries it again, under the same id. */
  one.settle = async () => {
    for (const [id, { command, args }] of one.doubtful) await one.execute(id, command, args);
  };
  one.live = async (end, goods) => {
    while (Date.now() < end) {
      for (let n = dice.between(1, 6); n > 0; n -= 1) {
        const [command, args] = work(dice, goods, one.own);
        await one.execute(randomUUID(), command, args, dice.chance(8) ? dice.between(1, 15) : undefined);
      }
      if (dice.chance(50)) await one.settle();
      await one.sync(dice.chance(25) ? dice.between(5, 400) : 6_000);
    }
  };
  return one;
}

/** What people do all day. */
function work(dice, { parties, items }, own) {
  const salt = dice.below(100_000);
  const party = () => (own.parties.length && dice.chance(20) ? dice.one(own.parties) : dice.one(parties));
  const lines = () => Array.from({ length: dice.between(1, 3) }, () => ({ item: dice.one(items), quantity: String(dice.between(1, 9)) }));
  const deed = dice.below(20);
  if (deed < 9) return ['billing.post_invoice', { draft: { party: party(), lines: lines() } }];
  if (deed < 11) return ['billing.save_draft', { draft: { party: party(), lines: lines() } }];
  if (deed < 13 && own.invoices.length) return ['billing.credit_invoice', { id: dice.one(own.invoices), reason: 'Broken', lines: [{ line: 1, quantity: '1' }] }];
  if (deed < 15) return ['inventory.adjust', { item: dice.one(items), quantity: `-${dice.between(1, 20)}`, reason: 'Rust' }];
  if (deed < 17) return ['inventory.receive', { lines: [{ item: dice.one(items), quantity: '40', unit_cost: '1.30' }] }];
  // The same code on two devices: one of them is refused, with everything that needs it.
  if (deed < 18) return ['parties.save_party', { code: `N${dice.below(30)}`, name: `New ${salt}`, country: 'GB', is_customer: true }];
  return ['parties.save_party', { id: party(), name: `Renamed ${salt}`, country: 'GB', is_customer: true }];
}

async function stock(one, goods) {
  for (let n = 0; n < 6; n += 1) {
    goods.parties.push((await one.execute(randomUUID(), 'parties.save_party', { code: `C${n}`, name: `Customer ${n}`, country: 'GB', is_customer: true })).id);
    goods.items.push((await one.execute(randomUUID(), 'catalog.save_item', { code: `I${n}`, name: `Item ${n}`, kind: 'goods', sales_price: '3.75' })).id);
  }
  await one.execute(randomUUID(), 'inventory.receive', { lines: goods.items.map((item) => ({ item, quantity: '1000', unit_cost: '1.10' })), opening: true });
}

/** Syncs until everybody has everything. */
async function inStep(people) {
  const end = Date.now() + STEP_MS;
  for (;;) {
    const hashes = [];
    let rest = 0;
    for (const one of people) {
      rest += (await one.sync())?.pending ?? 1;
      hashes.push(one.run('dump', '--hash').out);
    }
    if (rest === 0 && new Set(hashes).size === 1) return;
    holds(Date.now() < end, `not in step: ${rest} pending, ${hashes.join(' ')}`);
  }
}

/** The rows of a table in a dump. */
const rows = (dump, table) => dump.split('\n').filter((line) => line.startsWith(`${table} `)).map((line) => JSON.parse(line.slice(table.length + 1)));
/** Where the number of a document is in its row. */
const NUMBER = 4;

async function freePorts(count) {
  const taken = await Promise.all(Array.from({ length: count }, () => new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
  })));
  const ports = taken.map((server) => server.address().port);
  await Promise.all(taken.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

holds(POSTGRES && CRASH, 'run it by scripts/with-postgres.sh');
const dice = diceOf(Number(seed));
const one = await world('one server, everything goes wrong', { servers: 1, devices: 2, dice, weather: 40, kills: ['server', 'server', 'postgres', 'network'] });
const two = await world('two servers on one PostgreSQL, killed in turn', { servers: 2, devices: 3, dice, weather: 5, kills: ['server'] });
process.exit(one && two ? 0 : 1);
