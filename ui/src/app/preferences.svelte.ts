// How this person likes the program on this computer: look, density, locale of numbers, single-letter keys.
import type { Preferences } from '../generic/preferences.ts';
import { language } from '../kit/language.svelte.ts';
import { registry } from '../kit/shortcuts.svelte.ts';
import { recall, remember } from '../platform/keep.ts';

export type Theme = Preferences['theme'];

const saved = recall<Partial<Preferences>>('preferences') ?? {};
export const preferences: Preferences = $state({ theme: 'system', density: 'compact', language: '', locale: '', plainKeys: true, keys: {}, ...saved });

/** The locale people of a country expect: `CH` gives `de-CH`, `GB` gives `en-GB`. */
export function localeOfCountry(country: string): string {
  try {
    const likely = new Intl.Locale(`und-${country}`).maximize();
    return `${likely.language}-${country}`;
  } catch {
    return 'en-GB';
  }
}

/** Keeps page, number signs and keys in step with the choices. Call once, inside the root component. */
export function followPreferences(country: () => string | undefined): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const more = matchMedia('(prefers-contrast: more)');
  const look = (): void => {
    const system = more.matches ? 'contrast' : dark.matches ? 'dark' : 'light';
    document.documentElement.dataset['theme'] = preferences.theme === 'system' ? system : preferences.theme;
    document.documentElement.dataset['density'] = preferences.density;
  };
  $effect(() => {
    look();
    dark.addEventListener('change', look);
    more.addEventListener('change', look);
    return () => {
      dark.removeEventListener('change', look);
      more.removeEventListener('change', look);
    };
  });
  $effect(() => remember('preferences', { ...preferences }));
  $effect(() => {
    language.locale = preferences.locale || localeOfCountry(country() ?? 'GB');
  });
  $effect(() => {
    registry.plainKeys = preferences.plainKeys;
    registry.chosen = { ...preferences.keys };
    registry.refresh();
  });
}
