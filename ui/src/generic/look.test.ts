// A look survives the address and the books; broken links show the whole list.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Row } from '../gen/contract.ts';
import { isSame, keptLook, lookOf, readLook, viewOf, writeLook, type Look } from './look.ts';

const usual: Look = { text: '', where: [], sort: { field: 'name', descending: false }, columns: [], density: null, view: null };
const query = (address: string): Record<string, string> => Object.fromEntries(new URLSearchParams(address));
const busy: Look = {
  text: 'ær & co',
  where: [{ field: 'gross', op: '>=', value: 100 }, { field: 'party_name', op: 'starts', value: 'Æ=,:' }],
  sort: { field: 'city', descending: true },
  columns: [{ name: 'name', width: 240 }, { name: 'city' }],
  density: 'comfortable',
  view: 'v1',
};

test('what an address asks for is what was shown', () => {
  assert.equal(writeLook(usual, usual), '');
  assert.deepEqual(readLook({}, usual), usual);
  assert.deepEqual(readLook(query(writeLook(busy, usual)), usual), busy);
});

test('a broken address shows the whole list', () => {
  assert.deepEqual(readLook({ where: '{', density: 'huge', sort: '' }, usual), usual);
  assert.deepEqual(readLook({ where: '"text"', columns: 'name:x' }, usual).columns, [{ name: 'name', width: 48 }]);
});

test('the books keep the same look, and what they cannot say is as usual', () => {
  const row = { id: 'v1', name: 'Busy', shared: true, owner: 'u', look: JSON.stringify(keptLook(busy)) } as Row;
  const view = viewOf(row);
  assert.ok(view && isSame(lookOf(view, usual), busy));
  const bare = viewOf({ ...row, look: '{"text":"","where":[],"sort":null,"columns":[],"density":null}' });
  assert.ok(bare && isSame(lookOf(bare, usual), usual));
  assert.equal(viewOf({ ...row, look: 'torn' }), null);
});
