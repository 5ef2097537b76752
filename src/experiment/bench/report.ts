/** What a bench found, as plain data. */
import type { AdapterInfo } from '../../engine/engine.ts';
import type { Peak } from './contender.ts';
import type { CurveReport } from './curves.ts';
import type { Absence, CaseReport } from './runner.ts';

/** Where a bench ran. */
export interface Machine {
  /** '' where the host does not say, as browsers do not. */
  readonly cpu: string;
  readonly cores: number;
  /** Null where the host does not say. */
  readonly memoryBytes: number | null;
  readonly system: string;
  /** "Node 20.20.2", or the browser. */
  readonly runtime: string;
  /** Processes that wanted to run at the start, over a minute; null where nobody says. */
  readonly load: number | null;
}

/** A contender as the report names it. */
export interface ContenderLine {
  readonly name: string;
  readonly kind: 'engine' | 'peer';
  readonly engine: string | null;
  readonly adapter: AdapterInfo | null;
  readonly description: string;
  readonly threads: number | null;
  readonly build: string;
  readonly peak: Peak | null;
}

export interface BenchReport {
  readonly genloss: string;
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly command: string;
  readonly machine: Machine;
  /** Timed runs of each contender, and about how long each lasts. */
  readonly runs: number;
  readonly targetSeconds: number;
  readonly contenders: readonly ContenderLine[];
  /** What was asked for or is usual, and is not here. */
  readonly missing: readonly Absence[];
  readonly cases: readonly CaseReport[];
  readonly curves: readonly CurveReport[];
  readonly curvesAbsent: readonly Absence[];
  readonly targets: readonly TargetRow[];
  /** False where it was stopped before its end. */
  readonly complete: boolean;
}

/** A line of the target table, and what became of it. */
export type Verdict = 'met' | 'not met' | 'not measured here';

export interface TargetRow {
  readonly what: string;
  readonly target: string;
  readonly measured: string;
  readonly verdict: Verdict;
}
