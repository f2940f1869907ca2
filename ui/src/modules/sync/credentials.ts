// Pure parts of connecting and signing in: what is missing, how an address is meant, and which field a refusal is about.
import type { Problem } from '../../generic/host.ts';

export interface Credentials {
  server: string | null;
  tenant: string | null;
  email: string | null;
  password: string | null;
  device_name: string | null;
  /** Asked for once the server says that the password was for one sign-in only. */
  new_password: string | null;
  again: string | null;
}

export type CredentialField = keyof Credentials;

/** Where the code of a refusal says more than its field. */
const FIELD_OF: Record<string, CredentialField> = {
  'access.refused': 'password',
  'sync.unreachable': 'server',
  'sync.tenant_not_empty': 'tenant',
  'sync.adopted': 'tenant',
  'tenant.name': 'tenant',
  'tenant.unknown': 'tenant',
  'tenant.suspended': 'tenant',
  'password.weak': 'new_password',
};

/** Without a scheme the safe one is meant. */
export function serverAddress(typed: string): string {
  const text = typed.trim().replace(/\/+$/, '');
  return text === '' || text.includes('://') ? text : `https://${text}`;
}

function readAddress(typed: string): URL | null {
  try {
    return new URL(serverAddress(typed));
  } catch {
    return null;
  }
}

/** Passwords would travel in the open: plain HTTP to another computer. */
export function isOpenRoad(address: string): boolean {
  const url = readAddress(address);
  return url?.protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
}

/** Fields that must be filled in before asking; the key of the words beside each. */
export function lacking(given: Credentials, asked: readonly CredentialField[]): Partial<Record<CredentialField, string>> {
  const found: Partial<Record<CredentialField, string>> = {};
  for (const field of asked) if (!(given[field] ?? '').trim()) found[field] = `connect.${field}.missing`;
  if (asked.includes('server') && !found.server && readAddress(given.server ?? '') === null) found.server = 'connect.server.wrong';
  if (asked.includes('again') && !found.again && !found.new_password && given.again !== given.new_password) found.again = 'connect.again.differs';
  return found;
}

/** The field a refusal belongs beside; null when it is about none of those that are shown. */
export function fieldOf(problem: Pick<Problem, 'code' | 'field'>, asked: readonly CredentialField[]): CredentialField | null {
  const field = (problem.field ?? FIELD_OF[problem.code]) as CredentialField | undefined;
  const shown = field === 'new_password' && !asked.includes('new_password') ? 'password' : field;
  return shown && asked.includes(shown) ? shown : null;
}
