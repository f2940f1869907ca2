// Pure parts of the document editor: lines on screen to a draft for the core and back, and errors to their cells.
import type { StoredFile, Value } from '../gen/contract.ts';
import { isBlankAdjustment, toLists, type Adjusting } from './adjustments.ts';

/** A line as it is edited: field values, words of references, and what the last preview said. */
export type Line = { key: string; bad_cells?: string[]; adjustments?: Adjusting[] } & { [field: string]: Value | string[] | Adjusting[] | undefined };
export type Head = Record<string, Value>;
export type Draft = Record<string, unknown> & { lines: Record<string, unknown>[] };
/** A document that supports this one: a reference, and where it is or itself. */
export interface Supporting {
  reference: string;
  description?: string;
  url?: string;
  file?: StoredFile;
}
/** A document as the editor begins with it. */
export interface Start {
  id: string | null;
  head: Head;
  lines: Line[];
  adjustments: Adjusting[];
  attachments?: Supporting[];
}

let counter = 0;

export function newLine(values: Record<string, Value | Adjusting[]> = {}): Line {
  counter += 1;
  return { ...values, key: `line${counter}` };
}

/** Nothing entered yet: such lines are never sent. */
export function isBlank(line: Line, fields: string[]): boolean {
  return fields.every((name) => (line[name] ?? '') === '') && (line.adjustments ?? []).every(isBlankAdjustment);
}

export function toDraft(head: Head, lines: Line[], fields: string[], adjustments: Adjusting[] = [], attachments: Supporting[] = []): Draft {
  const kept = lines.filter((line) => !isBlank(line, fields));
  const own = (name: string): boolean => !name.endsWith('_label');
  return {
    ...Object.fromEntries(Object.entries(head).filter(([name, value]) => value !== null && value !== '' && own(name))),
    ...toLists(adjustments),
    ...(attachments.length > 0 ? { attachments } : {}),
    lines: kept.map((line) => ({
      ...Object.fromEntries(fields.flatMap((name) => ((line[name] ?? '') === '' ? [] : [[name, line[name] as Value]]))),
      ...toLists(line.adjustments ?? []),
    })),
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
