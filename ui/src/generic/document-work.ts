// The pieces of work that together wrote one document: what made its draft, what changed it, what posted it. They are put right together.
import type { AttentionItem } from '../gen/contract.ts';

export interface DocumentWork {
  /** In the order they were done; the first is what is looked at. */
  steps: AttentionItem[];
  /** As it was last told; null where it is a draft of the books. */
  draft: Record<string, unknown> | null;
  /** Whether it was to be posted, not only kept. */
  posts: boolean;
}

const SAVE = 'billing.save_draft';
const POST = 'billing.post_draft';
const AT_ONCE = 'billing.post_invoice';

/** Whether it is put right where documents are written. */
export function isDocumentWork({ name }: Pick<AttentionItem, 'name'>): boolean {
  return [SAVE, POST, AT_ONCE].includes(name);
}

/** What belongs to the same document as `command`; null when that is not among the items. */
export function documentWork(items: AttentionItem[], command: string): DocumentWork | null {
  const item = items.find((one) => one.command === command && isDocumentWork(one));
  if (!item) return null;
  const steps = item.name === AT_ONCE ? [item] : together(items, item);
  const draft = steps.reduce<unknown>((last, { args }) => args['draft'] ?? last, null);
  return { steps, draft: draft as DocumentWork['draft'], posts: steps.some(({ name }) => name !== SAVE) };
}

/** A draft that was never made has no id on the server: in one chain, what made it stands with what named it. */
function together(items: AttentionItem[], item: AttentionItem): AttentionItem[] {
  const near = items.filter(({ root, name }) => root === item.root && (name === SAVE || name === POST)).sort((a, b) => a.pos - b.pos);
  const oneMaker = near.filter((step) => idOf(step) === null).length === 1;
  const id = idOf(item) ?? (oneMaker ? near.map(idOf).find((named) => named !== null) : null) ?? null;
  if (id === null) return [item];
  return near.filter((step) => idOf(step) === id || (oneMaker && idOf(step) === null));
}

/** The document that a step names; null for the one that made it. */
function idOf({ args }: AttentionItem): string | null {
  return typeof args['id'] === 'string' ? args['id'] : null;
}

/** What a step is told now: the draft as it was put right, of the document as it is called since the step before. */
export function toldNow(step: AttentionItem, id: string | null, draft: Record<string, unknown>): Record<string, unknown> {
  const named = idOf(step) === null ? {} : { id: id ?? idOf(step) };
  return { ...step.args, ...named, ...(step.name === POST ? {} : { draft }) };
}
