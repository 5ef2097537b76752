/**
 * The start-up tuner: a third of a second of the reference job with workgroups of several sizes, and
 * the fastest stays. It chooses only what changes no number: the size of a workgroup, the lineages
 * of a batch, and the work of the first submit.
 */
import { planRun } from '../../plan/plan-run.ts';
import type { EngineLimits, Plan } from '../../plan/plan.ts';
import { generationWork } from '../../plan/work.ts';
import { parseSpec } from '../../spec/schema.ts';
import { EdgeStore } from '../edge-store.ts';
import { BatchRun, type Machine } from './batch-run.ts';
import { PACES, Pacer } from './pacer.ts';

export interface Tuning {
  readonly workgroup: number;
  readonly batchLineages: number;
  /** Visits in the first submit: about a millisecond's. */
  readonly firstBudget: number;
}

/** All within WebGPU's default of 256 invocations. */
const WORKGROUPS = [64, 128, 256];
/** Timed for each size, after a submit that only warms up. */
const TRIAL_MS = 60;
/** Generations of a batch should take about this long: long against a submit, short to look at. */
const BATCH_MS = 20;
const LEAST_BATCH = 16_384;
const MOST_BATCH = 262_144;

/** Found once per adapter and process. */
const known = new Map<string, Tuning>();

/** @param adapter What names the adapter. */
export async function tuned(
  adapter: string,
  machine: Omit<Machine, 'workgroup' | 'pacer'>,
  limits: EngineLimits,
  now: () => number,
): Promise<Tuning> {
  const found = known.get(adapter) ?? (await tune(machine, limits, now));
  known.set(adapter, found);
  return found;
}

async function tune(
  machine: Omit<Machine, 'workgroup' | 'pacer'>,
  limits: EngineLimits,
  now: () => number,
): Promise<Tuning> {
  const spec = parseSpec({
    truth: { kind: 'blobs', components: 2, separation: 3 },
    statistics: ['varianceRatio'],
    generations: 1,
    replicates: LEAST_BATCH,
  });
  const plan = planRun(spec, { ...limits, batchLineages: LEAST_BATCH });
  let best = { workgroup: WORKGROUPS[0]!, rate: 0 };
  const wide = plan.groups[0]!.mapping!.team;
  for (const workgroup of WORKGROUPS.filter((size) => size >= wide)) {
    const rate = await trialRate({ ...machine, workgroup }, plan, now);
    if (rate > best.rate) best = { workgroup, rate };
  }
  const perLineage = generationWork(spec, 1);
  const batch = 2 ** Math.round(Math.log2((best.rate * BATCH_MS) / perLineage));
  return {
    workgroup: best.workgroup,
    batchLineages: Math.max(LEAST_BATCH, Math.min(MOST_BATCH, batch)),
    firstBudget: best.rate,
  };
}

/** Visits per millisecond. */
async function trialRate(
  machine: Omit<Machine, 'pacer'>,
  plan: Plan,
  now: () => number,
): Promise<number> {
  const { spec } = plan.cells[0]!;
  const work = generationWork(spec, 1);
  const pacer = new Pacer(PACES.interactive, work * LEAST_BATCH * 0.01, now);
  const batch = plan.batches[0]!;
  const run = await BatchRun.open({ ...machine, pacer }, plan, batch, new EdgeStore(plan));
  const { signal } = new AbortController();
  try {
    await run.evolve(1, 1, signal);
    await pacer.idle();
    const start = now();
    let done = 0;
    while (now() - start < TRIAL_MS) {
      await run.evolve(1, 1, signal);
      await pacer.idle();
      done += work * batch.lineageCount;
    }
    return done / (now() - start);
  } finally {
    run.destroy();
  }
}
