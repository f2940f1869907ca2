// Rows as CSV that every spreadsheet reads the same way: plain points, ISO dates, no grouping, UTF-8 with its mark.
import type { Column, Row, Value } from '../gen/contract.ts';
import { decimalText, fromMinor } from '../kit/decimal.ts';
import { digitsOf } from '../kit/language.svelte.ts';
import { columnName } from './words.ts';

export function toCsv(columns: Column[], rows: Row[], currency: string): string {
  const lines = [columns.map((c) => quoted(columnName(c)))];
  for (const row of rows) lines.push(columns.map((c) => plain(row[c.name] ?? null, c, String(row['currency'] ?? currency))));
  return `\ufeff${lines.map((cells) => cells.join(',')).join('\r\n')}\r\n`;
}

function plain(value: Value, column: Column, currency: string): string {
  if (value === null) return '';
  if (column.kind === 'money') return decimalText(fromMinor(Number(value), digitsOf(currency)));
  return column.kind === 'text' || typeof value === 'string' ? quoted(String(value), typeof value === 'string' && column.kind === 'text') : String(value);
}

/** Text that a spreadsheet would run as a formula is made harmless with a leading apostrophe. */
function quoted(text: string, guard = false): string {
  const safe = guard && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
