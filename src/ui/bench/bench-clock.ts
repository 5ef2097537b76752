/**
 * How much of a comparison is left. Its steps are known: each engine in each case is met, checked,
 * warmed up and timed; how long a step of each kind takes is guessed, and then learned.
 */
import type { BenchProgress, BenchStage } from '../../experiment/bench/runner.ts';
import type { BenchLength } from './bench-api.ts';

/** In their order; the first two alternate. */
const STEPS = ['prepare', 'check', 'warm up', 'time'] as const satisfies readonly BenchStage[];
type Step = (typeof STEPS)[number];

/** Seconds of the first contact and of the run that is compared, before one was seen. */
const GUESSED_PREPARE = 0.2;
const GUESSED_CHECK = 0.4;
/** While a size is sought: a run of it, and smaller ones that lead there. */
const WARM_UP_RUNS = 2;

interface Kind {
  readonly guess: number;
  /** In this case, and in all. */
  here: number;
  done: number;
  seconds: number;
}

const kind = (guess: number): Kind => ({ guess, here: 0, done: 0, seconds: 0 });

export class BenchClock {
  readonly #contenders: number;
  readonly #runs: number;
  readonly #now: () => number;
  readonly #kinds: Readonly<Record<Step, Kind>>;
  #current: { readonly step: Step; readonly name: string; readonly began: number } | null = null;
  /** Not begun. */
  #casesLeft: number;
  #spent = 0;
  #share = 0;

  /** @param now Milliseconds of a clock that never goes back. */
  constructor(
    cases: number,
    contenders: number,
    { runs, targetSeconds }: BenchLength,
    now: () => number,
  ) {
    this.#casesLeft = cases;
    this.#contenders = contenders;
    this.#runs = runs;
    this.#now = now;
    this.#kinds = {
      prepare: kind(GUESSED_PREPARE),
      check: kind(GUESSED_CHECK),
      'warm up': kind(WARM_UP_RUNS * targetSeconds),
      time: kind(targetSeconds),
    };
  }

  /** The next step begins, and with it the one before has ended. */
  advance({ stage, name }: BenchProgress): void {
    if (stage === 'curve') return;
    if (this.#current) this.#finish(this.#current.step);
    if (this.#current?.name !== name) {
      this.#casesLeft--;
      for (const step of STEPS) this.#kinds[step].here = 0;
    }
    this.#current = { step: stage, name, began: this.#now() };
  }

  #finish(step: Step) {
    const seconds = this.#running;
    const of = this.#kinds[step];
    of.here++;
    of.done++;
    of.seconds += seconds;
    this.#spent += seconds;
  }

  /** Seconds of the step that is on. */
  get #running(): number {
    return this.#current ? (this.#now() - this.#current.began) / 1000 : 0;
  }

  #perCase(step: Step): number {
    return step === 'time' ? this.#contenders * this.#runs : this.#contenders;
  }

  /** Steps of a kind that this case still has, the one that is on among them. */
  #leftHere(step: Step): number {
    const now = this.#current?.step;
    if (!now) return 0;
    const { here } = this.#kinds[step];
    const stage = (of: Step) => Math.max(STEPS.indexOf(of), 1);
    if (stage(step) < stage(now)) return 0;
    // Those who could not run the case are not timed.
    const entrants = now === 'time' ? this.#kinds['warm up'].here : this.#contenders;
    return (step === 'time' ? entrants * this.#runs : entrants) - here;
  }

  get secondsLeft(): number {
    const ahead = STEPS.reduce((sum, step) => {
      const { guess, done, seconds } = this.#kinds[step];
      const count = this.#casesLeft * this.#perCase(step) + this.#leftHere(step);
      return sum + count * (done > 0 ? seconds / done : guess);
    }, 0);
    return Math.max(ahead - this.#running, 0);
  }

  /** Of the whole, from 0 to 1; never goes back. */
  get share(): number {
    const spent = this.#spent + this.#running;
    const left = this.secondsLeft;
    if (spent > 0) this.#share = Math.max(this.#share, spent / (spent + left));
    return this.#share;
  }
}
