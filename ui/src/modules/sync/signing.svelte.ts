// Somebody identifying themselves at the server: what is typed, what is wrong with it, and the second step for a password that was for once.
import { asProblem, type Problem } from '../../generic/host.ts';
import { t } from '../../kit/language.svelte.ts';
import { fieldOf, lacking, type CredentialField, type Credentials } from './credentials.ts';

export class Signing {
  values = $state<Credentials>({ server: null, tenant: null, email: null, password: null, device_name: null, new_password: null, again: null });
  messages = $state<Partial<Record<CredentialField, string>>>({});
  /** A refusal that belongs beside no field. */
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);
  /** The password was for one sign-in only: another must be chosen. */
  choosing = $state(false);

  constructor(
    private readonly fields: readonly CredentialField[],
    start: Partial<Credentials> = {},
  ) {
    Object.assign(this.values, start);
  }

  get asked(): CredentialField[] {
    return [...this.fields, ...(this.choosing ? (['new_password', 'again'] as const) : [])];
  }

  set(field: CredentialField, value: string | null): void {
    this.values[field] = value;
    delete this.messages[field];
  }

  /** Sends what was typed; true when the server took it. Nothing typed is lost when it did not. */
  async submit(send: (values: Credentials) => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.problem = null;
    this.messages = Object.fromEntries(Object.entries(lacking(this.values, this.asked)).map(([field, key]) => [field, t(key)]));
    if (Object.keys(this.messages).length > 0) return false;
    this.busy = true;
    try {
      await send($state.snapshot(this.values));
      return true;
    } catch (thrown) {
      this.refused(asProblem(thrown));
      return false;
    } finally {
      this.busy = false;
    }
  }

  private refused(problem: Problem): void {
    if (problem.code === 'access.choose_password' && !this.choosing) {
      this.choosing = true;
      return;
    }
    const field = fieldOf(problem, this.asked);
    if (field) this.messages = { [field]: [problem.message, problem.next].filter(Boolean).join(' ') };
    else this.problem = problem;
  }
}
