// How an invoice stands, in one word and tone: drawn from state, open amount and due date, the same in every list.
import type { Row } from '../gen/contract.ts';
import { t } from '../kit/language.svelte.ts';
import { choiceName } from './words.ts';

export interface Standing {
  text: string;
  tone: 'plain' | 'good' | 'warn' | 'soft' | 'info';
}

export function standingOf(row: Partial<Row>, today: string): Standing {
  const state = String(row['state'] ?? '');
  const word = choiceName('billing_invoice', 'state', state);
  if (state === 'draft') return { text: word, tone: 'soft' };
  if (state !== 'posted') return { text: word, tone: 'plain' };
  // Not known where the books do not hold the ledger.
  if (row['open'] === null) return { text: word, tone: 'plain' };
  if (Number(row['open'] ?? 0) === 0) return { text: t('invoice.settled'), tone: 'good' };
  if (row['kind'] === 'credit_note') return { text: t('invoice.credit_open'), tone: 'info' };
  return String(row['due_date'] ?? '9') < today ? { text: t('invoice.overdue'), tone: 'warn' } : { text: t('invoice.open'), tone: 'info' };
}
