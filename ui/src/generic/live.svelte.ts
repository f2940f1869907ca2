// A query a screen follows: value, problem, and a `slow` flag that stays down for the first 100 ms so that nothing flickers.
import { asProblem, host, type Ask, type Problem } from './host.ts';

const QUIET_MS = 100;

export class Live<T> {
  value: T | undefined = $state.raw(undefined);
  problem: Problem | null = $state.raw(null);
  slow = $state(false);
  private turn = $state(0);

  constructor(ask: () => Ask | null) {
    $effect(() => {
      void this.turn;
      const wanted = ask();
      if (!wanted) return;
      const timer = setTimeout(() => (this.slow = this.value === undefined && this.problem === null), QUIET_MS);
      const settle = (): void => {
        clearTimeout(timer);
        this.slow = false;
      };
      const stop = host().watch<T>(
        wanted,
        (value) => {
          settle();
          this.problem = null;
          this.value = value;
        },
        (problem) => {
          settle();
          this.problem = asProblem(problem);
        },
      );
      return () => {
        clearTimeout(timer);
        stop();
      };
    });
  }

  retry(): void {
    this.problem = null;
    this.turn += 1;
  }
}
