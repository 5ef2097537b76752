/** The three ways genloss says no. Messages are sentences with numbers and a remedy. */

export interface Problem {
  /** Dotted path of the field, or '' for the whole spec. */
  readonly field: string;
  /** What is wrong, with the number. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}

const describe = ({ field, message, remedy }: Problem): string =>
  `${field ? `${field}: ` : ''}${message}${remedy ? ` ${remedy}` : ''}`;

/** The request is wrong: every problem at once. Exit code 2. */
export class SpecError extends Error {
  override readonly name = 'SpecError';
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map(describe).join('\n'));
    this.problems = problems;
  }
}

/** The machine cannot: what is needed and what there is. Exit code 3. */
export class CapabilityError extends Error {
  override readonly name = 'CapabilityError';
}

/** The engine failed while running. Exit code 4. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}
