/** What the page and the worker of a comparison say to each other: plain data that can be posted. */
import type { BenchReport } from '../../experiment/bench/report.ts';
import type { BenchProgress } from '../../experiment/bench/runner.ts';

export interface BenchLength {
  /** Timed runs of each engine in each case, and about how long each lasts. */
  readonly runs: number;
  readonly targetSeconds: number;
}

export interface BenchRequest extends BenchLength {
  /** Names of cases. */
  readonly cases: readonly string[];
}

/** In the worker these are calls to the page. */
export interface BenchListener {
  /** The engines are open: how many take part. */
  opened(contenders: number): void | Promise<void>;
  progressed(progress: BenchProgress): void | Promise<void>;
  /** After each case, what is there so far. */
  reported(report: BenchReport): void | Promise<void>;
}

export interface BenchWorker {
  /** Resolves when the comparison has ended; rejects with what it failed on. */
  compare(request: BenchRequest, listener: BenchListener): Promise<BenchReport>;
  /** Ends it after what is being measured. */
  stopComparing(): void;
}
