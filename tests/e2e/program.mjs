// The built program, run as a person would: `daybook …` on books in a folder of its own.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function freshFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'daybook-e2e-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }) };
}

// What the program keeps beside the books goes with the test, not into the folder of who runs it.
process.env.DAYBOOK_STATE_DIR = mkdtempSync(join(tmpdir(), 'daybook-state-'));
process.once('exit', () => rmSync(process.env.DAYBOOK_STATE_DIR, { recursive: true, force: true }));

const environment = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('DAYBOOK_') || ['DAYBOOK_STATE_DIR', 'DAYBOOK_MACHINE'].includes(name)));

/** Runs one subcommand to its end. */
export function daybook(binary, args, input) {
  const { status, stdout, stderr } = spawnSync(binary, args, { env: environment(), input, encoding: 'utf8', maxBuffer: 2 ** 30 });
  return { code: status, out: stdout, err: stderr };
}

/** Serves books; resolves to the printed address and what ends the server the polite way. */
export function serve(binary, books) {
  const server = spawn(binary, ['serve', '--books', books], { env: environment(), stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  const stop = async () => {
    server.kill('SIGTERM');
    return ended;
  };
  return new Promise((resolve, reject) => {
    server.stdout.once('data', (line) => resolve({ url: String(line).trim(), stop }));
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    server.once('error', reject);
  });
}
