// How long the window needs to start, and how much memory it takes: node scripts/measure-window.mjs <daybook-desktop> <books> [starts]
// Needs a display; `xvfb-run -a` makes one in memory. Prints the median of several starts.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [binary, books, starts = '7'] = process.argv.slice(2);
const SETTLED_MS = 2_000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** The process and everything it started. */
function tree(pid) {
  const parents = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((name) => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      return [Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])];
    } catch {
      return [0, 0];
    }
  });
  const found = [pid];
  for (const one of found) found.push(...parents.filter(([, parent]) => parent === one).map(([child]) => child));
  return found;
}

/** Memory of a process in MB, shared pages counted in proportion. */
function pss(pid) {
  try {
    return Number(/^Pss: +(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]) / 1024;
  } catch {
    return 0;
  }
}

async function start() {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-start-'));
  const own = { XDG_DATA_HOME: join(folder, 'data'), XDG_CONFIG_HOME: join(folder, 'config'), XDG_CACHE_HOME: join(folder, 'cache') };
  const began = performance.now();
  const app = spawn(binary, [books], { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, ...own, DAYBOOK_SAY_READY: '1' } });
  await new Promise((resolve) => app.stdout.once('data', resolve));
  const ready = performance.now() - began;
  await pause(SETTLED_MS);
  const memory = tree(app.pid).reduce((sum, pid) => sum + pss(pid), 0);
  app.kill('SIGTERM');
  await new Promise((resolve) => app.once('exit', resolve));
  await pause(300);
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  return { ready, memory };
}

const measured = [];
for (let n = 0; n < Number(starts); n += 1) measured.push(await start());
console.log(`start to usable: median ${median(measured.map((m) => m.ready)).toFixed(0)} ms, PSS of the whole tree: median ${median(measured.map((m) => m.memory)).toFixed(0)} MB (${measured.length} starts)`);
