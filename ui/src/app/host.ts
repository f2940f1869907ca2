// Gives generic screens and modules their view of the app: the core, the address, messages, jobs and files.
import type { Host } from '../generic/host.ts';
import { localToday } from '../kit/civil.ts';
import { recall, remember, remembered } from '../platform/keep.ts';
import { startJob } from './jobs.svelte.ts';
import { panels } from './panels.svelte.ts';
import { preferences } from './preferences.svelte.ts';
import { router } from './router.svelte.ts';
import { pathOfRecord } from './screens.ts';
import { session } from './session.svelte.ts';
import { undoCommand } from './steps.svelte.ts';
import { sync } from './sync.svelte.ts';
import { showToast } from './toasts.svelte.ts';

function started<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('Asked before the program has started.');
  return value;
}

/** What is kept on this computer belongs to one person in one firm's books. */
function own(name: string): string {
  return `${session.status?.company?.id ?? 'none'}.${session.status?.user.id ?? 'none'}.${name}`;
}

export const appHost: Host = {
  get register() {
    return started(session.register);
  },
  get status() {
    return started(session.status);
  },
  get company() {
    return started(session.status?.company);
  },
  get shell() {
    return session.platform.kind;
  },
  get sync() {
    return sync.status;
  },
  preferences,
  today: () => localToday(),
  query: (name, args) => session.query(name, args),
  execute: (name, args) => session.execute(name, args),
  async call<T>(method: string, body: unknown) {
    const answer = await session.call<T>(method, body);
    session.changed((answer as { changed?: string[] } | null)?.changed ?? []);
    return answer;
  },
  async lookup(record, text, limit) {
    const answer = await session.query<{ hits: Awaited<ReturnType<Host['lookup']>> }>('records.lookup', { record, text, limit });
    return answer.hits;
  },
  watch: (ask, value, problem) => session.cache.watch(ask, { value: value as (v: unknown) => void, problem: problem as (p: unknown) => void }),
  onChange: (heard) => session.onChange(heard),
  go: (path) => router.go(path),
  rename: (path) => router.rename(path),
  pathOf: pathOfRecord,
  back: () => router.back(),
  toast(toast) {
    const command = session.lastCommand;
    showToast(toast.undo ? { ...toast, undoing: () => undoCommand(command) } : toast);
  },
  startJob,
  upload: (file) => session.platform.upload(file),
  get pickFile() {
    return session.platform.pickFile;
  },
  pdf: (method, body) => session.platform.pdf(method, body),
  openPdf: (method, body, name) => session.platform.openPdf(method, body, name),
  savePdf: (method, body, name) => session.platform.savePdf(method, body, name),
  saveFile: (body, name) => session.platform.saveFile(body, name),
  saveText: (name, text, type) => session.platform.saveText(name, text, type),
  openConnect: () => (panels.connect = true),
  openSync: () => (panels.sync = true),
  restart: () => session.restart(),
  async createSample() {
    await session.call('sample.create', {});
    await session.restart();
  },
  async removeSample() {
    await session.call('sample.remove', {});
    await session.restart();
  },
  remember: (name, value) => remember(own(name), value),
  recall: (name) => recall(own(name)),
  kept: (start) => remembered(own(start)).map((name) => name.slice(own('').length)),
};
