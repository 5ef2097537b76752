/**
 * What a run will cost, before it is planned: counts that are exact, memory and seconds that are
 * rough. Seconds come from the speed this browser showed last time, or from a guess.
 */
import type { EngineName } from '../engine/engine.ts';
import { handOverReasons, visitCost, WASM_LACKS } from '../plan/hand-over.ts';
import { ringWords } from '../plan/plan-run.ts';
import { lineageWork } from '../plan/work.ts';
import { SUMMARY_FIELDS } from './results.ts';
import { cellAt } from '../spec/cells.ts';
import { axisValues, cellCount, cellSpecs, truthDim, type Spec } from '../spec/schema.ts';

export interface Cost {
  readonly cells: number;
  readonly lineages: number;
  readonly lineageGenerations: number;
  /** Visits of a point by a component on the engine's kernels: what time is proportional to. */
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

/** A shared link that costs more than this waits for a click. */
export const CHEAP_SECONDS = 30;

export const secondsFor = (cost: Cost, speed: number): number => cost.work / speed;

/** Cells that are looked at one by one, and of more cells as many that are spread over them. */
const CELLS_LOOKED_AT = 128;

/** Mean work of a generation over the cells, each by the path that it takes on the engine. */
function meanWork(asked: Spec, engine: EngineName): number {
  const few = cellCount(asked) <= CELLS_LOOKED_AT;
  const cells = few ? Array.from(cellSpecs(asked), ({ spec }) => spec) : spreadCells(asked);
  return cells.reduce((sum, cell) => sum + workPerGeneration(cell, engine), 0) / cells.length;
}

/** Cells that see every axis evenly: steps by irrational shares of it, one for each axis. */
function spreadCells(asked: Spec): Spec[] {
  const paths = Object.keys(asked.sweep);
  const lists = Object.values(asked.sweep).map(axisValues);
  const shares = lists.map((_, axis) => spreadBase(lists.length) ** -(axis + 1));
  return Array.from({ length: CELLS_LOOKED_AT }, (_, k) => {
    const values = lists.map(
      (list, axis) => list[Math.floor(((0.5 + k * shares[axis]!) % 1) * list.length)]!,
    );
    return cellAt({ ...asked, sweep: {} }, paths, values);
  });
}

/** The root of x^(m + 1) = x + 1 above 1, whose powers step evenly through m dimensions. */
function spreadBase(dimensions: number): number {
  let root = 1.5;
  for (let i = 0; i < 32; i++) root = (1 + root) ** (1 / (dimensions + 1));
  return root;
}

/** EM that stops once little changes takes about so many steps, where it may take more. */
const STEPS_TO_STOP = 30;

/** With as many steps as its fits are likely to take. */
function likely(cell: Spec): Spec {
  const { fit } = cell;
  if (fit.tolerance === 0 || typeof fit.iterations !== 'number') return cell;
  return { ...cell, fit: { ...fit, iterations: Math.min(fit.iterations, STEPS_TO_STOP) } };
}

/** Mean over the generations of one cell, in visits of the engine's kernels. */
function workPerGeneration(asked: Spec, engine: EngineName): number {
  const cell = likely(asked);
  const handOver = engine === 'wasm' ? handOverReasons(cell, WASM_LACKS) : [];
  const work = lineageWork(cell, truthDim(cell.truth), 1, cell.generations);
  return (visitCost({ handOver }) * work) / cell.generations;
}

/** Lineages that an engine has in flight, and generations of each that it keeps. */
const IN_FLIGHT = 262_144;
const KEPT_GENERATIONS = 4;
/** The page and the worker each hold the results. */
const RESULT_COPIES = 2;

/** On an engine, whose kernels may not be those of every cell. */
export function estimateCost(spec: Spec, engine: EngineName): Cost {
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
    work: lineageGenerations * meanWork(spec, engine),
    bytes: RESULT_COPIES * rows * (SUMMARY_FIELDS.length + 1) * 8 + models,
  };
}
