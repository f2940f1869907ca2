// Shows the built page over a running core without rebuilding it: node dev/real.mjs http://127.0.0.1:<port of `daybook serve`> [own port]
// Calls go through to the core as its own page would send them.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json' };

/** Starts serving `dist` in front of `core`; resolves to its address and what stops it. */
export function frontOf(core, dist, port = 0) {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, 'http://x').pathname;
    if (path.startsWith('/rpc/')) return pass(core, path, request, response);
    const file = join(dist, normalize(path === '/' ? '/index.html' : path));
    try {
      const bytes = await readFile(file);
      const policy = (await fetch(core)).headers.get('content-security-policy') ?? "default-src 'self'";
      response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': policy }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve({ url: `http://127.0.0.1:${server.address().port}`, stop: () => { server.closeAllConnections(); server.close(); } })));
}

async function pass(core, path, request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const headers = {};
  for (const name of ['authorization', 'content-type', 'x-file-name']) if (request.headers[name]) headers[name] = request.headers[name];
  const answer = await fetch(core + path, { method: 'POST', headers, body: Buffer.concat(chunks) }).catch(() => null);
  if (!answer) return response.destroy();
  response.writeHead(answer.status, { 'Content-Type': answer.headers.get('content-type') ?? 'application/json' }).end(Buffer.from(await answer.arrayBuffer()));
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { url } = await frontOf(process.argv[2], new URL('../dist', import.meta.url).pathname, Number(process.argv[3] ?? 0));
  console.log(url);
}
