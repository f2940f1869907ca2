// The browser: the same bytes over HTTP, with the token of the printed address kept for this tab only.
import { asCoreError, CoreError, parse, unreachable, type Platform, type Upload } from './platform.ts';

const TOKEN = 'daybook.token';

/** Takes `#token=…` out of the address bar at once, so that it lands in no history and no screenshot. */
export function takeToken(): string {
  const found = /^#token=([^&]+)/.exec(location.hash)?.[1];
  if (found) {
    sessionStorage.setItem(TOKEN, decodeURIComponent(found));
    history.replaceState(null, '', location.pathname + location.search + '#/');
  }
  return sessionStorage.getItem(TOKEN) ?? '';
}

export function browser(): Platform {
  const token = takeToken();
  // The books are served anew at the same address: the page begins anew with the new token.
  addEventListener('hashchange', () => location.hash.startsWith('#token=') && location.reload());

  async function post(method: string, body: BodyInit, headers: Record<string, string>): Promise<Response> {
    let answer: Response;
    try {
      answer = await fetch(`/rpc/${method}`, { method: 'POST', body, headers: { Authorization: `Bearer ${token}`, ...headers } });
    } catch (thrown) {
      throw unreachable(String(thrown));
    }
    if (answer.ok) return answer;
    throw asCoreError(parse(await answer.text()) ?? unreachable(`HTTP ${answer.status}`));
  }

  const json = { 'Content-Type': 'application/json' };
  const send = (method: string, body: unknown): Promise<Response> => post(method, JSON.stringify(body), json);

  return {
    kind: 'browser',
    pickFile: null,
    async call<T>(method: string, body: unknown): Promise<T> {
      return (await (await send(method, body)).json()) as T;
    },
    async upload(file: File): Promise<Upload> {
      const headers = { 'Content-Type': 'application/octet-stream', 'X-File-Name': encodeURIComponent(file.name) };
      return (await (await post('upload', file, headers)).json()) as Upload;
    },
    pdf: async (method, body) => (await send(method, body)).arrayBuffer(),
    async openPdf(method: string, body: unknown, name: string): Promise<void> {
      // The tab is opened inside the click, before waiting: later it would count as a pop-up.
      const tab = window.open('', '_blank');
      try {
        const url = URL.createObjectURL(new Blob([await (await send(method, body)).arrayBuffer()], { type: 'application/pdf' }));
        if (tab) tab.location.href = url;
        else save(url, name);
        setTimeout(() => URL.revokeObjectURL(url), 60_000);
      } catch (thrown) {
        tab?.close();
        throw thrown instanceof CoreError ? thrown : asCoreError(thrown);
      }
    },
    async savePdf(method: string, body: unknown, name: string): Promise<boolean> {
      const url = URL.createObjectURL(new Blob([await (await send(method, body)).arrayBuffer()], { type: 'application/pdf' }));
      save(url, name);
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
      return true;
    },
    /** Never shown by the browser: whatever the file says it is, it is bytes to be kept. */
    async saveFile(body: unknown, name: string): Promise<boolean> {
      const url = URL.createObjectURL(new Blob([await (await send('files.read', body)).arrayBuffer()], { type: 'application/octet-stream' }));
      save(url, name);
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
      return true;
    },
    async saveText(name: string, text: string, type: string): Promise<void> {
      const url = URL.createObjectURL(new Blob([text], { type }));
      save(url, name);
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    },
  };
}

function save(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}
