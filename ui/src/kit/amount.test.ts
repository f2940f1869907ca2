// Numbers as people write them: calculated exactly, read by locale, asked about when they could mean two things.
import assert from 'node:assert/strict';
import test from 'node:test';
import { readAmount, type Amount } from './amount.ts';
import { decimalText, parseDecimal } from './decimal.ts';
import { editText, formatDecimal, formatMoney } from './format.ts';

const told = (amount: Amount): string => {
  if (amount.kind === 'value') return decimalText(amount.value);
  if (amount.kind === 'ask') return `ask ${amount.choices.map((c) => decimalText(c)).join(' | ')}`;
  return amount.kind === 'wrong' ? amount.code : 'empty';
};
const read = (text: string, locale: string, digits = 6): string => told(readAmount(text, { locale, digits }));
const paste = (text: string, locale: string, digits = 6): string => told(readAmount(text, { locale, digits, pasted: true }));

const EACH: [string, Record<string, string>][] = [
  ['de', { '1.234,56': '1234.56', '1234,5': '1234.5', '1.234': '1234', '19.99': '19.99', '0,5': '0.5', ',5': '0.5', '-3': '-3', '1.234.567,8': '1234567.8', '1 234,5': '1234.5' }],
  ['en-GB', { '1,234.56': '1234.56', '1234.5': '1234.5', '1,234': '1234', '19,99': '19.99', '.5': '0.5', '5.': '5', '1,234,567.8': '1234567.8', '1.234': '1.234' }],
  ['fr-FR', { '1\u202f234,56': '1234.56', '1\u00a0234,56': '1234.56', '1 234,56': '1234.56', '12,5': '12.5', '12.5': '12.5' }],
  ['de-CH', { '1’234.56': '1234.56', "1'234.56": '1234.56', '1234.5': '1234.5', '12,5': '12.5' }],
  ['en-IN', { '12,34,567.5': '1234567.5', '1,00,000': '100000' }],
  ['ar-EG', { '١٢٣٫٥': '123.5', '123.5': '123.5' }],
];

test('each locale reads its own numbers, and the other decimal sign where nothing else fits', () => {
  for (const [locale, cases] of EACH) for (const [text, wanted] of Object.entries(cases)) assert.equal(read(text, locale), wanted, `${locale} ${text}`);
});

test('calculations are exact', () => {
  assert.equal(read('3*19,99+5%', 'de'), '62.9685');
  assert.equal(read('3*19,99+5%', 'de', 2), '62.97');
  assert.equal(read('3*19.99+5%', 'en-GB'), '62.9685');
  assert.equal(read('0.1+0.2', 'en-GB'), '0.3');
  assert.equal(read('2+3*4', 'en-GB'), '14');
  assert.equal(read('(2+3)*4', 'en-GB'), '20');
  assert.equal(read('100-10%', 'en-GB'), '90');
  assert.equal(read('200*5%', 'en-GB'), '10');
  assert.equal(read('10/4', 'en-GB'), '2.5');
  assert.equal(read('10/3', 'en-GB', 2), '3.33');
  assert.equal(read('2/3', 'en-GB', 2), '0.67');
  assert.equal(read('-2/3', 'en-GB', 2), '-0.67');
  assert.equal(read('2 × 3 − 1', 'en-GB'), '5');
  assert.equal(read('99999999999999999999*99999999999999999999', 'en-GB'), '9999999999999999999800000000000000000001');
});

test('what is no number is refused', () => {
  for (const text of ['abc', '3*', '*3', '(1', '1)', '1..2', '1,23,4.5', '12 34', '3 4', '--', '1e5', '٪']) assert.equal(read(text, 'en-GB'), 'syntax', text);
  assert.equal(read('1/0', 'en-GB'), 'division');
  assert.equal(read('  ', 'en-GB'), 'empty');
});

test('a foreign way of writing is asked about, never guessed', () => {
  assert.equal(paste('1.234,56', 'en-GB'), 'ask 1234.56');
  assert.equal(read('1.234,56', 'en-GB'), 'ask 1234.56');
  assert.equal(paste('1,234.56', 'de'), 'ask 1234.56');
  assert.equal(paste('1.234,56', 'de'), '1234.56');
  assert.equal(paste('1,234', 'en-GB'), 'ask 1234 | 1.234');
  assert.equal(paste('1.234', 'de'), 'ask 1234 | 1.234');
  assert.equal(read('1.234', 'fr-FR'), 'ask 1.234 | 1234');
  assert.equal(paste('2.55', 'en-GB'), '2.55');
  assert.equal(paste('19,99', 'en-GB'), 'ask 19.99');
  assert.equal(read('1.234.567', 'en-GB'), 'ask 1234567');
});

test('typed digits are never dropped', () => {
  assert.equal(read('1.239', 'en-GB', 2), 'ask 1239 | 1.24');
  assert.equal(read('1.2345', 'en-GB', 2), 'digits');
  assert.equal(read('1.50', 'en-GB', 1), '1.5');
  assert.equal(read('12.5', 'ja', 0), 'digits');
});

test('the own currency sign may stand beside the number, another one may not', () => {
  const rules = { locale: 'de', digits: 2, symbols: ['EUR', '€'] };
  for (const text of ['€ 1.234,50', '1.234,50 €', 'EUR 1.234,50', '1.234,50 eur']) assert.equal(told(readAmount(text, rules)), '1234.5', text);
  assert.equal(told(readAmount('-€5', rules)), '-5');
  assert.equal(told(readAmount('$5', rules)), 'syntax');
});

test('what is shown is read back as the same number, in every locale', () => {
  const numbers = ['0', '1', '-1', '0.5', '1234.56', '-1234567.891', '999999999999.999999', '0.000001', '100000', '1234'];
  for (const locale of ['en-GB', 'de', 'fr-FR', 'de-CH', 'en-IN', 'pt-PT', 'pl-PL', 'sv-SE', 'ja', 'ar-EG']) {
    for (const text of numbers) {
      const d = parseDecimal(text);
      assert.ok(d);
      assert.equal(read(formatDecimal(d, locale), locale), text, `${locale} ${formatDecimal(d, locale)}`);
      assert.equal(read(editText(d, locale), locale), text, `${locale} ${editText(d, locale)}`);
    }
  }
});

test('money is written with its own decimals and every digit', () => {
  assert.equal(formatMoney(123456789, 2, 'en-GB'), '1,234,567.89');
  assert.equal(formatMoney(123456789, 2, 'de'), '1.234.567,89');
  assert.equal(formatMoney(123456789, 3, 'en-GB'), '123,456.789');
  assert.equal(formatMoney(1500, 0, 'ja'), '1,500');
  assert.equal(formatMoney(9007199254740991, 2, 'en-GB'), '90,071,992,547,409.91');
  assert.equal(formatMoney(-5, 2, 'en-GB'), '-0.05');
});
