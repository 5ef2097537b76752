/** How far a run is, how fast it goes and how long it will take. */
import type { Frame } from '../engine/engine.ts';
import type { Batch, Plan } from '../plan/plan.ts';
import { visitCost } from '../plan/hand-over.ts';
import { lineageWork } from '../plan/work.ts';

export interface Progress {
  readonly lineageGenerationsDone: number;
  readonly lineageGenerationsTotal: number;
  /** Over the last seconds; 0 until there is a first frame. */
  readonly lineageGenerationsPerSecond: number;
  /** By work, as cells differ in cost; null until there is a first frame. */
  readonly secondsLeft: number | null;
  readonly secondsElapsed: number;
  /** Last generation of the current batch that is done. */
  readonly generation: number;
  /** 0-based. */
  readonly batch: number;
  readonly batchCount: number;
}

/** The rate is taken over this long: it follows a change of load, and does not jitter. */
const RATE_WINDOW_MS = 5000;

interface Sample {
  readonly at: number;
  readonly done: number;
  readonly work: number;
}

export interface ProgressMeter {
  start(): Progress;
  advance(frame: Frame): Progress;
}

export function progressMeter(plan: Plan, now: () => number): ProgressMeter {
  const workTotal = plan.batches.reduce(
    (total, batch) => total + batchWork(plan, batch, 1, Infinity).work,
    0,
  );
  const began = now();
  let samples: Sample[] = [{ at: began, done: 0, work: 0 }];

  const report = (generation: number, batch: number): Progress => {
    const oldest = samples[0]!;
    const { at, done, work } = samples[samples.length - 1]!;
    const seconds = (at - oldest.at) / 1000;
    const workRate = seconds > 0 ? (work - oldest.work) / seconds : 0;
    return {
      lineageGenerationsDone: done,
      lineageGenerationsTotal: plan.lineageGenerations,
      lineageGenerationsPerSecond: seconds > 0 ? (done - oldest.done) / seconds : 0,
      secondsLeft: workRate > 0 ? (workTotal - work) / workRate : null,
      secondsElapsed: (at - began) / 1000,
      generation,
      batch,
      batchCount: plan.batches.length,
    };
  };

  return {
    start: () => report(0, 0),
    advance({ batch, firstGeneration, generationCount }) {
      const last = samples[samples.length - 1]!;
      const more = batchWork(plan, plan.batches[batch]!, firstGeneration, generationCount);
      const at = now();
      samples.push({ at, done: last.done + more.done, work: last.work + more.work });
      const stale = samples.findLastIndex((sample) => sample.at < at - RATE_WINDOW_MS);
      if (stale > 0) samples = samples.slice(stale);
      return report(firstGeneration + generationCount - 1, batch);
    },
  };
}

/** Lineage-generations of a batch's window, and what they cost, in visits. */
function batchWork(
  { cells, groups }: Plan,
  { chunks, group }: Batch,
  firstGeneration: number,
  generationCount: number,
): Pick<Sample, 'done' | 'work'> {
  const cost = visitCost(groups[group]!);
  let [done, work] = [0, 0];
  for (const { cell, count } of chunks) {
    const { spec, truth } = cells[cell]!;
    const span = Math.max(Math.min(generationCount, spec.generations - firstGeneration + 1), 0);
    done += count * span;
    work += cost * count * lineageWork(spec, truth.dim, firstGeneration, span);
  }
  return { done, work };
}
