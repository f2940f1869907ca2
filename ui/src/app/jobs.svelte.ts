// Long work in one tray: started anywhere, followed here, so that it goes on while the person moves to other screens.
import type { Job } from '../gen/contract.ts';
import type { RunningJob } from '../generic/host.ts';
import { asCoreError } from '../platform/index.ts';
import { session } from './session.svelte.ts';

const LOOK_MS = 250;

export class FollowedJob<T = unknown> implements RunningJob<T> {
  job: Job<T> = $state.raw({ state: 'running', done: 0, total: 0, stage: '' });
  readonly startedAt = Date.now();

  constructor(
    readonly id: string,
    readonly title: string,
    private readonly ended: (job: Job<T>) => void,
  ) {}

  get running(): boolean {
    return this.job.state === 'running';
  }

  cancel(): void {
    void session.call('job.cancel', { job: this.id });
  }

  /** Milliseconds left by the pace so far; null before there is a pace. */
  left(now: number): number | null {
    const { done, total } = this.job;
    if (done <= 0 || total <= 0) return null;
    return ((now - this.startedAt) / done) * Math.max(0, total - done);
  }

  async follow(): Promise<void> {
    let failures = 0;
    while (this.running) {
      try {
        this.job = await session.call<Job<T>>('job.status', { job: this.id });
        failures = 0;
      } catch (thrown) {
        const error = asCoreError(thrown);
        failures += 1;
        // A core that is briefly away keeps its jobs; one that has forgotten them does not.
        if (error.kind !== 'unreachable' || failures > 40) {
          const { kind, code, args, field, message, next } = error;
          const known = kind === 'unreachable' ? 'internal' : kind;
          this.job = { ...this.job, state: 'failed', error: { kind: known, code, args, field, message, next } };
        }
      }
      if (this.running) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    this.ended(this.job);
  }
}

export const tray: { jobs: FollowedJob[] } = $state({ jobs: [] });

export async function startJob<T>(title: string, body: Record<string, unknown>, ended: (job: Job<T>) => void): Promise<RunningJob<T>> {
  const { job } = await session.call<{ job: string }>('job.start', body);
  const followed = new FollowedJob<T>(job, title, ended);
  tray.jobs = [followed as FollowedJob, ...tray.jobs].slice(0, 20);
  void followed.follow();
  return followed;
}

export function clearEnded(): void {
  tray.jobs = tray.jobs.filter((j) => j.running);
}
