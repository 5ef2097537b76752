/**
 * What a run will cost, before it is planned: counts that are exact, memory and seconds that are
 * rough. Seconds come from the speed this browser showed last time, or from a guess.
 */
import type { EngineName } from '../engine/engine.ts';
import { modelWords } from '../plan/plan-run.ts';
import { generationWork } from '../plan/work.ts';
import { SUMMARY_FIELDS } from '../experiment/results.ts';
import { axisValues, cellCount, truthDim, withPath, type Spec } from '../spec/schema.ts';

export interface Cost {
  readonly cells: number;
  readonly lineages: number;
  readonly lineageGenerations: number;
  /** Visits of a point by a component: what time is proportional to. */
  readonly work: number;
  readonly bytes: number;
}

/** Visits per second: a laptop's integrated GPU, and one thread of JavaScript. */
export const GUESSED_SPEED: Readonly<Record<EngineName, number>> = {
  webgpu: 1e9,
  reference: 1.5e7,
};

/** A shared link that costs more than this waits for a click. */
export const CHEAP_SECONDS = 30;

export const secondsFor = (cost: Cost, speed: number): number => cost.work / speed;

/**
 * Mean work over the cells. Each axis acts on it as a factor of its own, near enough, so axes are
 * walked one by one and never all combinations.
 */
function meanWork(spec: Spec): number {
  const workOf = (cell: Spec) => generationWork(cell, truthDim(cell.truth));
  const plain = workOf(spec);
  return Object.entries(spec.sweep).reduce((product, [path, axis]) => {
    const values = axisValues(axis);
    const sum = values.reduce<number>(
      (total, value) => total + workOf(followed(withPath(spec, path, value), path)),
      0,
    );
    return (product * sum) / values.length / plain;
  }, plain);
}

/** Where K follows J, it follows on the axis too. */
function followed(spec: Spec, path: string): Spec {
  if (path !== 'truth.components' || !spec.fit.componentsFromTruth) return spec;
  const { truth } = spec;
  const components = truth.kind === 'blobs' ? Math.min(truth.components, 8) : 1;
  return { ...spec, fit: { ...spec.fit, components } };
}

/** Lineages that an engine has in flight, and generations of each that it keeps. */
const IN_FLIGHT = 262_144;
const KEPT_GENERATIONS = 4;
/** The page and the worker each hold the results. */
const RESULT_COPIES = 2;

export function estimateCost(spec: Spec): Cost {
  const cells = cellCount(spec);
  const lineages = cells * spec.replicates;
  const lineageGenerations = lineages * spec.generations;
  const rows = cells * (spec.generations + 1) * spec.statistics.length;
  const words = modelWords(truthDim(spec.truth), spec.fit.components) + spec.statistics.length;
  const models = Math.min(lineages, IN_FLIGHT) * words * 4 * KEPT_GENERATIONS;
  return {
    cells,
    lineages,
    lineageGenerations,
    work: lineageGenerations * meanWork(spec),
    bytes: RESULT_COPIES * rows * (SUMMARY_FIELDS.length + 1) * 8 + models,
  };
}
