// Keeps what a small form of its own says, for as long as it was neither sent nor forgotten.
import { untrack } from 'svelte';
import { host } from './host.ts';

const KEEP_MS = 400;

export class Typed<T> {
  /** What was typed last time. */
  readonly kept: T | null;
  private over = false;

  constructor(private readonly name: string) {
    this.kept = untrack(() => host().recall<T>(name));
  }

  /** Keeps what `says` gives from now on, for as long as the calling component lives; null where nothing is worth it. */
  follow(says: () => T | null): void {
    $effect(() => {
      const said = $state.snapshot(says());
      const timer = setTimeout(() => this.over || host().remember(this.name, said), KEEP_MS);
      return () => clearTimeout(timer);
    });
  }

  /** It was sent. */
  forget(): void {
    this.over = true;
    host().remember(this.name, null);
  }
}
