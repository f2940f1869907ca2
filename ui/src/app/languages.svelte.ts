// The languages of the screen: which one a person gets, and how its words come in. English is always there and fills every gap.
import type { ErrorBody } from '../gen/contract.ts';
import { LANGUAGES } from '../generic/preferences.ts';
import { recordNameInside } from '../generic/words.ts';
import { language } from '../kit/language.svelte.ts';
import { fill } from '../kit/sentence.ts';
import english from '../texts/en.json';
import { pseudo } from './pseudo.ts';

type Words = Record<string, string>;
/** What the core says in a language: its labels, and its refusals by code. */
export interface CoreTexts {
  labels: Words;
  errors: Record<string, { message: string; next: string }>;
}

const FILES: Record<string, () => Promise<{ default: Words }>> = {
  de: () => import('../texts/de.json'),
  fr: () => import('../texts/fr.json'),
  es: () => import('../texts/es.json'),
  ar: () => import('../texts/ar.json'),
};
/** For checks: English, but not readable as such. */
const PSEUDO = 'en-XA';
const RIGHT_TO_LEFT = new Set(['ar']);

/** The language a person gets: the wish where it is one of ours, else the first of the system's that is, else English. */
export function languageFor(wish: string, system: readonly string[]): string {
  if (wish === PSEUDO || LANGUAGES.includes(wish)) return wish;
  return system.map((name) => name.split('-')[0] ?? '').find((name) => LANGUAGES.includes(name)) ?? 'en';
}

/** What is spoken now: the words of the screen, and those of the core where it is not its own English. */
const spoken: { name: string; own: Words; core: CoreTexts | null } = $state({ name: 'en', own: {}, core: null });

/** Brings in the words of a language; `ask` gets those of the core. Where they do not come, English stays. */
export async function speak(name: string, ask: (language: string) => Promise<CoreTexts>): Promise<void> {
  if (name === spoken.name) return;
  const [own, core] = await Promise.all([FILES[name]?.().then((file) => file.default, () => ({})), name === 'en' ? null : ask(name === PSEUDO ? 'en' : name).catch(() => null)]);
  Object.assign(spoken, name === PSEUDO ? { name, own: accented(english), core: core && accentedCore(core) } : { name, own: own ?? {}, core });
}

/** Keeps page and dictionary in the language that is spoken. `labels` are the core's own English ones. Call once, inside the root component. */
export function followLanguage(labels: () => Words | undefined): void {
  $effect.pre(() => {
    language.words = spoken.name;
    language.direction = RIGHT_TO_LEFT.has(spoken.name) ? 'rtl' : 'ltr';
    // The core's words win where it has any, so that a field is called the same everywhere.
    language.dictionary = { ...english, ...labels(), ...spoken.own, ...spoken.core?.labels };
    document.documentElement.lang = spoken.name;
    document.documentElement.dir = language.direction;
  });
}

/** An answer of the core with every refusal in it said in the language that is spoken. Changes the answer itself. */
export function worded<T>(answer: T): T {
  if (spoken.core) walk(answer, spoken.core);
  return answer;
}

function walk(part: unknown, core: CoreTexts): void {
  if (typeof part !== 'object' || part === null) return;
  if (isRefusal(part)) say(part, core);
  for (const inside of Object.values(part)) walk(inside, core);
}

const isRefusal = (part: object): part is ErrorBody => 'code' in part && 'message' in part && 'kind' in part;

function say(body: ErrorBody, core: CoreTexts): void {
  const words = core.errors[body.code];
  if (!words) return;
  const values: Words = Object.fromEntries(Object.entries(body.args ?? {}).map(([name, value]) => [name, String(value)]));
  for (const [name, key] of Object.entries(body.labels ?? {})) values[name] = recordNameInside(key.replace(/^record\./, ''));
  const filled = (text: string): string => fill(text, values, String, language.direction === 'rtl');
  body.message = filled(words.message);
  body.next = filled(words.next);
}

const accented = (words: Words): Words => Object.fromEntries(Object.entries(words).map(([key, text]) => [key, pseudo(text)]));
const accentedCore = ({ labels, errors }: CoreTexts): CoreTexts => ({ labels: accented(labels), errors: Object.fromEntries(Object.entries(errors).map(([code, { message, next }]) => [code, { message: pseudo(message), next: pseudo(next) }])) });
