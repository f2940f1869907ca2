// What the settings screen may change about this person's program on this computer; the app hands in the live object.

export interface Preferences {
  theme: 'system' | 'light' | 'dark' | 'contrast';
  density: 'compact' | 'comfortable';
  /** Empty: follows the country of the company. */
  locale: string;
  plainKeys: boolean;
}
