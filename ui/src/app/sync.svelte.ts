// How these books stand with their server, followed for as long as the shell is on screen.
import type { SyncStatus } from '../gen/contract.ts';
import { session } from './session.svelte.ts';

export const SYNC_TAGS = ['sync'];

class Sync {
  status: SyncStatus | null = $state.raw(null);

  get connected(): boolean {
    return this.status?.part === 'device';
  }
}

export const sync = new Sync();

/** Follows for as long as the calling component lives. */
export function followSync(): void {
  $effect(() => {
    const question = { name: 'sync.status', args: {}, tags: SYNC_TAGS, method: true };
    // While the program does not answer, what was known last stays; the status line says that it does not answer.
    return session.cache.watch(question, { value: (value) => (sync.status = value as SyncStatus), problem: () => {} });
  });
}
