// What can be done about work that did not go through, and the ways that lead there.
import type { AttentionItem } from '../gen/contract.ts';
import { asProblem, host, type Ask, type Problem } from './host.ts';
import { t } from '../kit/language.svelte.ts';

export const LIST: Ask = { name: 'attention.list', args: {}, tags: ['sync'], method: true };

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

/** Why it did not go through, in the server's words; ours where it gave none. */
export function reasonOf({ reason }: AttentionItem): Problem {
  if (reason?.code) return asProblem(reason);
  return { kind: 'state', code: 'attention.no_reason', field: null, message: t('attention.no_reason'), next: t('attention.no_reason.next') };
}
