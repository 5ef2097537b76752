/**
 * How fast the threads are, as last seen, so that tasks come out of a size that lets a stop be
 * heard and frames flow. Changes no number.
 */

/** Time of a task that is aimed at. */
const TASK_MS = 25;
/** Share of a new measurement. */
const WEIGHT = 0.25;

export class Pace {
  /** Visits that a thread makes in a millisecond; 0 before anything was measured. */
  #speed = 0;

  measured(work: number, milliseconds: number): void {
    // Clocks of browsers tick in tenths of a millisecond.
    if (milliseconds < 1) return;
    const speed = work / milliseconds;
    this.#speed = this.#speed > 0 ? this.#speed + WEIGHT * (speed - this.#speed) : speed;
  }

  /** Lineages, of so much work each, that make up a task. */
  lineagesFor(work: number): number {
    return this.#speed > 0 ? Math.max(4, Math.floor((TASK_MS * this.#speed) / work)) : Infinity;
  }

  /** Generations of a piece that make up a task; all where it was never timed. */
  generationsFor(milliseconds: number): number {
    return milliseconds > 0 ? Math.max(1, Math.floor(TASK_MS / milliseconds)) : Infinity;
  }
}
