// What was typed into a record's form and not sent: kept on this computer within a second, with where the cursor was.
import { host } from './host.ts';
import type { Values } from './form.ts';

const KEEP_MS = 400;

export interface Kept {
  values: Values;
  /** The field in which the cursor was. */
  at: string | null;
  /** Text in fields that is no value yet: half a date, a name not chosen. */
  texts: Record<string, string>;
}

export class FormKeeper {
  private at: string | null = null;
  private texts: Record<string, string> = {};
  private timer = 0;
  private sent = false;
  /** The field that took the text of the event that is on its way. */
  private took: string | null = null;

  /** `says` gives the values; null where they are as they were. */
  constructor(
    private readonly name: string,
    private readonly says: () => Values | null,
    private readonly all: () => Values,
  ) {}

  keep = (): void => {
    clearTimeout(this.timer);
    if (this.sent) return;
    const half = Object.keys(this.texts).length > 0;
    const values = this.says() ?? (half ? this.all() : null);
    host().remember(this.name, values && { values, at: this.at, texts: this.texts });
  };

  soon(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(this.keep, KEEP_MS);
  }

  /** A field has a value. */
  settled(field: string): void {
    delete this.texts[field];
    this.took = field;
    this.soon();
  }

  /** Something was typed: what its field could not take as a value is kept as it stands. */
  typed(form: HTMLElement | undefined, event: Event): void {
    const field = fieldAt(form, event.target);
    const taken = field === this.took;
    this.took = null;
    if (!field || !(event.target instanceof HTMLInputElement) || event.target.type === 'checkbox') return;
    if (!taken) this.texts[field] = event.target.value;
    this.soon();
  }

  focused(form: HTMLElement | undefined, event: Event): void {
    this.at = fieldAt(form, event.target) ?? this.at;
  }

  forget(): void {
    clearTimeout(this.timer);
    this.texts = {};
    host().remember(this.name, null);
  }

  /** It was sent: nothing is kept any more. */
  done(): void {
    this.sent = true;
    this.forget();
  }
}

/** The name of the field that holds `target`, if it is one of this form and not of a form over it. */
function fieldAt(form: HTMLElement | undefined, target: EventTarget | null): string | null {
  if (!(target instanceof HTMLElement) || target.closest('form') !== form) return null;
  return target.closest<HTMLElement>('[data-field]')?.dataset['field'] ?? null;
}

function controlOf(form: HTMLElement | undefined, field: string): HTMLInputElement | null {
  return form?.querySelector<HTMLInputElement>(`[data-field="${CSS.escape(field)}"] :is(input, select, textarea)`) ?? null;
}

/** Puts the cursor and half-typed texts back, as if they had been typed. */
export function putBack(form: HTMLElement | undefined, { at, texts }: Kept): void {
  if (at) controlOf(form, at)?.focus();
  for (const [field, text] of Object.entries(texts)) {
    const control = controlOf(form, field);
    if (!control || control.value === text) continue;
    control.value = text;
    control.dispatchEvent(new Event('input', { bubbles: true }));
  }
}
