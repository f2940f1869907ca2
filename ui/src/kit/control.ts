// What every input control shares: how it is tied to its label and message, and how it reports text it cannot read.

export interface ControlProps {
  id?: string | undefined;
  /** Name for screen readers where no visible label is tied to it, e.g. in a cell. */
  label?: string | undefined;
  describedby?: string | undefined;
  invalid?: boolean | undefined;
  required?: boolean | undefined;
  readonly?: boolean | undefined;
  placeholder?: string | undefined;
  /** In a grid cell: no own frame, up and down belong to the grid. */
  cell?: boolean | undefined;
  /** Words for text that cannot be read, null when all is well again. The text itself stays in the field. */
  onwrong?: ((message: string | null) => void) | undefined;
}
