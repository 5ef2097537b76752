/** Lineages on the GPU without an engine around them: the ring of a plan's first batch. */
import { expect } from 'vitest';
import { EdgeStore } from '../../src/engine/edge-store.ts';
import { createReferenceEngine } from '../../src/engine/reference/engine.ts';
import { BatchRun } from '../../src/engine/webgpu/batch-run.ts';
import { unpackModel } from '../../src/engine/webgpu/pack-model.ts';
import { Pacer } from '../../src/engine/webgpu/pacer.ts';
import { Pipelines } from '../../src/engine/webgpu/pipeline.ts';
import type { FramedModel } from '../../src/model/frame.ts';
import { unframeModel } from '../../src/model/gmm/model.ts';
import type { DataSet } from '../../src/model/truth.ts';
import type { Lanes, Mapping } from '../../src/plan/mapping.ts';
import { keepsAncestry, planRun, ringWords } from '../../src/plan/plan-run.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import { gpu, testDevice } from './dawn.ts';

const adapter = await gpu?.requestAdapter();
/**
 * Teams of 4, which is all that SwiftShader's subgroups have, and which add up through memory where
 * there are none; the same through memory in any case.
 */
export const SUBGROUPS: Lanes = {
  ...{ least: 4, most: 4, wide: 4 },
  subgroups: adapter?.features.has('subgroups') ?? false,
};
export const WORKGROUPS: Lanes = { ...SUBGROUPS, subgroups: false };

const LIMITS = {
  bufferBytes: 2 ** 27,
  totalBytes: 2 ** 29,
  dispatchWork: 1e12,
  batchLineages: 8192,
  lacks: [],
};

export const planFor = (raw: object, lanes: Lanes, data: DataSet | null = null): Plan =>
  planRun(parseSpec({ statistics: ['varianceRatio'], ...raw }), { ...LIMITS, lanes }, { data });

/** The plan with its points elsewhere than planRun would have them. */
export const withPoints = (plan: Plan, points: Mapping['points']): Plan => ({
  ...plan,
  groups: plan.groups.map((group) => ({ ...group, mapping: { ...group.mapping!, points } })),
});

export interface Cut {
  /** Work of every submit: all of it in one, unless this says less. */
  readonly budget?: number;
  readonly workgroup?: number;
}

export interface Ring {
  /** Slots 0 … generations. */
  readonly words: Uint32Array;
  /** Submits that it took. */
  readonly submits: number;
  /** Model of a lineage at a generation. */
  model(lineage: number, generation: number): FramedModel;
}

/** A pacer that learns nothing, and counts. */
class FixedPacer extends Pacer {
  submits = 0;

  constructor(budget: number) {
    super({ submitMs: 1, capMs: Infinity }, budget, () => 0);
    this.#budget = budget;
  }

  readonly #budget: number;

  override get budget(): number {
    return this.#budget;
  }

  override submitted(work: number, done: Promise<unknown>): void {
    this.submits++;
    super.submitted(work, done);
  }
}

let pipelines: Pipelines | null = null;

/** All generations of a plan's first batch, in one window. */
export async function ringOf(
  plan: Plan,
  { budget = 1e15, workgroup = 64 }: Cut = {},
): Promise<Ring> {
  const device = await testDevice();
  pipelines ??= new Pipelines(device);
  const pacer = new FixedPacer(budget);
  const batch = { ...plan.batches[0]!, windowGenerations: plan.spec.generations };
  const machine = { device, pipelines, pacer, workgroup };
  const run = await BatchRun.open(machine, plan, batch, new EdgeStore(plan));
  const { generations } = plan.spec;
  await run.evolve(1, generations, new AbortController().signal);
  const words = await run.readRing(generations);
  run.destroy();
  const { spec, truth } = plan.cells[0]!;
  const width = ringWords(spec, truth.dim);
  // In many dimensions a model's words are together.
  const [perWord, perLineage] = plan.groups[0]!.wide ? [1, width] : [batch.lineageCount, 1];
  return {
    words,
    submits: pacer.submits,
    model: (lineage, generation) =>
      unpackModel(
        truth.dim,
        spec.fit.components,
        (word) =>
          words[generation * width * batch.lineageCount + word * perWord + lineage * perLineage]!,
        keepsAncestry(spec.statistics),
      ),
  };
}

/** Every lineage of the plan's first cell on the GPU is the reference's, model by model. */
export async function expectReference(plan: Plan): Promise<number> {
  const ring = await ringOf(plan);
  const reference = createReferenceEngine();
  const { truth, spec } = plan.cells[0]!;
  // As in contract.test.ts: a sum of n products errs like a walk of n + 2 roundings of 2⁻²⁴, and
  // twice in a fit; generations add up. Found: at most a sixth of this.
  // Three products of factors, of d terms each, are what many dimensions have for points.
  const terms = spec.sampleSize + (plan.groups[0]!.wide ? 3 * truth.dim : 0);
  const step = 2 * Math.sqrt(terms + 2) * 2 ** -24;
  const sd = 2 ** truth.log2Unit;
  const off = (x: readonly number[], y: readonly number[]) =>
    Math.max(...x.map((value, i) => Math.abs(value - y[i]!)));
  let seen = 0;
  for (let lineage = 0; lineage < spec.replicates; lineage++) {
    const { signal } = new AbortController();
    const theirs = await reference.trace(plan, 0, lineage, signal);
    theirs.forEach((their, g) => {
      const mine = ring.model(lineage, g + 1);
      const a = unframeModel(mine, truth.mean, truth.log2Unit);
      const b = unframeModel(their, truth.mean, truth.log2Unit);
      const bound = (g + 1) * step;
      const where = `lineage ${lineage}, generation ${g + 1}`;
      expect(off(a.weights, b.weights), `weights, ${where}`).toBeLessThan(bound);
      expect(off(a.means.flat(), b.means.flat()) / sd, `means, ${where}`).toBeLessThan(bound);
      const covariances = off(a.covariances.flat(), b.covariances.flat());
      expect(covariances / sd ** 2, `covariances, ${where}`).toBeLessThan(2 * bound);
      expect(mine.status, where).toBe(their.status);
      if (keepsAncestry(spec.statistics)) {
        const copies = Math.abs(mine.ancestry - their.ancestry);
        // A mean of sums as above, of values that are the generation's number at most.
        expect(copies, `ancestry, ${where}`).toBeLessThan(bound * (g + 1));
      }
      seen |= their.status;
    });
  }
  reference.close();
  return seen;
}
