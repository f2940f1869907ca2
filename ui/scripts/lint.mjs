// Holds what the compiler cannot: who may import whom, no static styles (the policy refuses them), no words outside the dictionary,
// no left or right where a line's start or end is meant, no language that lacks a word, no file without a first line that says what it is
// for, no file too long to read in one sitting.
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { parse } from 'svelte/compiler';
import { globFiles } from './files.mjs';

/** Folder → folders it may import. Everything may import the npm packages named in PACKAGES. */
const MAY = {
  gen: [],
  kit: [],
  texts: [],
  platform: ['gen'],
  generic: ['kit', 'gen'],
  modules: ['generic', 'kit', 'gen'],
  app: ['platform', 'generic', 'modules', 'kit', 'gen', 'texts'],
  'main.ts': ['app', 'kit'],
};
const PACKAGES = { platform: ['svelte', '@tauri-apps/api'], kit: ['svelte', 'pdfjs-dist'], '*': ['svelte'] };
const MOST_LINES = { '.svelte': 300, '.ts': 250 };
const SPOKEN_ATTRIBUTES = new Set(['aria-label', 'placeholder', 'title', 'alt', 'label', 'aria-description']);
/** Words found by a name put together at run time from record and field. */
const BY_NAME = ['billing_invoice.', 'line.'];
/** Files that place things where they measured others, or draw paper. */
const MEASURED = new Set(['src/kit/Floating.svelte', 'src/app/KeyHints.svelte', 'src/kit/pdf-pages.css']);
const problems = [];
const used = new Set();
const prefixes = new Set();

for (const path of globFiles('src', '.ts', '.svelte', '.css')) {
  const text = readFileSync(path, 'utf8');
  const where = path.slice('src/'.length);
  if (!/^\s*(\/\/|\/\*|<!--)/.test(text)) problems.push(`${path}: does not begin with what it is for`);
  const end = path.endsWith('.svelte') ? '.svelte' : '.ts';
  const lines = text.split('\n').length;
  if (lines > MOST_LINES[end] && !path.endsWith('.css')) problems.push(`${path}: ${lines} lines, at most ${MOST_LINES[end]}`);
  sides(path, text);
  if (path.endsWith('.css') || path.endsWith('.test.ts')) continue;
  imports(path, where, text);
  texts(text);
  if (path.endsWith('.svelte')) markup(path, text);
}
dictionary();
languages();

for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? 'lint: fine' : `lint: ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);

function imports(path, where, text) {
  const folder = where.split('/')[0];
  for (const [, target] of text.matchAll(/(?<!['/])\b(?:from|import)\s*\(?\s*'([^'\s)]+)'/g)) {
    if (!target.startsWith('.')) {
      const allowed = [...(PACKAGES[folder] ?? []), ...PACKAGES['*']];
      if (!allowed.some((name) => target === name || target.startsWith(`${name}/`))) problems.push(`${path}: may not import ${target}`);
      continue;
    }
    const goal = normalize(join(dirname(where), target));
    const to = goal.split('/')[0];
    if (to === folder && folder === 'modules' && goal.split('/')[1] !== where.split('/')[1]) problems.push(`${path}: one module may not import another (${target})`);
    if (to !== folder && !MAY[folder]?.includes(to)) problems.push(`${path}: ${folder} may not import ${to} (${target})`);
  }
}

/** Keys written out, and the fixed start of keys put together. */
function texts(text) {
  for (const [, key] of text.matchAll(/\b(?:t|hasText)\(\s*'([^']+)'/g)) used.add(key);
  for (const [, start] of text.matchAll(/`((?:[a-z_]+\.)+)\$\{/g)) prefixes.add(start);
  for (const [, key] of text.matchAll(/'([a-z_]+(?:\.[a-z_]+)+)'/g)) prefixes.add(key);
}

function markup(path, text) {
  walk(parse(text, { modern: true }).fragment, (node) => {
    if (node.type === 'Text' && /\p{L}{2,}/u.test(node.data)) problems.push(`${path}: words outside the dictionary: ${node.data.trim().slice(0, 40)}`);
    if (node.type !== 'Attribute') return node.type !== 'StyleDirective';
    const fixed = Array.isArray(node.value) && node.value.every((part) => part.type === 'Text') ? node.value.map((part) => part.data).join('') : null;
    if (node.name === 'style') problems.push(`${path}: a style attribute; use a class or style:property`);
    if (fixed !== null && SPOKEN_ATTRIBUTES.has(node.name) && /\p{L}{2,}/u.test(fixed)) problems.push(`${path}: words outside the dictionary: ${node.name}="${fixed}"`);
    return false;
  });
}

