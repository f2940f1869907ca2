// What can be done about work that did not go through, and the ways that lead there.
import type { ApprovalRequest, AttentionItem } from '../gen/contract.ts';
import { asProblem, host, type Ask, type Problem } from './host.ts';
import { t } from '../kit/language.svelte.ts';

export const LIST: Ask = { name: 'attention.list', args: {}, tags: ['sync', 'approval'], method: true };

/** Under which name this computer keeps what was put right and not yet sent. */
export function keptAs({ command }: Pick<AttentionItem, 'command'>): string {
  return `attention.${command}`;
}

/** Does the same command with these arguments under a new id. Returns its result. */
export async function resubmit<T>(item: AttentionItem, args: Record<string, unknown>): Promise<T> {
  const { result } = await host().call<{ result: T }>('attention.resubmit', { command: item.command, args });
  host().remember(keptAs(item), null);
  return result;
}

export async function discard(item: AttentionItem, remark: string): Promise<void> {
  await host().call('attention.discard', { command: item.command, remark });
  host().remember(keptAs(item), null);
}

/** Does a chain again as it was said: all of it or nothing. */
export async function resubmitChain(items: AttentionItem[]): Promise<void> {
  await host().call('attention.resubmit_chain', { root: items[0]?.root });
  for (const item of items) host().remember(keptAs(item), null);
}

export async function discardChain(items: AttentionItem[], remark: string): Promise<void> {
  await host().call('attention.discard_chain', { root: items[0]?.root, remark });
  for (const item of items) host().remember(keptAs(item), null);
}

/** Asks somebody who may. */
export async function askFor(item: AttentionItem, reason: string): Promise<void> {
  await host().call('attention.ask', { command: item.command, reason });
  host().remember(keptAs(item), null);
}

export async function decide({ id }: ApprovalRequest, approve: boolean, remark = ''): Promise<void> {
  await host().execute('approvals.decide', { id, approve, remark });
}

export async function withdraw({ id }: ApprovalRequest): Promise<void> {
  await host().execute('approvals.withdraw', { id });
}

/** Whether trying again changes a record that is there: what was said is put into it as it is now. */
export function isEdit({ beside }: Pick<AttentionItem, 'beside'>): boolean {
  return beside !== null && !beside.other && !beside.gone && beside.fields.some(({ tried }) => tried !== undefined);
}

/** Why it did not go through, in the server's words; ours where it gave none. */
export function reasonOf({ reason }: AttentionItem): Problem {
  if (reason?.code) return asProblem(reason);
  return { kind: 'state', code: 'attention.no_reason', field: null, message: t('attention.no_reason'), next: t('attention.no_reason.next') };
}
