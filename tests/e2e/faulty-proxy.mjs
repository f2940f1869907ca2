// A bad network between devices and their servers: an HTTP proxy that loses, delays, doubles and spoils what passes. The
// dice decide for every request; `weather` says how bad it is. It balances over the servers that listen.
import http from 'node:http';

/** How long a request that is never answered is held, unless its sender goes away before, ms. */
const HELD_MS = 4_000;
/** How long one server may take, ms: a connection to one that was killed half-way must not hang. */
const PATIENCE_MS = 20_000;

/** What may happen to a request; `weather` is a number of percent for them all. */
const FAULTS = {
  /** The request arrives in part. */
  async cutRequest({ dice, body, head, send, client }) {
    await send(head, body.subarray(0, dice.below(body.length || 1)), { promised: body.length }).catch(() => {});
    client.destroy();
  },
  /** The request is done, the answer is lost. */
  async loseAnswer({ body, head, send, client }) {
    await send(head, body).catch(() => {});
    client.destroy();
  },
  /** The answer arrives in part, though it promised more. */
  async cutAnswer({ dice, body, head, send, client, answer }) {
    const got = await send(head, body);
    answer.writeHead(got.status, { ...got.headers, 'content-length': got.body.length });
    answer.write(got.body.subarray(0, dice.below(got.body.length || 1)), () => client.destroy());
  },
  /** The answer ends early and says that it is whole. */
  async shortAnswer({ dice, body, head, send, reply }) {
    const got = await send(head, body);
    reply({ ...got, body: got.body.subarray(0, dice.below(got.body.length || 1)) });
  },
  async late({ dice, body, head, send, reply }) {
    await sleep(dice.between(50, 900));
    reply(await send(head, body));
  },
  /** The request arrives twice, one after the other or both at once; the first answer is passed on. */
  async twice({ dice, body, head, send, reply }) {
    const first = send(head, body);
    if (dice.chance(50)) await first.catch(() => {});
    const second = send(head, body).catch(() => {});
    const got = await first;
    if (dice.chance(50)) await second;
    reply(got);
  },
  /** Accepted, and never answered. */
  async halfOpen({ client }) {
    await Promise.race([sleep(HELD_MS), new Promise((gone) => client.once('close', gone))]);
    client.destroy();
  },
  /** What answers does not speak HTTP. */
  async garbage({ dice, client }) {
    client.end(Buffer.from(Array.from({ length: dice.between(1, 600) }, () => dice.below(256))));
  },
  /** A hotel's sign-in page, for everything. */
  async portal({ reply }) {
    reply({ status: 200, headers: { 'content-type': 'text/html' }, body: Buffer.from('<!doctype html><title>Welcome to our hotel</title>') });
  },
  /** A balancer without servers. */
  async badGateway({ reply }) {
    reply({ status: 502, headers: { 'content-type': 'text/html' }, body: Buffer.from('<h1>502 Bad Gateway</h1>') });
  },
};

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Listens; `ports` are those of the servers. */
export async function faultyProxy(dice, ports) {
  const proxy = { weather: 0, only: null, counts: {} };
  const server = http.createServer(async (request, answer) => {
    const client = request.socket;
    try {
      const body = await read(request);
      const head = { method: request.method, path: request.url, headers: request.headers };
      const reply = ({ status, headers, body }) => answer.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
      const name = proxy.only ?? (dice.chance(proxy.weather) ? dice.one(Object.keys(FAULTS)) : null);
      proxy.counts[name ?? 'passed'] = (proxy.counts[name ?? 'passed'] ?? 0) + 1;
      const send = (head, body, more) => forward(dice.one(ports), head, body, more);
      if (name) await FAULTS[name]({ dice, body, head, send, client, answer, reply });
      else reply(await send(head, body));
    } catch {
      client.destroy();
    }
  });
  server.on('clientError', (_, client) => client.destroy());
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy.url = `http://127.0.0.1:${server.address().port}`;
  proxy.stop = () => (server.close(), server.closeAllConnections());
  return proxy;
}

async function read(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

/** Sends a request to a server and gives the whole answer; with `promised` more bytes than there are, it hangs up. */
function forward(port, { method, path, headers }, body, { promised } = {}) {
  return new Promise((resolve, reject) => {
    const more = { ...headers, connection: 'close', 'content-length': promised ?? body.length };
    const request = http.request({ host: '127.0.0.1', port, method, path, headers: more, timeout: PATIENCE_MS }, async (answer) => {
      const kept = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !['connection', 'transfer-encoding', 'keep-alive'].includes(name)));
      read(answer).then((body) => resolve({ status: answer.statusCode, headers: kept, body }), reject);
    });
    request.on('error', reject);
    request.on('timeout', () => request.destroy(new Error('too slow')));
    if (promised === undefined) request.end(body);
    else request.write(body, () => request.destroy(new Error('cut')));
  });
}
