// The running program: status and register of the core, every call to it, and what this person sees of its state.
import type { Register, Status } from '../gen/contract.ts';
import { asCoreError, choosePlatform, type CoreError, type Platform } from '../platform/index.ts';
import { Cache } from './cache.ts';
import { languageFor, speak, worded, type CoreTexts } from './languages.svelte.ts';
import { preferences } from './preferences.svelte.ts';

const LISTEN_MS = 25_000;
const RETRY_MS = 2_000;

class Session {
  platform: Platform = choosePlatform();
  register: Register | null = $state.raw(null);
  status: Status | null = $state.raw(null);
  /** Why the program could not start. */
  problem: CoreError | null = $state.raw(null);
  /** Commands on their way to the disk. */
  saving = $state(0);
  /** False while the core does not answer. */
  reachable = $state(true);
  savedAt = $state(0);
  /** The id of the newest command that was done here. */
  lastCommand = '';
  readonly cache = new Cache((name, args, method) => (method ? this.call(name, args) : this.query(name, args)));
  private readonly listeners = new Set<(tags: string[]) => void>();

  async start(): Promise<void> {
    this.problem = null;
    try {
      await this.speak(preferences.language);
      const [status, register] = await Promise.all([this.call<Status>('status', {}), this.call<Register>('register', {})]);
      this.register = register;
      this.status = status;
      void this.listen();
    } catch (thrown) {
      this.problem = asCoreError(thrown);
    }
  }

  /** Changes the language of the screen; empty means that of the system. */
  speak(wish: string): Promise<void> {
    return speak(languageFor(wish, navigator.languages), (language) => this.platform.call<CoreTexts>('texts', { language }));
  }

  async refreshStatus(): Promise<void> {
    this.status = await this.call<Status>('status', {});
  }

  async call<T>(method: string, body: unknown): Promise<T> {
    try {
      const answer = await this.platform.call<T>(method, body);
      this.reachable = true;
      return worded(answer);
    } catch (thrown) {
      const error = worded(asCoreError(thrown));
      this.reachable = error.kind !== 'unreachable';
      throw error;
    }
  }

  query<T>(name: string, args: unknown): Promise<T> {
    return this.call<T>('query', { name, args });
  }

  /** Every command carries its own id: sent twice, it still happens once. */
  async execute<T>(name: string, args: unknown): Promise<T> {
    const envelope = { name, args, id: newId() };
    this.saving += 1;
    try {
      const outcome = await this.send<{ result: T; changed: string[]; pos: number }>(envelope);
      this.savedAt = Date.now();
      this.lastCommand = envelope.id;
      this.changed(outcome.changed);
      return outcome.result;
    } finally {
      this.saving -= 1;
    }
  }

  onChange(heard: (tags: string[]) => void): () => void {
    this.listeners.add(heard);
    return () => this.listeners.delete(heard);
  }

  changed(tags: string[]): void {
    if (tags.length === 0) return;
    this.cache.invalidate(tags);
    for (const heard of [...this.listeners]) heard(tags);
  }

  /** After the books themselves were exchanged, nothing remembered is worth keeping. */
  async restart(): Promise<void> {
    await this.refreshStatus();
    this.cache.clear();
    for (const heard of [...this.listeners]) heard(['*']);
  }

  private async send<T>(envelope: { id: string }): Promise<T> {
    try {
      return await this.call<T>('execute', envelope);
    } catch (thrown) {
      const error = asCoreError(thrown);
      if (error.kind !== 'unreachable' && error.kind !== 'busy') throw error;
      await pause(250);
      return this.call<T>('execute', envelope);
    }
  }

  /** Waits for changes made elsewhere: an import, another window, the road to the server. */
  private async listen(): Promise<void> {
    let after = this.status?.head.pos ?? 0;
    for (;;) {
      try {
        const news = await this.call<{ n: number; changed: string[] }>('changes', { after, wait_ms: LISTEN_MS });
        after = news.n;
        this.changed(news.changed);
      } catch {
        await pause(RETRY_MS);
      }
    }
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A version 4 UUID; `randomUUID` alone is missing where the page is served over plain HTTP in a local network. */
export function newId(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = ((b[6] ?? 0) & 0x0f) | 0x40;
  b[8] = ((b[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...b].map((x) => x.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export const session = new Session();
