// Pure parts of the document editor: lines on screen to a draft for the core and back, and errors to their cells.
import type { Value } from '../gen/contract.ts';

/** A line as it is edited: field values, words of references, and what the last preview said. */
export type Line = { key: string; bad_cells?: string[] } & { [field: string]: Value | string[] | undefined };
export type Head = Record<string, Value>;
export type Draft = Record<string, unknown> & { lines: Record<string, Value>[] };

let counter = 0;

export function newLine(values: Record<string, Value> = {}): Line {
  counter += 1;
  return { ...values, key: `line${counter}` };
}

/** Nothing entered yet: such lines are never sent. */
export function isBlank(line: Line, fields: string[]): boolean {
  return fields.every((name) => (line[name] ?? '') === '');
}

export function toDraft(head: Head, lines: Line[], fields: string[]): Draft {
  const kept = lines.filter((line) => !isBlank(line, fields));
  const own = (name: string): boolean => !name.endsWith('_label');
  return {
    ...Object.fromEntries(Object.entries(head).filter(([name, value]) => value !== null && value !== '' && own(name))),
    lines: kept.map((line) => Object.fromEntries(fields.flatMap((name) => ((line[name] ?? '') === '' ? [] : [[name, line[name] as Value]])))),
  };
}

/** Keys of the lines that were sent, in their order: `lines[2]` of an answer means the third of these. */
export function sentKeys(lines: Line[], fields: string[]): string[] {
  return lines.filter((line) => !isBlank(line, fields)).map((line) => line.key);
}

/** `lines[2].quantity` → the cell of the third sent line; anything else is a field of the head. */
export function cellOf(field: string | null, sent: string[]): { key: string; column: string } | null {
  const match = /^(?:draft\.)?lines\[(\d+)\](?:\.(\w+))?/.exec(field ?? '');
  const key = match?.[1] ? sent[Number(match[1])] : undefined;
  return key ? { key, column: match?.[2] ?? '' } : null;
}
