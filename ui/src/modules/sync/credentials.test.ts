// An address without a scheme is a safe one, nothing is asked of the server before it can be answered, and refusals land beside their field.
import assert from 'node:assert/strict';
import test from 'node:test';
import { fieldOf, isOpenRoad, lacking, serverAddress, type Credentials } from './credentials.ts';

const ALL = ['server', 'tenant', 'email', 'password', 'device_name'] as const;
const given = (more: Partial<Credentials> = {}): Credentials => ({ server: 'books.example', tenant: 'acme', email: 'ann@acme.example', password: 'x', device_name: 'Till', new_password: null, again: null, ...more });

test('the safe scheme is meant unless another is written', () => {
  assert.equal(serverAddress(' books.example/ '), 'https://books.example');
  assert.equal(serverAddress('http://127.0.0.1:8080//'), 'http://127.0.0.1:8080');
  assert.equal(serverAddress(''), '');
  assert.equal(isOpenRoad('http://books.example'), true);
  assert.equal(isOpenRoad('http://127.0.0.1:8080'), false);
  assert.equal(isOpenRoad('books.example'), false);
  assert.equal(isOpenRoad('not an address'), false);
});

test('what is missing is said beside each field', () => {
  assert.deepEqual(lacking(given(), ALL), {});
  assert.deepEqual(lacking(given({ tenant: ' ', password: null }), ALL), { tenant: 'connect.tenant.missing', password: 'connect.password.missing' });
  assert.deepEqual(lacking(given({ server: 'no address at all' }), ALL), { server: 'connect.server.wrong' });
});

test('a new password is typed twice', () => {
  const asked = [...ALL, 'new_password', 'again'] as const;
  assert.deepEqual(lacking(given({ new_password: 'a', again: 'b' }), asked), { again: 'connect.again.differs' });
  assert.deepEqual(lacking(given({ new_password: 'a', again: 'a' }), asked), {});
});

test('a refusal lands beside its field', () => {
  assert.equal(fieldOf({ code: 'access.refused', field: null }, ALL), 'password');
  assert.equal(fieldOf({ code: 'sync.unreachable', field: null }, ALL), 'server');
  assert.equal(fieldOf({ code: 'sync.unreachable', field: null }, ['password']), null);
  assert.equal(fieldOf({ code: 'any', field: 'tenant' }, ALL), 'tenant');
  assert.equal(fieldOf({ code: 'password.weak', field: null }, ALL), 'password');
  assert.equal(fieldOf({ code: 'password.weak', field: null }, ['new_password']), 'new_password');
  assert.equal(fieldOf({ code: 'storage.full', field: null }, ALL), null);
});
