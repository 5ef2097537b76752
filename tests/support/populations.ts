/**
 * Engines held against each other as populations, from the 255 equal-rank edges that a cell's first
 * 4096 replicates fix: Kolmogorov and Smirnov's distance of two samples.
 */
import type { Engine } from '../../src/engine/engine.ts';
import type { DataSet } from '../../src/model/truth.ts';
import { planRun } from '../../src/plan/plan-run.ts';
import { CHUNK, EDGE_COUNT } from '../../src/plan/plan.ts';
import { parseSpec } from '../../src/spec/schema.ts';

/** Edges are kept only for cells with more than one chunk. */
export const PILOT_REPLICATES = CHUNK + 1;

/** Edges of each statistic of cell 0 at the last generation, [statistic][255]. */
export async function pilotEdgesOf(
  engine: Engine,
  raw: object,
  data: DataSet | null = null,
): Promise<Float64Array[]> {
  const spec = parseSpec({ ...raw, replicates: PILOT_REPLICATES });
  const plan = planRun(spec, engine.limits, { data });
  let last = new Float64Array(0);
  for await (const frame of engine.run(plan, new AbortController().signal)) {
    if (frame.edges.length > 0) last = Float64Array.from(frame.edges);
  }
  const statisticCount = plan.statistics.length;
  const from = last.length - statisticCount * EDGE_COUNT;
  return plan.statistics.map((_, s) =>
    last.subarray(from + s * EDGE_COUNT, from + (s + 1) * EDGE_COUNT),
  );
}

/**
 * Largest difference of the two distribution functions as far as edges show them: each is known to
 * 1/256 between its edges, so this is at most 1/256 more than the samples' own D.
 */
export function edgeDistance(a: Float64Array, b: Float64Array): number {
  let [i, j, distance] = [0, 0, 0];
  while (i < EDGE_COUNT && j < EDGE_COUNT) {
    if (a[i]! <= b[j]!) i++;
    else j++;
    distance = Math.max(distance, Math.abs(i - j));
  }
  return distance / (EDGE_COUNT + 1);
}

/**
 * What `edgeDistance` exceeds with probability at most `alpha` where both are samples of 4096 of
 * one law: √(−ln(α/2)/2 · 2/4096) (Smirnov 1948), and 1/256 for the edges.
 */
export const edgeDistanceLimit = (alpha: number): number =>
  Math.sqrt(-Math.log(alpha / 2) / CHUNK) + 1 / (EDGE_COUNT + 1);