function walk(node, visit) {
  if (Array.isArray(node)) return node.forEach((n) => walk(n, visit));
  if (!node || typeof node !== 'object' || typeof node.type !== 'string') return undefined;
  if (!visit(node)) return undefined;
  for (const [name, child] of Object.entries(node)) if (name !== 'expression' && name !== 'test') walk(child, visit);
  return undefined;
}

/** Left and right are places on the glass; what is meant is where a line begins and ends. Places that were measured are exempt. */
function sides(path, text) {
  if (MEASURED.has(path)) return;
  const styles = path.endsWith('.css') ? text : [...text.matchAll(/<style>([\s\S]*?)<\/style>/g), ...text.matchAll(/(style:[\w-]+)=/g)].map(([, found]) => `${found}:`.replace('style:', ' ')).join('\n');
  for (const [, found] of styles.matchAll(/[\s;{]((?:(?:margin|padding|border|scroll-margin|scroll-padding)-)?(?:left|right)(?:-\w+)?|border-(?:top|bottom)-(?:left|right)-radius)\s*:/g)) problems.push(`${path}: ${found}; say inline-start or inline-end`);
  for (const [found] of styles.matchAll(/(?:text-align|float|clear|transform-origin|justify-\w+):[^;]*\b(?:left|right)\b/g)) problems.push(`${path}: ${found}; say start or end`);
  for (const [found, , right, , left] of styles.matchAll(/(?:margin|padding|inset|border-\w+): *([^\s;(]+) ([^\s;(]+) ([^\s;(]+) ([^\s;(]+);/g)) if (right !== left) problems.push(`${path}: ${found} differs left and right; use -block and -inline`);
}

/** Words the core brings with its register; where both have one, the core's is shown. */
function coreWords() {
  const text = readFileSync('../assets/texts/labels.en.toml', 'utf8');
  return Object.fromEntries([...text.matchAll(/^"([^"]+)" = "/gm)].map(([, key]) => [key, true]));
}

function dictionary() {
  const own = JSON.parse(readFileSync('src/texts/en.json', 'utf8'));
  const core = coreWords();
  const words = { ...core, ...own };
  const base = (key) => key.replace(/\.(one|other|key|next)$/, '');
  for (const key of used) if (!(key in words) && !(`${key}.other` in words)) problems.push(`en.json: missing ${key}`);
  for (const key of Object.keys(own)) {
    if (key === '//' || used.has(key) || used.has(base(key)) || prefixes.has(key) || [...prefixes, ...BY_NAME].some((p) => key.startsWith(p))) continue;
    problems.push(`en.json: ${key} is used nowhere`);
  }
}

/** Every language has every word, with the same places for values, and the forms its own numbers need. */
function languages() {
  const english = JSON.parse(readFileSync('src/texts/en.json', 'utf8'));
  const places = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join(' ');
  for (const path of globFiles('src/texts', '.json').filter((path) => !path.endsWith('/en.json'))) {
    const name = path.replace(/.*\/|\.json$/g, '');
    const rule = new Intl.PluralRules(name);
    const forms = [...new Set(Array.from({ length: 200 }, (_, n) => rule.select(n + 1)))];
    const own = JSON.parse(readFileSync(path, 'utf8'));
    const wanted = new Map(Object.entries(english).flatMap(([key, text]) => (key.endsWith('.one') && `${key.slice(0, -4)}.other` in english ? forms.map((form) => [`${key.slice(0, -4)}.${form}`, english[`${key.slice(0, -4)}.other`]]) : key.endsWith('.other') && `${key.slice(0, -6)}.one` in english ? [] : [[key, text]])));
    wanted.delete('//');
    delete own['//'];
    for (const [key, text] of wanted) {
      if (!(key in own)) problems.push(`${path}: missing ${key} (${text})`);
      // A form for one or two may say the number in words.
      else if (places(own[key]) !== places(text) && !/\.(one|two)$/.test(key)) problems.push(`${path}: ${key} has the places ${places(own[key]) || 'none'}, English has ${places(text) || 'none'}`);
    }
    for (const key of Object.keys(own)) if (!wanted.has(key)) problems.push(`${path}: ${key} is not in English`);
  }
}
