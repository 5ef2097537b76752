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
  #speed: number;
  /** Measured, and not yet part of the speed. */
  #work = 0;
  #milliseconds = 0;

  /** `speed`: what may be counted on before anything was measured, 0 where nothing is known. */
  constructor(speed = 0) {
    this.#speed = speed;
  }

  measured(work: number, milliseconds: number): void {
    this.#work += work;
    this.#milliseconds += milliseconds;
    // Clocks of browsers tick in tenths of a millisecond.
    if (this.#milliseconds < 1) return;
    const speed = this.#work / this.#milliseconds;
    this.#speed = this.#speed > 0 ? this.#speed + WEIGHT * (speed - this.#speed) : speed;
    this.#work = 0;
    this.#milliseconds = 0;
  }

  /** Share of a task's time that so much work takes; all of it before anything was measured. */
  shareOf(work: number): number {
    return this.#speed > 0 ? work / this.#speed / TASK_MS : 1;
  }

  /** Lineages, of so much work each, that make up a task; at least one. */
  lineagesFor(work: number): number {
    return this.#speed > 0 ? Math.max(1, Math.floor((TASK_MS * this.#speed) / work)) : Infinity;
  }

  /** Generations of a piece that make up a task; all where it was never timed. */
  generationsFor(milliseconds: number): number {
    return milliseconds > 0 ? Math.max(1, Math.floor(TASK_MS / milliseconds)) : Infinity;
  }
}
