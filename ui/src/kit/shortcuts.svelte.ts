// The live key registry of this window: components add their actions while they are on screen.
import { KeyRegistry, type Action } from './keys.ts';

let version = $state(0);
export const registry = new KeyRegistry(() => queueMicrotask(() => (version += 1)));

/** All actions on screen now; reading it in a component follows later changes. */
export function actions(): Action[] {
  void version;
  return registry.list();
}

export function actionOf(id: string): Action | undefined {
  void version;
  return registry.find(id);
}

/** Adds actions for as long as the calling component lives. Call it while the component starts. */
export function useActions(make: () => Action[]): void {
  $effect(() => registry.add(...make()));
}

export function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'file'].includes(target.type);
}

/** The window's only listener for shortcuts. */
export function onShortcut(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const modal = document.querySelector('dialog:modal') !== null;
  const action = registry.match(event, isTextField(event.target), modal, event.timeStamp);
  if (!action) return;
  event.preventDefault();
  action.run();
}
