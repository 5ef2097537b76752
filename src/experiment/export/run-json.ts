/**
 * run.json: what is needed to say what a result is and to make it again (20-model §9): the spec with
 * every default and every choice this version made for it, the versions the numbers depend on, the
 * machine, the time it took.
 */
import { RNG_VERSION } from '../../model/rng/coordinates.ts';
import { RNG_ROUNDS } from '../../model/rng/threefry.ts';
import { STATUS_NAMES, type StatusBit } from '../../model/status.ts';
import type { AdapterInfo, Engine } from '../../engine/engine.ts';
import type { Mapping } from '../../plan/mapping.ts';
import type { Group, Plan } from '../../plan/plan.ts';
import { drawsPoints } from '../../plan/work.ts';
import { recordedSpec, type Spec } from '../../spec/schema.ts';
import { regimeOf, type Regime } from '../regime.ts';
import { statusAt, type Results } from '../results.ts';
import { lossTrend, scalingLaws, type LossTrend, type ScalingLaw } from '../verdicts.ts';

export interface RunTimings {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Of the engine's run, without reading the spec, finding the adapter or writing files. */
  readonly runSeconds: number;
}

/**
 * How a lineage goes from its second generation on: drawn in closed form; fitted on standard normals
 * and multiplied on; or by EM on the points themselves.
 */
export type GroupPath = 'closed' | 'standardised' | 'sampled';

/** How the cells of one pipeline group were computed. */
export interface GroupRecord {
  readonly path: GroupPath;
  readonly cells: number;
  /** In which generations points are drawn. */
  readonly drawn: 'never' | 'first' | 'always';
  /** Whether there may be real points, and whether EM may stop early. */
  readonly real: boolean;
  readonly tolerant: boolean;
  /** How points lay over the lanes of a GPU; null where none are drawn, or on a processor. */
  readonly mapping: Mapping | null;
  /** Why the reference's code computed them and not the engine's own; empty: it did not. */
  readonly handOver: readonly string[];
}

export interface RunRecord {
  readonly genloss: string;
  readonly complete: boolean;
  readonly spec: Spec;
  readonly seed: number;
  readonly specVersion: number;
  readonly rng: { readonly name: string; readonly version: number; readonly rounds: number };
  readonly engine: string;
  /** Of the processor also how many threads, and which build of the WASM engine. */
  readonly adapter: AdapterInfo;
  /** What an equal run elsewhere may be expected to give. */
  readonly equality: { readonly sameBuildAndAdapter: 'bits'; readonly elsewhere: 'statistics' };
  readonly timings: RunTimings & {
    readonly lineageGenerations: number;
    readonly lineageGenerationsPerSecond: number;
  };
  readonly plan: {
    readonly cells: number;
    readonly lineages: number;
    readonly lineageGenerations: number;
    readonly batches: number;
    readonly bufferBytes: Readonly<Record<string, number>>;
    readonly resultBytes: number;
    readonly groups: readonly GroupRecord[];
  };
  /** Lineages that reached their last generation, and those of them with each status bit set. */
  readonly lineages: { readonly finished: number } & Readonly<Record<StatusBit, number>>;
  /** Largest rank error of any quantile, as a share of the lineages; 0 = exact. */
  readonly quantileBound: number;
  /** [cell], by its last generation; null where no variance is measured. */
  readonly regimes: readonly (Regime | null)[];
  readonly verdicts: {
    /** [cell], over its last quarter; null where no loss is measured. */
    readonly testLoss: readonly (LossTrend | null)[];
    /** One for each value of the axes beside sampleSize; empty where that is not swept. */
    readonly scalingLaws: readonly ScalingLaw[];
  };
  readonly written: readonly string[];
}

export interface RunContext {
  readonly version: string;
  readonly plan: Plan;
  readonly results: Results;
  readonly engine: Pick<Engine, 'name' | 'adapter'>;
  readonly timings: RunTimings;
  readonly lineageGenerationsDone: number;
  readonly written: readonly string[];
}

/** The record of a run, finished or not. */
export function runRecord(context: RunContext): RunRecord {
  const { version, plan, results, engine, timings, lineageGenerationsDone, written } = context;
  const { spec } = plan;
  return {
    genloss: version,
    complete: results.complete,
    spec: recordedSpec(spec),
    seed: spec.seed,
    specVersion: spec.version,
    rng: { name: 'threefry4x32', version: RNG_VERSION, rounds: RNG_ROUNDS },
    engine: engine.name,
    adapter: engine.adapter,
    equality: { sameBuildAndAdapter: 'bits', elsewhere: 'statistics' },
    timings: {
      ...timings,
      lineageGenerations: lineageGenerationsDone,
      lineageGenerationsPerSecond:
        timings.runSeconds > 0 ? lineageGenerationsDone / timings.runSeconds : 0,
    },
    plan: {
      cells: plan.cells.length,
      lineages: plan.lineageCount,
      lineageGenerations: plan.lineageGenerations,
      batches: plan.batches.length,
      bufferBytes: plan.bufferBytes,
      resultBytes: plan.resultBytes,
      groups: groupRecords(plan),
    },
    lineages: lineagesByStatus(results),
    quantileBound: results.quantileBound.reduce((most, bound) => Math.max(most, bound), 0),
    regimes: results.cells.map((_, cell) => regimeOf(results, cell)),
    verdicts: {
      testLoss: results.cells.map((_, cell) => lossTrend(results, cell)),
      scalingLaws: scalingLaws(results),
    },
    written,
  };
}

const groupPath = ({ closed, standardised }: Group): GroupPath =>
  closed ? 'closed' : standardised ? 'standardised' : 'sampled';

export function groupRecords({ groups, batches, cells }: Plan): GroupRecord[] {
  const members = groups.map(() => new Set<number>());
  for (const { group, chunks } of batches) for (const { cell } of chunks) members[group]!.add(cell);
  return groups.map((group, g) => {
    const { real, tolerant, mapping, handOver } = group;
    const own = [...members[g]!];
    const drawn = drawnIn(cells[own[0]!]!.spec);
    const path = groupPath(group);
    return { path, cells: own.length, drawn, real, tolerant, mapping, handOver };
  });
}

/** The same for all cells of a group. */
function drawnIn(spec: Spec): GroupRecord['drawn'] {
  if (drawsPoints(spec, 2)) return 'always';
  return drawsPoints(spec, 1) ? 'first' : 'never';
}

function lineagesByStatus(results: Results): RunRecord['lineages'] {
  const counts = Object.fromEntries(STATUS_NAMES.map((name) => [name, 0])) as Record<
    StatusBit,
    number
  >;
  let finished = 0;
  results.cells.forEach(({ generations }, cell) => {
    finished += results.replicatesDone[cell]!;
    const status = statusAt(results, cell, generations);
    STATUS_NAMES.forEach((name, bit) => (counts[name] += status[bit]!));
  });
  return { finished, ...counts };
}
