// Finds actions and records by what was typed, best first.
import type { Hit } from '../gen/contract.ts';
import type { IconName } from '../kit/Icon.svelte';
import { recordName, recordsName } from '../generic/words.ts';
import type { Action } from '../kit/keys.ts';
import { hasText, t } from '../kit/language.svelte.ts';
import { score } from './score.ts';
import { router } from './router.svelte.ts';
import { pathOfRecord } from './screens.ts';
import { session } from './session.svelte.ts';
import { rank, visits } from './visits.svelte.ts';

export interface Found {
  key: string;
  label: string;
  detail?: string;
  record?: string;
  icon: IconName;
  shortcut?: string;
  score: number;
  run: () => void;
}

/** Icons of what is found; everything else is a page. */
const ICONS: Record<string, IconName> = { billing_invoice: 'invoice', party: 'people', item: 'box', item_category: 'tag', account: 'ledger', journal_entry: 'journal' };
/** What a sign before the words restricts the search to. */
const PREFIXES: Record<string, string> = { '#': 'billing_invoice', '@': 'party' };
/** Hits of each record. */
const EACH = 6;

interface FoundHit extends Hit {
  record: string;
  /** It has words that differ from what was typed by a letter. */
  near: boolean;
}

export function findActions(known: Action[], text: string): Found[] {
  return known
    .map((action) => ({ action, score: score(text, action.label, action.also) }))
    .filter((f) => f.score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, 12)
    .map((f) => asFound(f.action, f.score));
}

/** With nothing typed: where this person goes often, then the common actions. */
export function recent(known: Action[]): Found[] {
  const now = Date.now();
  const often = visits.list
    .filter((v) => v.path !== router.place.path)
    .sort((a, b) => rank(b, now) - rank(a, now))
    .slice(0, 5);
  const places: Found[] = often.map((v) => ({
    key: `visit ${v.path}`,
    label: placeName(v.path, v.label),
    detail: t('palette.recent'),
    icon: 'clock',
    score: 3,
    run: () => router.go(v.path),
  }));
  return [...places, ...known.map((action) => asFound(action, 2))];
}

/** What is at an address: the records of a list, the kind of one record, else the title of the screen. */
function placeName(path: string, screen: string): string {
  const [, record, id] = /^\/records\/([^/]+)(\/.+)?$/.exec(path) ?? [];
  if (record) return id ? recordName(record) : recordsName(record);
  return hasText(`screen.${screen}`) ? t(`screen.${screen}`) : screen;
}

function asFound(action: Action, value: number): Found {
  const icon: IconName = action.id.startsWith('go.') ? 'right' : /^new\.|\.new$/.test(action.id) ? 'plus' : action.id.startsWith('report.') ? 'chart' : 'dot';
  return { key: action.id, label: action.label, icon, score: value, run: action.run, ...(action.keys?.[0] ? { shortcut: action.keys[0] } : {}) };
}

export async function findRecords(typed: string): Promise<Found[]> {
  if (typed.startsWith('/')) return [];
  const prefix = /^[@#]/.exec(typed)?.[0] ?? '';
  const text = typed.slice(prefix.length).trim();
  if (text === '') return [];
  const record = PREFIXES[prefix];
  const { hits } = await session.query<{ hits: FoundHit[] }>('records.find', { text, limit: EACH, ...(record ? { records: [record] } : {}) });
  return hits.map(asRecord);
}

/** What is only nearly what was typed stands behind actions that fit. */
function asRecord({ id, code, label: name, detail, record, near }: FoundHit): Found {
  const label = code && code !== name ? `${code}  ${name}` : name;
  const more = detail && (hasText(`choice.state.${detail}`) ? t(`choice.state.${detail}`) : detail);
  return { key: `${record} ${id}`, label, icon: ICONS[record] ?? 'page', score: near ? 0.5 : 2, record, ...(more ? { detail: more } : {}), run: () => router.go(pathOfRecord(record, id)) };
}
