// The standing of books with their server in words, with an icon and a tone: the same in the status line, the panel and the settings.
import type { SyncState, SyncStatus } from '../gen/contract.ts';
import type { IconName } from '../kit/Icon.svelte';
import { instant, t, time } from '../kit/language.svelte.ts';
import { sameDay, syncStanding, type Said } from './sync-standing.ts';

export interface SyncWords {
  text: string;
  also: string;
  icon: IconName;
  tone: 'good' | 'plain' | 'warn' | 'bad';
}

const LOOK: Record<SyncState, Pick<SyncWords, 'icon' | 'tone'>> = {
  alone: { icon: 'disk', tone: 'plain' },
  in_step: { icon: 'sync', tone: 'good' },
  waiting: { icon: 'clock', tone: 'plain' },
  offline: { icon: 'offline', tone: 'warn' },
  needs_you: { icon: 'warn', tone: 'bad' },
};

export function syncWords(status: SyncStatus, now_ms: number): SyncWords {
  const { state, said, also } = syncStanding(status);
  return { text: say(said, now_ms), also: also.map((one) => say(one, now_ms)).join(' · '), ...LOOK[state] };
}

function say({ key, n, at_ms }: Said, now_ms: number): string {
  const clock = at_ms === undefined ? undefined : sameDay(at_ms, now_ms) ? time(at_ms) : instant(at_ms);
  return t(key, { ...(n === undefined ? {} : { n }), ...(clock === undefined ? {} : { time: clock }) });
}
