// Forms of a sentence by number, and values that keep their direction.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fill, pluralKey } from './sentence.ts';

const arabic = new Set(['row.one', 'row.two', 'row.few', 'row.many', 'row.other']);

test('each language has its own forms', () => {
  const form = (n: number, words: string): string => pluralKey('row', n, words, (key) => arabic.has(key));
  assert.deepEqual([1, 2, 3, 11, 100].map((n) => form(n, 'ar')), ['row.one', 'row.two', 'row.few', 'row.many', 'row.other']);
  assert.deepEqual([0, 1, 2].map((n) => form(n, 'en')), ['row.other', 'row.one', 'row.other']);
  assert.deepEqual([0, 1, 2].map((n) => form(n, 'fr')), ['row.one', 'row.one', 'row.other']);
});

test('a form that is not there falls back to the general one, a text without forms to itself', () => {
  assert.equal(pluralKey('row', 1, 'en', (key) => key === 'row.other'), 'row.other');
  assert.equal(pluralKey('row', 1, 'en', () => false), 'row');
});

test('values stand in their places and keep their own direction', () => {
  const written = (n: number): string => n.toFixed(1);
  assert.equal(fill('{a} of {b}, {c}', { a: 'x', b: 2 }, written, false), 'x of 2.0, {c}');
  assert.equal(fill('{a}!', { a: 'INV-1' }, written, true), '\u2068INV-1\u2069!');
});
