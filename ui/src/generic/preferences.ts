// What the settings screen may change about this person's program on this computer; the app hands in the live object.

/** Every language of the screen, as BCP 47 names it. */
export const LANGUAGES: readonly string[] = ['en', 'de', 'fr', 'es', 'ar'];

export interface Preferences {
  theme: 'system' | 'light' | 'dark' | 'contrast';
  density: 'compact' | 'comfortable';
  /** Language of the words. Empty: as the system. */
  language: string;
  /** Empty: follows the country of the company. */
  locale: string;
  plainKeys: boolean;
  /** Keys chosen instead of ours, by the id of the action. */
  keys: Record<string, string>;
}
