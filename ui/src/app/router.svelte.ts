// The address of a screen is the part after `#`: `#/records/party?text=acme`. Reload, back and links just work.

export interface Place {
  path: string;
  query: Record<string, string>;
}

export function parsePlace(hash: string): Place {
  const [path = '/', search = ''] = hash.replace(/^#/, '').split('?');
  return { path: path.startsWith('/') ? path : '/', query: Object.fromEntries(new URLSearchParams(search)) };
}

class Router {
  place: Place = $state.raw(parsePlace(location.hash));
  /** Asked before leaving; a screen with unsaved text uses it to store a draft. */
  private readonly leaving = new Set<() => void>();

  constructor() {
    addEventListener('hashchange', () => this.arrive());
  }

  go(path: string, replace = false): void {
    if (`#${path}` === location.hash) return;
    if (replace) {
      history.replaceState(history.state, '', `#${path}`);
      this.place = parsePlace(location.hash);
      return;
    }
    location.hash = path;
  }

  back(): void {
    if (history.length > 1) history.back();
    else this.go('/');
  }

  onLeave(run: () => void): () => void {
    this.leaving.add(run);
    return () => this.leaving.delete(run);
  }

  private arrive(): void {
    for (const run of this.leaving) run();
    this.place = parsePlace(location.hash);
  }
}

export const router = new Router();

/** `/records/:record/:id` against `/records/party/7`; null when it does not fit. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split('/').filter(Boolean);
  const have = path.split('/').filter(Boolean);
  if (want.length !== have.length) return null;
  const found: Record<string, string> = {};
  for (const [i, part] of want.entries()) {
    const piece = decodeURIComponent(have[i] ?? '');
    if (part.startsWith(':')) found[part.slice(1)] = piece;
    else if (part !== piece) return null;
  }
  return found;
}
