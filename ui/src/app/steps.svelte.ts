// What this person may undo and do again, and doing it: one step after the other, however fast the keys are pressed.
import type { Step, Steps } from '../gen/steps.ts';
import { asProblem } from '../generic/host.ts';
import { recordName } from '../generic/words.ts';
import { t } from '../kit/language.svelte.ts';
import { router } from './router.svelte.ts';
import { pathOfRecord } from './screens.ts';
import { session } from './session.svelte.ts';
import { showToast } from './toasts.svelte.ts';

export type Way = 'undo' | 'redo';
const OTHER: Record<Way, Way> = { undo: 'redo', redo: 'undo' };
/** Steps that were refused do not stand in the way of those before them; more than these are not passed over. */
const PASSED_OVER = 20;

class StepsSeen {
  now: Steps = $state.raw({ undo: [], redo: [] });
}

export const steps = new StepsSeen();
const refused = new Set<string>();
let last: Promise<void> = Promise.resolve();

/** Follows for as long as the calling component lives. */
export function followSteps(): void {
  $effect(() => {
    const question = { name: 'history.steps', args: { limit: PASSED_OVER }, tags: ['history_step', 'history_trail'] };
    return session.cache.watch(question, { value: (value) => (steps.now = value as Steps), problem: () => {} });
  });
}

/** The next step this way. */
export function nextStep(way: Way, all: Steps = steps.now): Step | undefined {
  return all[way].find(({ step }) => !refused.has(step));
}

/** `Contact Miller changed`. */
export function stepWords({ deed, record, label }: Step): string {
  return t(`step.${deed}`, { name: [recordName(record), label].filter(Boolean).join(' ') });
}

export function stepAgain(way: Way): void {
  last = last.then(async () => {
    const step = nextStep(way, await session.query<Steps>('history.steps', { limit: PASSED_OVER }));
    if (step) await take(way, step);
    else showToast({ text: t(`step.nothing.${way}`) });
  });
}

/** Undoes what the entry of this command did. */
export function undoCommand(command: string): void {
  last = last.then(async () => {
    const { undo } = await session.query<Steps>('history.steps', { limit: PASSED_OVER });
    const step = undo.find((made) => made.step === command);
    if (step) await take('undo', step);
    else showToast({ text: t('step.nothing.undo') });
  });
}

async function take(way: Way, step: Step): Promise<void> {
  try {
    await session.execute(`history.${way}`, { step: step.step });
    refused.clear();
    await show(way, step);
    showToast({ text: t(`step.done.${way}`, { what: stepWords(step) }), tone: 'good', action: { label: t(`step.way.${OTHER[way]}`), run: () => stepAgain(OTHER[way]) } });
  } catch (thrown) {
    const { code, message, next } = asProblem(thrown);
    refused.add(step.step);
    showToast({ text: `${stepWords(step)}: ${message} ${next}`, tone: 'bad' });
    // What is posted is taken back by a document of its own.
    if (code === 'history.posted' && step.id) router.go(`${pathOfRecord(step.record, step.id)}?ask=billing.reverse_invoice`);
  }
}

/** Draws the record anew where it is on screen; leaves it where it is gone. */
async function show(way: Way, { deed, record, id }: Step): Promise<void> {
  if (!id || router.place.path !== pathOfRecord(record, id)) return;
  const gone = deed === (way === 'undo' ? 'made' : 'removed');
  if (!gone) await session.query('records.get', { record, id }).catch(() => {});
  router.go(gone ? pathOfRecord(record) : router.place.path);
}
