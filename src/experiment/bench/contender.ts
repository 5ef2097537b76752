/** Who takes part: an engine, or another program that does the same work. One seam for both. */
import type { AdapterInfo, Engine, EngineName } from '../../engine/engine.ts';
import { planRun } from '../../plan/plan-run.ts';
import type { Lack } from '../../plan/hand-over.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Spec } from '../../spec/schema.ts';
import type { StatisticName } from '../../spec/statistics.ts';
import { lawAt, lawLabel, summaryAt, type Results } from '../results.ts';
import { runExperiment } from '../run.ts';
import { planOps, type InstructionSet } from './bounds.ts';
import { pooled, type Population } from './population.ts';

/** How fast the contender's device is at most, from the micro-kernel run in the same session. */
export interface Peak {
  /** Operations of one lane per second, over all threads. */
  readonly opsPerSecond: number;
  readonly set: InstructionSet;
  /** How it was got, one line. */
  readonly how: string;
}

export interface Outcome {
  /** Wall clock of the run: sampling, fits, transfers, reading back and summaries. */
  readonly seconds: number;
  readonly lineageGenerations: number;
  /** Statistics of the last generation, pooled over cells. */
  readonly last: ReadonlyMap<StatisticName, Population>;
}

export interface Contender {
  /** Unique in a bench, and what tables show. */
  readonly name: string;
  readonly kind: 'engine' | 'peer';
  readonly engine: EngineName | null;
  readonly adapter: AdapterInfo | null;
  /** Versions, threads and the like, one line. */
  readonly description: string;
  /** Threads that compute; null where it is no CPU. */
  readonly threads: number | null;
  /** Variant of the engine: 'simd128' or 'relaxed' of wasm, else ''. */
  readonly build: string;
  readonly peak: Peak | null;
  /** So slow that whole jobs are not asked of it. */
  readonly slow: boolean;
  /** Replicates that it computes together: sizes are multiples. */
  readonly grain: number;
  /** What it hands over to the reference's code. */
  readonly lacks: readonly Lack[];
  takes(spec: Spec): boolean;
  /** Throws what the engine throws, and the signal's reason when aborted. */
  run(spec: Spec, signal: AbortSignal): Promise<Outcome>;
  /** Mean operations per lineage-generation on its device; null where nobody knows. */
  ops(spec: Spec): number | null;
  close(): void;
}

export interface EngineContenderOptions {
  readonly name: string;
  readonly threads?: number | null;
  readonly build?: string;
  readonly peak?: Peak | null;
  readonly grain?: number;
  readonly slow?: boolean;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** An engine in the bench. Planning is not timed: it is the same for all. */
export function engineContender(engine: Engine, options: EngineContenderOptions): Contender {
  const { name, threads = null, build = '', peak = null, grain = 1, now } = options;
  const slow = options.slow ?? false;
  return {
    name,
    kind: 'engine',
    engine: engine.name,
    adapter: engine.adapter,
    description: engine.adapter.description,
    ...{ threads, build, peak, grain, slow, lacks: engine.limits.lacks },
    takes: () => true,
    run: async (spec, signal) => {
      const plan = planRun(spec, engine.limits);
      const began = now();
      const results = await runExperiment(plan, engine, { signal, now });
      const seconds = (now() - began) / 1000;
      signal.throwIfAborted();
      return { seconds, lineageGenerations: plan.lineageGenerations, last: lastOf(plan, results) };
    },
    ops: (spec) => (peak ? planOps(planRun(spec, engine.limits), peak.set) : null),
    close: () => engine.close(),
  };
}

function lastOf(plan: Plan, results: Results): Outcome['last'] {
  return new Map(
    plan.statistics.map((statistic, s) => [
      statistic,
      pooled(
        plan.cells.map(({ index, spec }) => populationOf(results, index, spec.generations, s)),
      ),
    ]),
  );
}

function populationOf(results: Results, cell: number, generation: number, s: number): Population {
  const at = (field: Parameters<typeof summaryAt>[4]) =>
    summaryAt(results, cell, generation, s, field);
  const testable = lawLabel(results, cell, s)?.testableUntil ?? 0;
  const law = generation <= testable ? lawAt(results, cell, generation, s) : NaN;
  return {
    count: at('count'),
    mean: at('mean'),
    meanError: at('se'),
    median: at('q50'),
    medianError: (at('q75') - at('q25')) / Math.sqrt(at('count')),
    law,
    lawError: lawAt(results, cell, generation, s, 'se'),
  };
}
