// The address of a screen is the part after `#`: `#/records/party?text=acme`. Reload, back and links just work.

export interface Place {
  path: string;
  query: Record<string, string>;
  /** Counts arrivals: coming to the same address again draws the screen anew. */
  visit: number;
}

export function parsePlace(hash: string, visit: number): Place {
  const [path = '/', search = ''] = hash.replace(/^#/, '').split('?');
  return { path: path.startsWith('/') ? path : '/', query: Object.fromEntries(new URLSearchParams(search)), visit };
}

class Router {
  place: Place = $state.raw(parsePlace(location.hash, 0));

  constructor() {
    addEventListener('hashchange', () => (this.place = parsePlace(location.hash, this.place.visit + 1)));
  }

  /** Goes there; asked for where one already is, the screen is drawn anew. */
  go(path: string): void {
    if (`#${path}` !== location.hash) location.hash = path;
    else this.place = parsePlace(location.hash, this.place.visit + 1);
  }

  /** Writes another address for the screen as it stands; nothing is drawn anew. */
  rename(path: string): void {
    history.replaceState(history.state, '', `#${path}`);
  }

  back(): void {
    if (history.length > 1) history.back();
    else this.go('/');
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
