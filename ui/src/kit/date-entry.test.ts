// Short dates by locale, on a fixed day: Wednesday 4 November 2026.
import assert from 'node:assert/strict';
import test from 'node:test';
import { addDays, addMonths, dayOf, isoOf, isReal, weekdayOf } from './civil.ts';
import { orderOf, readDate } from './date-entry.ts';

const TODAY = '2026-11-04';
const read = (text: string, locale = 'en-GB', words?: { today: string[]; yesterday: string[]; tomorrow: string[] }): string => {
  const entry = readDate(text, { locale, today: TODAY, ...(words ? { words } : {}) });
  return entry.kind === 'date' ? entry.iso : entry.kind;
};

test('words and offsets count from today', () => {
  const cases: Record<string, string> = {
    t: '2026-11-04', today: '2026-11-04', T: '2026-11-04', y: '2026-11-03', tomorrow: '2026-11-05', '+5': '2026-11-09', '-10': '2026-10-25', '+ 1': '2026-11-05',
    '+2w': '2026-11-18', '+1m': '2026-12-04', '-1y': '2025-11-04', '+400': '2027-12-09', '': 'empty', ' ': 'empty',
  };
  for (const [text, wanted] of Object.entries(cases)) assert.equal(read(text), wanted, text);
  assert.equal(read('h', 'de', { today: ['h', 'heute'], yesterday: ['g'], tomorrow: ['morgen'] }), TODAY);
});

test('a weekday is the next one, today included; with a minus the last one', () => {
  const cases: Record<string, string> = { wed: '2026-11-04', fri: '2026-11-06', tue: '2026-11-10', 'monday': '2026-11-09', '-fri': '2026-10-30', '-wed': '2026-10-28', '+sun': '2026-11-08' };
  for (const [text, wanted] of Object.entries(cases)) assert.equal(read(text), wanted, text);
  assert.equal(read('freitag', 'de'), '2026-11-06');
  assert.equal(read('do', 'de'), '2026-11-05');
  assert.equal(read('vendredi', 'fr'), '2026-11-06');
  assert.equal(read('t', 'de'), TODAY);
  assert.equal(read('mar', 'en-GB'), 'wrong');
});

test('numbers follow the order of the locale', () => {
  const cases: [string, string, string][] = [
    ['3', 'en-GB', '2026-11-03'], ['5-2', 'en-GB', '2026-02-05'], ['5-2', 'en-US', '2026-05-02'], ['5.2.', 'de', '2026-02-05'], ['2-5', 'sv-SE', '2026-02-05'],
    ['5/2/27', 'en-GB', '2027-02-05'], ['5/2/2027', 'en-US', '2027-05-02'], ['05.02.27', 'de', '2027-02-05'], ['27-02-05', 'ja', '2027-02-05'],
    ['2026-12-31', 'en-US', '2026-12-31'], ['2026/1/5', 'de', '2026-01-05'], ['0502', 'en-GB', '2026-02-05'], ['0502', 'en-US', '2026-05-02'],
    ['050227', 'de', '2027-02-05'], ['05022027', 'de', '2027-02-05'], ['20261231', 'en-GB', '2026-12-31'], ['1 12', 'fr', '2026-12-01'], ['1/1/99', 'en-GB', '1999-01-01'], ['1/1/70', 'en-GB', '2070-01-01'],
  ];
  for (const [text, locale, wanted] of cases) assert.equal(read(text, locale), wanted, `${locale} ${text}`);
});

test('month names, in the language of the locale or in English', () => {
  const cases: [string, string, string][] = [['3 nov', 'en-GB', '2026-11-03'], ['nov 3', 'en-GB', '2026-11-03'], ['3 nov 27', 'en-GB', '2027-11-03'], ['3. März', 'de', '2026-03-03'], ['3 décembre 2027', 'fr', '2027-12-03'], ['dec 24, 2027', 'en-US', '2027-12-24'], ['3 oct', 'de', '2026-10-03']];
  for (const [text, locale, wanted] of cases) assert.equal(read(text, locale), wanted, `${locale} ${text}`);
});

test('what is no day is refused, not bent', () => {
  for (const text of ['31-2', '32', '0', '13-13', '29-2', 'abc', '2026-02-30', '1-2-3-4', '5-', '+', '99999', '3 ju', '11022011x', '25/13']) assert.equal(read(text), 'wrong', text);
  assert.equal(read('29-2-28'), '2028-02-29');
  assert.equal(read('20112011', 'en-GB'), '2011-11-20');
  assert.equal(read('20102012', 'en-GB'), '2012-10-20');
  assert.equal(read('20101201', 'en-GB'), '2010-12-01');
});

test('whole days add up across months, leap years and centuries', () => {
  assert.equal(addDays('2024-02-28', 1), '2024-02-29');
  assert.equal(addDays('2023-02-28', 1), '2023-03-01');
  assert.equal(addDays('2000-01-01', -1), '1999-12-31');
  assert.equal(addDays('0099-12-31', 1), '0100-01-01');
  assert.equal(addMonths('2024-01-31', 1), '2024-02-29');
  assert.equal(addMonths('2024-03-31', -13), '2023-02-28');
  assert.equal(weekdayOf('2026-11-04'), 3);
  assert.equal(weekdayOf('1969-12-28'), 7);
  assert.equal(isReal({ year: 1900, month: 2, day: 29 }), false);
  for (let iso = '2023-12-25', i = 0; i < 800; i += 1, iso = addDays(iso, 1)) {
    const day = dayOf(iso);
    assert.ok(day && isoOf(day) === iso, iso);
  }
});

test('the order of day, month and year comes from the locale', () => {
  assert.deepEqual(orderOf('en-US'), ['month', 'day', 'year']);
  assert.deepEqual(orderOf('de'), ['day', 'month', 'year']);
  assert.deepEqual(orderOf('ja'), ['year', 'month', 'day']);
});
