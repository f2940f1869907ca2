// One thing at a time that may fail: a second call while the first runs does nothing, and what went wrong is kept to be shown.
import { asProblem, type Problem } from './host.ts';

export class Attempt {
  busy = $state(false);
  problem: Problem | null = $state.raw(null);

  /** Does `work`; whether it was done. */
  run = async (work: () => Promise<unknown>): Promise<boolean> => {
    if (this.busy) return false;
    this.busy = true;
    this.problem = null;
    try {
      await work();
      return true;
    } catch (thrown) {
      this.problem = asProblem(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  };
}
