// One command over many rows: which ones the register allows for all of them, the job, and the way back where there is one.
import type { CommandType, Condition, ErrorBody, Job, RecordType, Row } from '../gen/contract.ts';
import { t } from '../kit/language.svelte.ts';
import { host } from './host.ts';

export interface BulkAction {
  command: string;
  restore: boolean;
}

export interface BulkResult {
  asked: number;
  done: string[];
  failed: number;
  failures: { id: string; label: string; error: ErrorBody }[];
}

/** What else a screen does with selected rows: a job of its own. */
export interface RowsJob {
  label: string;
  task: Record<string, unknown>;
  /** Whether it is something for this row. */
  fits: (row: Row) => boolean;
  /** What is told when it ended well. */
  ended: (result: Record<string, unknown>) => string;
}

/** Starts a screen's own job over the rows. */
export async function runJob(title: string, rows: Named, { task, ended }: RowsJob): Promise<void> {
  await host().startJob<Record<string, unknown>>(title, { ...task, rows }, (job) => {
    if (job.state === 'done' && job.result) host().toast({ text: ended(job.result), tone: 'good' });
    else if (job.error) host().toast({ text: `${job.error.message} ${job.error.next}`, tone: 'bad' });
  });
}

/** Rows as the core is told of them. */
export interface Named {
  record: string;
  text: string;
  where: Condition[];
  ids?: string[];
  matching?: boolean;
  except?: string[];
}

/** What is lawful for every row: `rows` where they are known, else what the conditions of the list say of all of them. */
export function actionsFor(type: RecordType, where: Condition[], rows: Row[] | null, grants: string[], commands: CommandType[]): BulkAction[] {
  const may = (command: string): boolean => commands.some((c) => c.name === command && grants.includes(c.needs));
  const holds = (field: string, word: string | boolean): boolean =>
    rows ? rows.every((row) => row[field] === word) : where.some((c) => c.field === field && c.op === '=' && c.value === word) || (field === 'archived' && word === false && where.every((c) => c.field !== 'archived'));
  const bulk = (type.bulk ?? []).filter((b) => may(b.command) && holds(b.field, b.word)).map((b) => ({ command: b.command, restore: false }));
  const archive = type.archive && may(type.archive) ? [false, true].filter((restore) => holds('archived', restore)).map((restore) => ({ command: type.archive ?? '', restore })) : [];
  return [...bulk, ...archive];
}

/** Starts the job; what came of it is told when it ends. Archiving can be taken back. */
export async function runBulk(title: string, rows: Named, action: BulkAction, archive: string | null, ended: (result: BulkResult) => void): Promise<void> {
  await host().startJob<BulkResult>(title, { kind: 'bulk', ...rows, ...action }, (job: Job<BulkResult>) => {
    const result = job.result;
    if (!result) return host().toast({ text: job.error?.message ?? title, tone: 'bad' });
    const back = (): void => void runBulk(t('undo'), { record: rows.record, text: '', where: [], ids: result.done }, { ...action, restore: !action.restore }, null, () => {});
    const undo = action.command === archive && result.done.length > 0 ? { action: { label: t('undo'), run: back } } : {};
    host().toast({ text: t('bulk.ended', { done: result.done.length, asked: result.asked }), tone: result.failed > 0 ? 'bad' : 'good', ...undo });
    ended(result);
  });
}
