// Rows on their way into a spreadsheet: the same cells as tab-separated text and as a table.
import type { Row } from '../gen/contract.ts';

/** Marks that keep a figure's direction on the screen; a spreadsheet must not get them. */
const MARKS = /[\u2066-\u2069]/g;
const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** What the rows say, cell by cell. */
export function cellsOf<C>(rows: Row[], columns: C[], text: (row: Row, column: C) => string): string[][] {
  return rows.map((row) => columns.map((column) => text(row, column).replace(MARKS, '')));
}

/** A cell with a tab, a line end or a quote stands in quotes, as spreadsheets write it. */
export function toTsv(cells: string[][]): string {
  const quoted = (cell: string): string => (/[\t\r\n"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return cells.map((line) => line.map(quoted).join('\t')).join('\n');
}

export function toTable(cells: string[][]): string {
  const escaped = (cell: string): string => cell.replace(/[&<>"]/g, (sign) => ESCAPES[sign] ?? sign);
  return `<table>${cells.map((line) => `<tr>${line.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`).join('')}</table>`;
}

/** Puts the cells on the clipboard. */
export async function copyCells(cells: string[][]): Promise<void> {
  const blob = (type: string, text: string): Blob => new Blob([text], { type });
  await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob('text/plain', toTsv(cells)), 'text/html': blob('text/html', toTable(cells)) })]);
}
