// The keys of the data table, by the grid pattern of the ARIA authoring practices: arrows and pages move, Home and End go
// along the row, with Ctrl to the first and the last row; Space selects.

export interface Steps {
  move(rows: number): void;
  page(pages: number): void;
  first(): void;
  last(): void;
  column(step: number): void;
  edge(end: boolean): void;
  open(): void;
  select(): void;
  /** Selects from where the selection began to so many rows on. */
  extend(rows: number): void;
  everything(): void;
  clear(): void;
  copy(): void;
}

/** What a key does in the table; undefined for a key that is not its own. Cursor keys follow the direction of writing. */
export function stepOf(event: KeyboardEvent, rightToLeft: boolean, steps: Steps): (() => void) | undefined {
  if (event.altKey) return undefined;
  const onward = rightToLeft ? -1 : 1;
  if (event.ctrlKey || event.metaKey) {
    return { Home: steps.first, End: steps.last, a: steps.everything, c: steps.copy, ' ': steps.select }[event.key];
  }
  if (event.shiftKey) return { ArrowDown: () => steps.extend(1), ArrowUp: () => steps.extend(-1), ' ': steps.select }[event.key];
  return {
    ArrowDown: () => steps.move(1),
    ArrowUp: () => steps.move(-1),
    j: () => steps.move(1),
    k: () => steps.move(-1),
    PageDown: () => steps.page(1),
    PageUp: () => steps.page(-1),
    Home: () => steps.edge(false),
    End: () => steps.edge(true),
    ArrowRight: () => steps.column(onward),
    ArrowLeft: () => steps.column(-onward),
    Enter: steps.open,
    ' ': steps.select,
    x: steps.select,
    Escape: steps.clear,
  }[event.key];
}
