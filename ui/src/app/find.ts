// Finds actions and records by what was typed, best first; with nothing typed, what is used often.
import type { Hit } from '../gen/contract.ts';
import type { IconName } from '../kit/Icon.svelte';
import { detailOf, recordsName } from '../generic/words.ts';
import type { Action } from '../kit/keys.ts';
import { hasText, t } from '../kit/language.svelte.ts';
import { score } from './score.ts';
import { router } from './router.svelte.ts';
import { pathOfRecord } from './screens.ts';
import { session } from './session.svelte.ts';
import { habit, rank, visits, type Visit } from './visits.svelte.ts';

export interface Found {
  key: string;
  label: string;
  detail?: string;
  record?: string;
  /** Its words differ from what was typed by a letter. */
  near?: boolean;
  /** The address it leads to. */
  path?: string;
  icon: IconName;
  shortcut?: string;
  score: number;
  run: () => void;
}

/** Icons of what is found; everything else is a page. */
const ICONS: Record<string, IconName> = { billing_invoice: 'invoice', party: 'people', item: 'box', item_category: 'tag', account: 'ledger', journal_entry: 'journal' };
/** What a sign before the words restricts the search to. */
const PREFIXES: Record<string, string> = { '#': 'billing_invoice', '@': 'party', '*': 'item' };
/** Hits of each record. */
const EACH = 6;
/** How many places somebody was at are offered first. */
const OFFERED = 8;
/** How a hit stands to actions, which begin with the typed words (4), have them (3), or have their letters (below 2). */
const WORTH = { exact: 5, start: 3.5, words: 2.5, near: 0.4 };

interface FoundHit extends Hit {
  record: string;
  /** How well it fits what was typed. */
  fit: keyof typeof WORTH;
}

/** What was typed, taken apart: what is looked for, and among what. */
export interface Typed {
  text: string;
  actions: boolean;
  records: boolean;
  record?: string;
}

export function readTyped(typed: string): Typed {
  const sign = typed.charAt(0);
  if (sign === '/') return { text: typed.slice(1).trim(), actions: true, records: false };
  const record = PREFIXES[sign];
  if (record) return { text: typed.slice(1).trim(), actions: false, records: true, record };
  return { text: typed.trim(), actions: true, records: true };
}

/** Actions by what was typed, best first; all of them when nothing is. */
export function findActions(known: Action[], { text, actions }: Typed): Found[] {
  if (!actions) return [];
  return known
    .map((action) => asFound(action, text === '' ? 1 : Math.max(score(text, action.label, action.also), score(text, action.name ?? ''))))
    .filter((f) => f.score > 0);
}

/** Records by what was typed, as the core finds them. */
export async function findRecords({ text, records, record }: Typed): Promise<Found[]> {
  if (!records || text === '') return [];
  const { hits } = await session.query<{ hits: FoundHit[] }>('records.find', { text, limit: EACH, ...(record ? { records: [record] } : {}) });
  return hits.map((hit) => asRecord(hit, WORTH[hit.fit], hit.fit === 'near'));
}

/** Everything that was found in one order: what fits best first, of equals what is used more. */
export function inOrder(all: Found[]): Found[] {
  const now = Date.now();
  const worth = new Map(all.map((found) => [found, found.score + habit(found.path ?? found.key, now)]));
  return [...all].sort((a, b) => (worth.get(b) ?? 0) - (worth.get(a) ?? 0));
}

/** Where this person was and what they did lately and often, but for where they are. */
export function oftenUsed(): Visit[] {
  const now = Date.now();
  // A record is harder to reach than a screen, which has its place in the sidebar.
  const worth = (v: Visit): number => rank(v, now) * (recordAt(v.path) ? 2 : 1);
  return visits.list.filter((v) => v.path !== router.place.path).sort((a, b) => worth(b) - worth(a)).slice(0, OFFERED);
}

/** What the records among these visits are called; those that are gone, or not for these eyes, are left out. */
export async function nameVisits(often: Visit[]): Promise<Map<string, Found>> {
  const of = often.map((v) => recordAt(v.path)).filter((row) => row !== undefined);
  if (of.length === 0) return new Map();
  const { hits } = await session.query<{ hits: FoundHit[] }>('records.named', { of });
  // What has no name is not offered by its id.
  return new Map(hits.filter((hit) => hit.label !== hit.id).map((hit) => [pathOfRecord(hit.record, hit.id), asRecord(hit, 0, false)]));
}

/** With nothing typed: what is used often, then every action. */
export function recent(known: Action[], often: Visit[], named: Map<string, Found>): Found[] {
  const offered = often.map((visit) => asVisit(visit, known, named)).filter((found) => found !== undefined);
  const keys = new Set(offered.map((found) => found.key));
  return [...offered, ...known.map((action) => asFound(action, 1)).filter((found) => !keys.has(found.key))];
}

function asVisit({ path, label }: Visit, known: Action[], named: Map<string, Found>): Found | undefined {
  const detail = t('palette.recent');
  const action = known.find((a) => a.path === path || a.id === path);
  if (action) return { ...asFound(action, 1), ...(action.name ? { label: action.name } : {}), detail };
  if (recordAt(path)) return named.get(path);
  if (!path.startsWith('/')) return undefined;
  const [, record] = /^\/records\/([^/]+)$/.exec(path) ?? [];
  const name = record ? recordsName(record) : hasText(`screen.${label}`) ? t(`screen.${label}`) : label;
  return { key: `visit ${path}`, path, label: name, detail, icon: 'clock', score: 1, run: () => router.go(path) };
}

/** The record whose own screen is at an address. */
function recordAt(path: string): { record: string; id: string } | undefined {
  const [, base = '', id = ''] = /^(.+)\/([0-9a-f]{8}-[0-9a-f-]{27})$/.exec(path) ?? [];
  const record = Object.keys(ICONS).find((name) => id && pathOfRecord(name) === base) ?? /^\/records\/([^/]+)$/.exec(base)?.[1];
  return record && id ? { record, id } : undefined;
}

function asFound(action: Action, value: number): Found {
  const icon: IconName = action.id.startsWith('go.') ? 'right' : /^new\.|\.new$/.test(action.id) ? 'plus' : action.id.startsWith('report.') ? 'chart' : 'dot';
  return { key: action.id, label: action.label, icon, score: value, run: action.run, ...(action.path ? { path: action.path } : {}), ...(action.keys?.[0] ? { shortcut: action.keys[0] } : {}) };
}

function asRecord(hit: FoundHit, value: number, near: boolean): Found {
  const { id, code, label: name, record } = hit;
  const label = code && code !== name ? `${code}  ${name}` : name;
  const more = detailOf(record, hit);
  const path = pathOfRecord(record, id);
  return { key: `${record} ${id}`, path, label, icon: ICONS[record] ?? 'page', score: value, record, near, ...(more ? { detail: more } : {}), run: () => router.go(path) };
}
