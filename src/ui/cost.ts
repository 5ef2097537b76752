/**
 * What a run will cost, before it is planned: counts that are exact, memory and seconds that are
 * rough. Seconds come from the speed this browser showed last time, or from a guess.
 */
import type { EngineName } from '../engine/engine.ts';
import { closedFormHolds } from '../model/rules.ts';
import { handOverReasons, WASM_LACKS } from '../plan/hand-over.ts';
import { ringWords } from '../plan/plan-run.ts';
import { lineageWork } from '../plan/work.ts';
import { SUMMARY_FIELDS } from '../experiment/results.ts';
import { axisValues, cellCount, cellSpecs, truthDim, withPath, type Spec } from '../spec/schema.ts';

export interface Cost {
  readonly cells: number;
  readonly lineages: number;
  readonly lineageGenerations: number;
  /** Visits of a point by a component: what time is proportional to. */
  readonly work: number;
  readonly bytes: number;
}

/**
 * Visits per second, of K = 2 and n = 100: an integrated GPU does 10¹⁰ (a third of what one of 2017
 * could at most), a thread of WASM 5·10⁸ to 10⁹, JavaScript in f64 1.5·10⁷ to 2.5·10⁷.
 */
const GPU_SPEED = 8e9;
const WASM_THREAD_SPEED = 6e8;
const REFERENCE_SPEED = 1.5e7;

/** On a machine with so many threads. */
export function guessedSpeed(engine: EngineName, threads: number): number {
  if (engine === 'webgpu') return GPU_SPEED;
  return engine === 'wasm' ? WASM_THREAD_SPEED * Math.max(threads, 1) : REFERENCE_SPEED;
}

/** Whether some cell goes by the reference where WASM runs it, each axis looked at alone. */
export function isHandedOver(spec: Spec): boolean {
  const cells = Object.entries(spec.sweep).flatMap(([path, axis]) =>
    axisValues(axis).map((value) => followed(withPath(spec, path, value), path)),
  );
  return [spec, ...cells].some((cell) => handOverReasons(cell, WASM_LACKS).length > 0);
}

/** A shared link that costs more than this waits for a click. */
export const CHEAP_SECONDS = 30;

export const secondsFor = (cost: Cost, speed: number): number => cost.work / speed;

/** Cells that are looked at one by one. */
const FEW_CELLS = 100;

/**
 * Mean work of a generation over the cells. Of many cells it is an estimate: Each axis acts on it as a factor of its own, near
 * enough, so axes are walked one by one from the last cell, and never all combinations. Where some
 * cells draw points and some do not, all count as if they did.
 */
function meanWork(asked: Spec): number {
  if (cellCount(asked) <= FEW_CELLS) {
    const works = Array.from(cellSpecs(asked), ({ spec }) => workPerGeneration(spec));
    return works.reduce((sum, work) => sum + work, 0) / works.length;
  }
  const axes = Object.entries(asked.sweep).map(([path, axis]) => ({
    path,
    values: axisValues(axis),
  }));
  const cellsAlong = (spec: Spec, { path, values }: (typeof axes)[number]) =>
    values.map((value) => followed(withPath(spec, path, value), path));
  const last = axes.reduce((cell, axis) => cellsAlong(cell, axis).at(-1)!, asked);
  const closed = [last, ...axes.flatMap((axis) => cellsAlong(last, axis))].every(closedFormHolds);
  const spec: Spec = closed ? last : { ...last, closedForm: 'off' };
  const plain = workPerGeneration(spec);
  return axes.reduce((product, axis) => {
    const works = cellsAlong(spec, axis).map(workPerGeneration);
    const sum = works.reduce((total, work) => total + work, 0);
    return (product * sum) / works.length / plain;
  }, plain);
}

/** Mean over the generations of one cell. */
const workPerGeneration = (cell: Spec): number =>
  lineageWork(cell, truthDim(cell.truth), 1, cell.generations) / cell.generations;

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
  const words = ringWords(spec, truthDim(spec.truth)) + spec.statistics.length;
  const models = Math.min(lineages, IN_FLIGHT) * words * 4 * KEPT_GENERATIONS;
  return {
    cells,
    lineages,
    lineageGenerations,
    work: lineageGenerations * meanWork(spec),
    bytes: RESULT_COPIES * rows * (SUMMARY_FIELDS.length + 1) * 8 + models,
  };
}
