// The one registry of keys: every shortcut is an action with a name, so that menus, palette, hints and the `?` sheet agree.

/** Where an action lives. Inner scopes win over outer ones while they are on screen. */
export type Scope = 'app' | 'screen' | 'dialog';

export interface Action {
  readonly id: string;
  /** Words shown to people. */
  readonly label: string;
  /** Chords such as `Ctrl+Enter`, `?`, or a sequence such as `G I`. The first one is shown. */
  readonly keys?: readonly string[];
  readonly scope: Scope;
  readonly group?: string;
  /** What it leads to or makes, by its own name: who types that means it first. */
  readonly name?: string;
  /** The address it leads to. */
  readonly path?: string;
  /** Words the palette also finds it by. */
  readonly also?: string;
  /** Hidden from the palette: only meaningful where the cursor is. */
  readonly local?: boolean;
  /** Not while one types: a field has its own meaning of the same keys. */
  readonly outsideFields?: boolean;
  readonly enabled?: () => boolean;
  readonly run: () => void;
}

/** What the browser or the desktop takes for itself; binding one would work here and fail there. */
const RESERVED = new Set(['Ctrl+W', 'Ctrl+T', 'Ctrl+N', 'Ctrl+Q', 'Ctrl+Tab', 'Ctrl+Shift+T', 'Ctrl+Shift+N', 'Ctrl+Shift+W', 'Alt+F4', 'F5', 'F11', 'F12', 'Ctrl+R']);
const RANK: Record<Scope, number> = { app: 0, screen: 1, dialog: 2 };
const SEQUENCE_MS = 1200;

/** The parts of a keyboard event that matter here; lets tests run without a page. */
export interface Stroke {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** `Ctrl+Shift+Enter`; Command counts as Ctrl; Shift is not named where it already changed the character. */
export function chordOf(stroke: Stroke): string {
  const named = stroke.key.length > 1 || stroke.key === ' ';
  const letter = /^\p{L}$/u.test(stroke.key);
  const key = stroke.key === ' ' ? 'Space' : letter ? stroke.key.toUpperCase() : stroke.key;
  const control = stroke.ctrlKey || stroke.metaKey;
  const shift = stroke.shiftKey && (named || letter);
  return [control && 'Ctrl', stroke.altKey && 'Alt', shift && 'Shift', key].filter(Boolean).join('+');
}

/** As people know the keys: arrows as arrows. */
export function showKey(chord: string): string {
  const arrows: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc', Delete: 'Del' };
  return chord.replace(/[A-Z][A-Za-z]+/g, (word) => arrows[word] ?? word);
}

/** Chords a person could type as text: they never fire inside a field and can be switched off (WCAG 2.1.4). */
export function isPlain(chord: string): boolean {
  const [first = ''] = chord.split(' ');
  return !/^(Ctrl|Alt)\+/.test(first) && first.replace('Shift+', '').length === 1;
}

export class KeyRegistry {
  /** Single-character shortcuts on or off. */
  plainKeys = true;
  /** Chords that a person chose instead, by the id of the action. */
  chosen: Readonly<Record<string, string>> = {};
  private readonly actions = new Map<string, Action[]>();
  private prefix = '';
  private prefixAt = 0;

  constructor(private readonly changed: () => void = () => {}) {}

  /** Adds actions and returns what takes them out again. A second action with the same id covers the first. */
  add(...added: Action[]): () => void {
    for (const action of added) {
      this.actions.set(action.id, [...(this.actions.get(action.id) ?? []), action]);
    }
    this.changed();
    return () => {
      for (const action of added) {
        const left = (this.actions.get(action.id) ?? []).filter((a) => a !== action);
        if (left.length > 0) this.actions.set(action.id, left);
        else this.actions.delete(action.id);
      }
      this.changed();
    };
  }

  /** All actions on screen, innermost scope first. */
  list(): Action[] {
    const top = [...this.actions.values()].flatMap((stack) => this.asChosen(stack.at(-1)) ?? []);
    return top.sort((a, b) => RANK[b.scope] - RANK[a.scope]);
  }

  /** After `chosen` was changed. */
  refresh(): void {
    this.changed();
  }

  find(id: string): Action | undefined {
    return this.asChosen(this.actions.get(id)?.at(-1));
  }

  private asChosen(action: Action | undefined): Action | undefined {
    const chord = action && this.chosen[action.id];
    return chord ? { ...action, keys: [chord] } : action;
  }

  /** What stands in the way of giving `id` this chord: the action that has it, or the system. */
  holder(id: string, chord: string): Action | 'system' | undefined {
    if (RESERVED.has(chord)) return 'system';
    return this.list().find((action) => action.id !== id && action.keys?.some((key) => key === chord || key.startsWith(`${chord} `)));
  }

  /** Two actions on one chord in one scope, or a chord the system owns. Empty in a healthy program. */
  clashes(): string[] {
    const seen = new Map<string, string>();
    const found: string[] = [];
    for (const action of this.list()) {
      for (const chord of action.keys ?? []) {
        const place = `${action.scope}|${chord}`;
        if (RESERVED.has(chord)) found.push(`${action.id}: ${chord} belongs to the system`);
        const other = seen.get(place);
        if (other) found.push(`${action.id} and ${other}: ${chord}`);
        seen.set(place, action.id);
      }
    }
    return found;
  }

  /** The action a stroke fires, following sequences such as `G I`. `typing` is true inside a text field. */
  match(stroke: Stroke, typing: boolean, modal: boolean, now: number): Action | undefined {
    if (['Control', 'Shift', 'Alt', 'Meta'].includes(stroke.key)) return undefined;
    const chord = chordOf(stroke);
    if (isPlain(chord) && (typing || !this.plainKeys)) return undefined;
    const open = this.list().filter((a) => (!modal || a.scope === 'dialog') && !(typing && a.outsideFields) && (a.enabled?.() ?? true));
    const sequence = this.prefix && now - this.prefixAt < SEQUENCE_MS ? `${this.prefix} ${chord}` : '';
    this.prefix = '';
    const hit = sequence && open.find((a) => a.keys?.includes(sequence));
    if (hit) return hit;
    const exact = open.find((a) => a.keys?.includes(chord));
    const longer = open.find((a) => a.keys?.some((k) => k.startsWith(`${chord} `)));
    // `C` alone makes a new one in a list; elsewhere `C` waits for its second letter.
    if (longer && (!exact || RANK[exact.scope] <= RANK[longer.scope])) {
      this.prefix = chord;
      this.prefixAt = now;
      return undefined;
    }
    return exact;
  }
}
