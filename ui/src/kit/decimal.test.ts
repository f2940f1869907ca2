// Exact decimals: sums, products, rounding half away from zero, and the way to minor units and back.
import assert from 'node:assert/strict';
import test from 'node:test';
import { add, compare, decimalText, divide, fromMinor, multiply, negate, parseDecimal, round, shorten, toMinor, type Decimal } from './decimal.ts';

const d = (text: string): Decimal => {
  const value = parseDecimal(text);
  assert.ok(value, text);
  return value;
};

test('only the canonical form is read', () => {
  for (const text of ['', '.5', '5.', '1,5', '1e3', ' 1', '+1', '--1']) assert.equal(parseDecimal(text), null, text);
  assert.equal(decimalText(d('-0012.50')), '-12.50');
});

test('arithmetic keeps every digit', () => {
  assert.equal(decimalText(add(d('0.1'), d('0.2'))), '0.3');
  assert.equal(decimalText(add(d('1'), negate(d('0.000001')))), '0.999999');
  assert.equal(decimalText(multiply(d('19.99'), d('3'))), '59.97');
  assert.equal(decimalText(divide(d('10'), d('4')) ?? d('0')), '2.5');
  assert.equal(divide(d('1'), d('0')), null);
  assert.equal(compare(d('1.10'), d('1.1')), 0);
  assert.equal(compare(d('-2'), d('1')), -1);
});

test('rounding is half away from zero', () => {
  const cases = [['0.005', '0.01'], ['-0.005', '-0.01'], ['2.5', '2.50'], ['1.005', '1.01'], ['1.0049', '1.00'], ['-1.0051', '-1.01']] as const;
  for (const [from, to] of cases) assert.equal(decimalText(round(d(from), 2), 2), to, from);
});

test('trailing zeros fall away, the value stays', () => {
  assert.equal(decimalText(shorten(d('1.500'))), '1.5');
  assert.equal(decimalText(shorten(d('100'))), '100');
});

test('minor units go there and back for 0, 2 and 3 digits', () => {
  for (const digits of [0, 2, 3]) {
    for (const minor of [0, 1, -1, 999, -123456789, Number.MAX_SAFE_INTEGER]) assert.equal(toMinor(fromMinor(minor, digits), digits), minor);
  }
  assert.equal(toMinor(d('1.005'), 2), null);
  assert.equal(toMinor(d('90071992547409.92'), 2), null);
});
