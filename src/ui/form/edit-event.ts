/** How parts of the form say that a field has a new value. */

export interface Edit {
  readonly path: string;
  /** Undefined: back to the default. */
  readonly value: unknown;
}

export class EditEvent extends Event {
  static readonly type = 'edit';
  readonly edit: Edit;

  constructor(edit: Edit) {
    super(EditEvent.type, { bubbles: true, composed: true });
    this.edit = edit;
  }
}
