// Attached files in words: where their content is, and how large it is.
import type { FileStanding } from '../gen/contract.ts';
import { number, t } from '../kit/language.svelte.ts';

/** The endings of what may be attached, for the browser's own file dialog. */
export const ACCEPTED = '.pdf,.png,.jpg,.jpeg,.csv,.xlsx,.ods,.xml';

/** Nothing to say of a file that lies here, as files do. */
export function fileState({ state, reason }: Pick<FileStanding, 'state' | 'reason'>): string {
  if (state === 'here') return '';
  return reason && state === 'stopped' ? reason.message : t(`files.state.${state}`);
}

export function readableSize(bytes: number): string {
  const kib = Math.max(1, Math.round(bytes / 1024));
  return kib < 1024 ? t('files.kib', { n: number(kib) }) : t('files.mib', { n: number(Math.round(kib / 102.4) / 10) });
}
