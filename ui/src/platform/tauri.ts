// The desktop window. Six doors of the shell: `rpc`, `upload`, `pick_file`, `open_pdf`, `save_pdf`, `save_file`; no business rule behind any but `rpc`.
import { invoke, type InvokeArgs } from '@tauri-apps/api/core';
import { asCoreError, type Platform, type Upload } from './platform.ts';

async function ask<T>(command: string, args: InvokeArgs, headers?: Record<string, string>): Promise<T> {
  try {
    return await invoke<T>(command, args, headers ? { headers } : undefined);
  } catch (thrown) {
    throw asCoreError(thrown);
  }
}

export function desktop(): Platform {
  return {
    kind: 'desktop',
    /** Answers travel as bytes: about twice as fast as values for long lists. */
    async call<T>(method: string, body: unknown): Promise<T> {
      const bytes = await ask<ArrayBuffer>('rpc', { method, body });
      return JSON.parse(new TextDecoder().decode(bytes)) as T;
    },
    async upload(file: File): Promise<Upload> {
      return ask<Upload>('upload', new Uint8Array(await file.arrayBuffer()), { 'X-File-Name': encodeURIComponent(file.name) });
    },
    pickFile: (extensions) => ask<Upload | null>('pick_file', { extensions }),
    pdf: (method, body) => ask<ArrayBuffer>('rpc', { method, body }),
    /** The shell fetches the pages from the core itself and hands them to the system's viewer. */
    openPdf: (method, body, name) => ask<void>('open_pdf', { method, body, name }),
    savePdf: (method, body, name) => ask<boolean>('save_pdf', { method, body, name }),
    saveFile: (body, name) => ask<boolean>('save_pdf', { method: 'files.read', body, name }),
    saveText: (name, text) => ask<void>('save_file', { name, text }),
  };
}
