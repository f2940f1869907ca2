// The generic form: what is sent, what is missing, what is shown first.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Field } from '../gen/contract.ts';
import { changed, entered, folded, grouped, inOrder, missing, toArgs } from './form.ts';

const field = (name: string, more: Partial<Field> = {}): Field => ({ name, kind: 'text', label: '', required: false, listed: true, readonly: false, ...more });

test('only what the command takes is entered', () => {
  const fields = [field('id', { kind: 'id' }), field('name'), field('archived', { kind: 'bool', readonly: true }), field('secret')];
  assert.deepEqual(entered(fields, ['id', 'name']).map((f) => f.name), ['name']);
  assert.deepEqual(entered(fields, null).map((f) => f.name), ['name', 'secret']);
});

test('only changes are sent; a cleared text is empty, anything else cleared is null', () => {
  const fields = [field('name'), field('city'), field('limit', { kind: 'money' }), field('hold', { kind: 'bool' })];
  const stored = { name: 'Ann', city: 'Leeds', limit: 500, hold: false };
  assert.deepEqual(toArgs(fields, { ...stored, city: null, limit: null }, stored, '7'), { id: '7', city: '', limit: null });
  assert.deepEqual(toArgs(fields, { name: 'Bob' }, {}, null), { name: 'Bob' });
  assert.deepEqual(toArgs(fields, { ...stored, hold: true }, stored, '7'), { id: '7', hold: true });
});

test('an empty text and nothing are no difference', () => {
  const fields = [field('name')];
  assert.equal(changed({ name: '' }, { name: null }, fields), false);
  assert.equal(changed({ name: 'a' }, { name: null }, fields), true);
});

test('every missing field is named, a box never is', () => {
  const fields = [field('name', { required: true }), field('ok', { kind: 'bool', required: true }), field('code', { required: true })];
  assert.deepEqual(missing(fields, { name: '' }).map((f) => f.name), ['name', 'code']);
});

test('required fields are never folded away, and order stays', () => {
  const fields = [...Array.from({ length: 14 }, (_, i) => field(`f${i}`)), field('last', { required: true })];
  const { first, more } = folded(fields, 12);
  assert.equal(first.length, 12);
  assert.equal(first.at(-1)?.name, 'last');
  assert.equal(more.length, 3);
});

test('groups come in the order people ask', () => {
  const fields = inOrder([field('limit', { group: 'terms' }), field('name', { group: 'main' }), field('x', { group: 'odd' }), field('city', { group: 'address' })]);
  assert.deepEqual(grouped(fields).map((g) => g.group), ['', 'address', 'terms', 'odd']);
});
