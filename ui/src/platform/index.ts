// Chooses the shell once, at start.
import { browser } from './http.ts';
import { desktop } from './tauri.ts';
import type { Platform } from './platform.ts';

export function choosePlatform(): Platform {
  return '__TAURI_INTERNALS__' in window ? desktop() : browser();
}

export { asCoreError, CoreError, type Platform, type Upload } from './platform.ts';
