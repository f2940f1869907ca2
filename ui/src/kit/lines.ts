// Pure moves on the lines of a document: copy from above, reorder, paste a block from a spreadsheet.

interface Keyed {
  key: string;
}
interface Named {
  name: string;
}

/** The cell takes what the line above has there, with its label if it has one. Null on the first line. */
export function copiedAbove<Line extends Keyed>(lines: Line[], row: number, column: string): Line[] | null {
  const above = lines[row - 1];
  const line = lines[row];
  if (!above || !line || !(column in above)) return null;
  const taken = Object.fromEntries(Object.entries(above).filter(([name]) => name === column || name === `${column}_label`));
  return lines.map((l, i) => (i === row ? { ...l, ...taken } : l));
}

export function moved<Line>(lines: Line[], from: number, to: number): Line[] {
  const next = [...lines];
  const [line] = next.splice(from, 1);
  if (line !== undefined) next.splice(to, 0, line);
  return next;
}

/** Tab-separated text as spreadsheets copy it; a quoted cell may hold tabs, breaks and doubled quotes. */
export function readTsv(text: string): string[][] {
  const rows: string[][] = [[]];
  const source = text.replace(/\r\n?/g, '\n').replace(/\n$/, '');
  const cells = /(?:"((?:[^"]|"")*)"(?=[\t\n]|$)|([^\t\n]*))([\t\n]|$)/gy;
  while (cells.lastIndex <= source.length) {
    const match = cells.exec(source);
    if (!match) break;
    rows.at(-1)?.push(match[1] !== undefined ? match[1].replaceAll('""', '"') : (match[2] ?? ''));
    if (match[3] === '\n') rows.push([]);
    else if (match[3] === '') break;
  }
  return rows;
}

/** Good cells are taken; bad ones stay as they were and are named in `bad_cells` of the line. */
export async function pasteInto<Line extends Keyed, Column extends Named>(
  lines: Line[],
  row: number,
  columns: Column[],
  block: string[][],
  blank: () => Line,
  read: (column: Column, text: string) => Promise<Partial<Line> | null>,
): Promise<Line[]> {
  // All cells are read at once: most of them only wait for the same few answers.
  const taken = await Promise.all(
    block.map((cells) => Promise.all(cells.map((text, k) => (columns[k] && text.trim() !== '' ? read(columns[k], text.trim()) : undefined)))),
  );
  const next = [...lines];
  for (const [i, cells] of taken.entries()) {
    const line = next[row + i] ?? blank();
    const bad = cells.flatMap((cell, k) => (cell === null ? [columns[k]?.name ?? ''] : []));
    next[row + i] = Object.assign({ ...line }, ...cells.filter((cell) => cell), bad.length > 0 ? { bad_cells: bad } : {});
  }
  return next;
}
