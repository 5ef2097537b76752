/** What the command line needs of the world, so that tests can give it another one. */
export interface Host {
  /** Data. */
  out(text: string): void;
  /** Progress, messages, errors. */
  err(text: string): void;
  /** True where stderr is a terminal whose line can be written over. */
  readonly terminal: boolean;
  /** Characters of a terminal's line. */
  readonly columns: number;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Wall-clock time. */
  date(): Date;
  /** The whole of standard input. */
  readInput(): Promise<string>;
  /** Aborted at the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
}
