/**
 * How much of a validation is left: what each case takes is estimated from its work and corrected by how
 * fast those before it went.
 */
import type { EngineName } from '../../engine/engine.ts';
import { VALIDATION_CASES } from '../../experiment/validate/cases.ts';
import { validationSpec, type ValidationSize } from '../../experiment/validate/validate.ts';
import { estimateCost } from '../../experiment/cost.ts';

/** What a case takes however little work it has, as a share of all work by the number of cases. */
const OVERHEAD = 0.3;

/** [case]: its share of the whole. */
export function caseShares(engine: EngineName, size: ValidationSize): number[] {
  const works = VALIDATION_CASES.map(
    (one, number) => estimateCost(validationSpec(one, number, size), engine).work,
  );
  const all = works.reduce((sum, work) => sum + work, 0);
  return works.map((work) => (1 - OVERHEAD) * (work / all) + OVERHEAD / works.length);
}

export class ValidationClock {
  readonly #shares: readonly number[];
  readonly #now: () => number;
  readonly #began: number;
  #number = 0;
  #caseBegan: number;
  /** Of the cases that are through. */
  #done = 0;

  /** @param now Milliseconds of a clock that never goes back. */
  constructor(shares: readonly number[], now: () => number) {
    this.#shares = shares;
    this.#now = now;
    this.#began = now();
    this.#caseBegan = this.#began;
  }

  /** A case begins, and with it those before it are through. */
  advance(number: number): void {
    this.#number = number;
    this.#caseBegan = this.#now();
    this.#done = this.#shares.slice(0, number).reduce((sum, share) => sum + share, 0);
  }

  /** Milliseconds that all of it takes; null before a case is through. */
  get #whole(): number | null {
    return this.#done > 0 ? (this.#caseBegan - this.#began) / this.#done : null;
  }

  /** Of the whole, from 0 to 1; the case that is on counts up to its share. */
  get share(): number {
    const whole = this.#whole;
    if (whole === null) return 0;
    const here = (this.#now() - this.#caseBegan) / whole;
    return this.#done + Math.min(here, this.#shares[this.#number] ?? 0);
  }

  /** Infinity before a case is through. */
  get secondsLeft(): number {
    const whole = this.#whole;
    return whole === null ? Infinity : ((1 - this.share) * whole) / 1000;
  }
}
