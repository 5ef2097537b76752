/**
 * How much work goes into one submit. It is measured, not known: small at first, changed by no more
 * than a factor of 2, and cut back at once after a miss, so that a page stays responsive and no
 * driver's watchdog is woken. Two submits are in flight, so that the device never waits for the host.
 */

import type { PaceName } from '../engine.ts';

export interface Pace {
  /** Milliseconds that a submit should take. */
  readonly submitMs: number;
  /** Milliseconds that no submit may take. */
  readonly capMs: number;
}

/** While somebody is looking, and while nobody is. */
export const PACES: Readonly<Record<PaceName, Pace>> = {
  interactive: { submitMs: 8, capMs: 250 },
  turbo: { submitMs: 50, capMs: 250 },
};

const IN_FLIGHT = 2;
/** Growth and decay from one submit to the next. */
const STEP = 2;
/** After a submit past the cap. */
const BACK_OFF = 8;

export class Pacer {
  pace: Pace;
  readonly #now: () => number;
  /** Longest submit so far, for reports. */
  longestMs = 0;
  #budget: number;
  #flying: Promise<void>[] = [];
  #lastDone = 0;

  /** @param firstBudget Work of the first submit, in any unit that time is proportional to. */
  constructor(pace: Pace, firstBudget: number, now: () => number) {
    this.pace = pace;
    this.#budget = firstBudget;
    this.#now = now;
  }

  /** Work that the next submit should have. */
  get budget(): number {
    return this.#budget;
  }

  /** Resolves when there is room for another submit. Throws what a submit before it failed with. */
  async room(): Promise<void> {
    while (this.#flying.length >= IN_FLIGHT) await this.#flying.shift();
  }

  /** Resolves when nothing is in flight any more. */
  async idle(): Promise<void> {
    while (this.#flying.length > 0) await this.#flying.shift();
  }

  /** `done` resolves when a submit of `work` just made has been worked off. */
  submitted(work: number, done: Promise<unknown>): void {
    const start = this.#now();
    const timed = done.then(() => {
      const end = this.#now();
      this.#learn(work, end - Math.max(start, this.#lastDone));
      this.#lastDone = end;
    });
    // Handled by whoever waits for room; nobody may, where the run is stopped meanwhile.
    timed.catch(() => undefined);
    this.#flying.push(timed);
  }

  #learn(work: number, ms: number): void {
    this.longestMs = Math.max(this.longestMs, ms);
    if (ms > this.pace.capMs) {
      this.#budget = Math.max(1, Math.min(this.#budget, work) / BACK_OFF);
      return;
    }
    // A submit far under its budget, as at the end of a batch, tells of overhead and not of speed.
    if (work < this.#budget / STEP && ms < this.pace.submitMs) return;
    const wanted = (work * this.pace.submitMs) / Math.max(ms, 1e-3);
    const least = this.#budget / STEP;
    this.#budget = Math.max(1, least, Math.min(wanted, this.#budget * STEP));
  }
}
