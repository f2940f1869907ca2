// The key registry: what fires, what must not, and that nothing clashes.
import assert from 'node:assert/strict';
import test from 'node:test';
import { chordOf, isPlain, KeyRegistry, type Action, type Stroke } from './keys.ts';

const stroke = (key: string, more: Partial<Stroke> = {}): Stroke => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

function action(id: string, keys: string[], more: Partial<Action> = {}): Action {
  return { id, label: id, keys, scope: 'app', run: () => {}, ...more };
}

function fired(registry: KeyRegistry, key: Stroke, { typing = false, modal = false, now = 0 } = {}): string | undefined {
  return registry.match(key, typing, modal, now)?.id;
}

test('chords are named the same on every system', () => {
  assert.equal(chordOf(stroke('k', { ctrlKey: true })), 'Ctrl+K');
  assert.equal(chordOf(stroke('k', { metaKey: true })), 'Ctrl+K');
  assert.equal(chordOf(stroke('Enter', { ctrlKey: true, shiftKey: true })), 'Ctrl+Shift+Enter');
  assert.equal(chordOf(stroke('?', { shiftKey: true })), '?');
  assert.equal(chordOf(stroke(' ')), 'Space');
  assert.equal(chordOf(stroke('ArrowUp', { altKey: true })), 'Alt+ArrowUp');
});

test('a plain letter never fires while typing, a chord does', () => {
  const registry = new KeyRegistry();
  registry.add(action('new', ['N']), action('palette', ['Ctrl+K']), action('sheet', ['?']));
  assert.equal(fired(registry, stroke('n')), 'new');
  assert.equal(fired(registry, stroke('n'), { typing: true }), undefined);
  assert.equal(fired(registry, stroke('?', { shiftKey: true }), { typing: true }), undefined);
  assert.equal(fired(registry, stroke('k', { ctrlKey: true }), { typing: true }), 'palette');
});

test('plain letters can be switched off', () => {
  const registry = new KeyRegistry();
  registry.add(action('new', ['N']), action('go', ['G I']), action('palette', ['Ctrl+K']));
  registry.plainKeys = false;
  assert.equal(fired(registry, stroke('n')), undefined);
  assert.equal(fired(registry, stroke('g')), undefined);
  assert.equal(fired(registry, stroke('i')), undefined);
  assert.equal(fired(registry, stroke('k', { ctrlKey: true })), 'palette');
});

test('a sequence needs its second key in time', () => {
  const registry = new KeyRegistry();
  registry.add(action('invoices', ['G I']), action('items', ['G P']), action('i', ['I']));
  assert.equal(fired(registry, stroke('g'), { now: 0 }), undefined);
  assert.equal(fired(registry, stroke('i'), { now: 500 }), 'invoices');
  assert.equal(fired(registry, stroke('i'), { now: 600 }), 'i');
  assert.equal(fired(registry, stroke('g'), { now: 1000 }), undefined);
  assert.equal(fired(registry, stroke('p'), { now: 9000 }), undefined);
});

test('a key of an inner scope does not wait for a sequence of an outer one', () => {
  const registry = new KeyRegistry();
  registry.add(action('new.party', ['C C']));
  assert.equal(fired(registry, stroke('c')), undefined);
  registry.add(action('list.new', ['C'], { scope: 'screen' }));
  assert.equal(fired(registry, stroke('c'), { now: 9000 }), 'list.new');
});

test('the innermost scope wins, a dialog shuts the rest out, disabled actions stay quiet', () => {
  const registry = new KeyRegistry();
  registry.add(action('app', ['Ctrl+Enter']));
  const leave = registry.add(action('screen', ['Ctrl+Enter'], { scope: 'screen' }));
  assert.equal(fired(registry, stroke('Enter', { ctrlKey: true })), 'screen');
  assert.equal(fired(registry, stroke('Enter', { ctrlKey: true }), { modal: true }), undefined);
  const close = registry.add(action('dialog', ['Ctrl+Enter'], { scope: 'dialog' }));
  assert.equal(fired(registry, stroke('Enter', { ctrlKey: true }), { modal: true }), 'dialog');
  close();
  leave();
  assert.equal(fired(registry, stroke('Enter', { ctrlKey: true })), 'app');
  registry.add(action('off', ['F2'], { enabled: () => false }));
  assert.equal(fired(registry, stroke('F2')), undefined);
});

test('the same action twice: the newer one counts until it goes', () => {
  const registry = new KeyRegistry();
  registry.add(action('save', ['Ctrl+S'], { label: 'outer' }));
  const leave = registry.add(action('save', ['Ctrl+S'], { label: 'inner' }));
  assert.equal(registry.find('save')?.label, 'inner');
  assert.equal(registry.list().length, 1);
  leave();
  assert.equal(registry.find('save')?.label, 'outer');
});

test('clashes and keys of the system are found', () => {
  const registry = new KeyRegistry();
  registry.add(action('a', ['Ctrl+S']), action('b', ['Ctrl+S']), action('c', ['Ctrl+W']), action('d', ['Ctrl+S'], { scope: 'dialog' }));
  const found = registry.clashes().sort();
  assert.equal(found.length, 2);
  assert.match(found.join(), /Ctrl\+W belongs to the system/);
  assert.match(found.join(), /(a and b|b and a): Ctrl\+S/);
});

test('what counts as a plain key', () => {
  for (const chord of ['N', '?', '/', 'Shift+N', 'G I']) assert.equal(isPlain(chord), true, chord);
  for (const chord of ['Ctrl+K', 'Alt+N', 'F2', 'Enter', 'Escape']) assert.equal(isPlain(chord), false, chord);
});

test('a key that a person chose takes the place of ours, and goes back', () => {
  const registry = new KeyRegistry();
  registry.add(action('new', ['N']), action('home', ['G D']), action('palette', ['Ctrl+K']));
  registry.chosen = { new: 'Ctrl+M' };
  assert.deepEqual([fired(registry, stroke('n')), fired(registry, stroke('m', { ctrlKey: true }))], [undefined, 'new']);
  assert.deepEqual(registry.find('new')?.keys, ['Ctrl+M']);
  registry.chosen = {};
  assert.equal(fired(registry, stroke('n')), 'new');
});

test('a chord in use, the start of a sequence or one of the system is not given away', () => {
  const registry = new KeyRegistry();
  registry.add(action('new', ['N']), action('home', ['G D']), action('palette', ['Ctrl+K']));
  const holder = (chord: string): string | undefined => {
    const found = registry.holder('new', chord);
    return typeof found === 'string' ? found : found?.id;
  };
  assert.deepEqual(['N', 'Ctrl+K', 'G', 'F5', 'M'].map(holder), [undefined, 'palette', 'home', 'system', undefined]);
});
