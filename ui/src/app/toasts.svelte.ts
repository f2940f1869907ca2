// Short messages that come and go: what was done, and the way back where there is one.
import type { Toast } from '../generic/host.ts';

/** A message with what undoes what it tells. */
export interface UndoableToast extends Toast {
  undoing?: () => void;
}

export interface ShownToast extends UndoableToast {
  id: number;
}

const SHOWN_MS = 6_000;
let next = 1;
export const toasts: { list: ShownToast[] } = $state({ list: [] });

export function showToast(toast: UndoableToast): void {
  const id = next;
  next += 1;
  // The same again takes the place of what it said before.
  const others = toasts.list.filter((shown) => shown.text !== toast.text || shown.action !== undefined || shown.undoing !== undefined);
  toasts.list = [...others.slice(-2), { ...toast, id }];
  // Messages to act on stay longer; problems stay until closed.
  if (toast.tone !== 'bad') setTimeout(() => closeToast(id), toast.action || toast.undoing ? SHOWN_MS * 2 : SHOWN_MS);
}

export function closeToast(id: number): void {
  toasts.list = toasts.list.filter((toast) => toast.id !== id);
}
