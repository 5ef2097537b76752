/**
 * What the bench runs: each case a spec, with the replicates of the whole job where there is one,
 * and the short common run by which engines are held to the same output before they are timed.
 */
import { parseSpec, type Spec } from '../../spec/schema.ts';

export interface BenchCase {
  readonly name: string;
  readonly title: string;
  readonly spec: Spec;
  /** Replicates of the whole job, what `full` asks for and timed runs never exceed. */
  readonly fullReplicates: number;
  /** The run that is compared: last generation and replicates per cell. */
  readonly check: { readonly generation: number; readonly replicates: number };
  /** The same shape without the mechanism, timed beside it; null where there is none. */
  readonly plain: Spec | null;
}

const STATISTICS = ['meanShiftSquared', 'varianceRatio', 'logVarianceRatio'] as const;

/** The job that all comparisons are about. */
export const REFERENCE_CASE = 'reference';

export interface CaseInput {
  readonly name: string;
  readonly title: string;
  readonly raw: object;
  readonly fullReplicates: number;
  readonly check: BenchCase['check'];
}

export function benchCase({ name, title, raw, fullReplicates, check }: CaseInput): BenchCase {
  const spec = parseSpec({ statistics: STATISTICS, ...raw, replicates: 1 });
  return { name, title, spec, fullReplicates, check, plain: null };
}

export const TWO_MODES = { kind: 'blobs', components: 2, separation: 3 };
const ONE = { kind: 'blobs', components: 1 };

/** 32 × 32 cells of the reference job's model. */
const GRID_AXES = {
  sampleSize: { from: 10, to: 320, steps: 32, scale: 'log' },
  'batch.realFraction': { from: 0, to: 0.31, steps: 32, scale: 'linear' },
};

export const BENCH_CASES: readonly BenchCase[] = [
  benchCase({
    name: REFERENCE_CASE,
    title: 'Reference job: K = 2, d = 1, n = 100, 20 EM steps, 100 generations',
    raw: { truth: TWO_MODES, sampleSize: 100, generations: 100 },
    fullReplicates: 1e6,
    check: { generation: 10, replicates: 1000 },
  }),
  benchCase({
    name: 'tolerance',
    title: 'The same, EM stopping by tolerance 1e-4 (at most 200 steps), 20 generations',
    raw: {
      truth: TWO_MODES,
      fit: { tolerance: 1e-4, iterations: 200 },
      sampleSize: 100,
      generations: 20,
    },
    fullReplicates: 1e6,
    check: { generation: 5, replicates: 1000 },
  }),
  benchCase({
    name: 'closed-form',
    title: 'K = 1 in closed form, n = 100, 100 generations',
    raw: { truth: ONE, sampleSize: 100, generations: 100 },
    fullReplicates: 1e7,
    check: { generation: 10, replicates: 4000 },
  }),
  benchCase({
    name: 'closed-form-million',
    title: 'K = 1 in closed form, n = 1 000 000, 100 generations',
    raw: { truth: ONE, sampleSize: 1e6, generations: 100 },
    fullReplicates: 1e7,
    check: { generation: 10, replicates: 4000 },
  }),
  benchCase({
    name: 'one-sampled',
    title: 'K = 1 from its points (closed form off), n = 100, 100 generations',
    raw: { truth: ONE, closedForm: 'off', sampleSize: 100, generations: 100 },
    fullReplicates: 1e6,
    check: { generation: 10, replicates: 2000 },
  }),
  benchCase({
    name: 'one-3d',
    title: 'K = 1 at d = 3 (Bartlett), n = 100, 100 generations',
    raw: { truth: { ...ONE, dim: 3 }, sampleSize: 100, generations: 100 },
    fullReplicates: 1e6,
    check: { generation: 10, replicates: 4000 },
  }),
  benchCase({
    name: 'one-3d-sampled',
    title: 'K = 1 at d = 3 from its points, n = 100, 100 generations',
    raw: { truth: { ...ONE, dim: 3 }, closedForm: 'off', sampleSize: 100, generations: 100 },
    fullReplicates: 1e6,
    check: { generation: 10, replicates: 1000 },
  }),
  benchCase({
    name: 'three-plane',
    title: 'K = 3, d = 2, n = 500, 20 EM steps, 20 generations',
    raw: {
      truth: { kind: 'blobs', components: 3, dim: 2, separation: 3 },
      sampleSize: 500,
      generations: 20,
    },
    fullReplicates: 1e5,
    check: { generation: 3, replicates: 200 },
  }),
  benchCase({
    name: 'eight',
    title: 'K = 8, d = 1, n = 200, 20 EM steps, 20 generations',
    raw: {
      truth: { kind: 'blobs', components: 8, separation: 3 },
      sampleSize: 200,
      generations: 20,
    },
    fullReplicates: 1e5,
    check: { generation: 3, replicates: 200 },
  }),
  benchCase({
    name: 'large-sample',
    title: 'K = 2, d = 1, n = 100 000, 20 EM steps, 2 generations',
    raw: { truth: TWO_MODES, sampleSize: 1e5, generations: 2 },
    fullReplicates: 1e5,
    check: { generation: 2, replicates: 32 },
  }),
  benchCase({
    name: 'grid',
    title: '1024 cells: n = 10 … 320 by real share 0 … 0.31, K = 2, 10 generations',
    raw: { truth: TWO_MODES, pairing: 'independent', generations: 10, sweep: GRID_AXES },
    fullReplicates: 1e4,
    check: { generation: 5, replicates: 4 },
  }),
];

/** The case's spec with so many replicates per cell, generations and this seed. */
export const specOf = (
  { spec }: Pick<BenchCase, 'spec'>,
  replicates: number,
  generations: number,
  seed: number,
): Spec => ({ ...spec, replicates, generations, seed });
