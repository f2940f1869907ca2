// What the core says of what a person may undo and do again (`history.steps`).

/** What one entry of this person changed. */
export interface Step {
  /** The id of its command. */
  step: string;
  name: string;
  done_at: number;
  deed: 'made' | 'changed' | 'removed';
  record: string;
  id: string | null;
  label: string;
}

/** The next one first. */
export interface Steps {
  undo: Step[];
  redo: Step[];
}
