/**
 * What changes from generation to generation: fields in steps, or along a ramp that is constant once
 * it has come to its end, so that more generations never change the past; and a recall that decays.
 */
import { PARAMETERS } from './parameters.ts';
import { readPath, withPath } from './paths.ts';
import type { PhaseSpec, Ramp, Ramped, Spec } from './spec.ts';

const SCHEDULED_PATHS = PARAMETERS.filter(({ schedule }) => schedule).map(({ path }) => path);

/** Half the width of the logistic curve that a ramp follows: it begins and ends within 0.25 %. */
const LOGISTIC_REACH = 6;
/** From the second generation on there is something to mix. */
const FIRST_MIXED = 2;

/** The value at a generation, counted from 1. */
export function valueAt(scheduled: Ramped, generation: number): number {
  if (typeof scheduled === 'number') return scheduled;
  if ('until' in scheduled) return rampAt(scheduled, generation);
  const { at } = scheduled;
  return at.findLast(([first]) => first <= generation)![1];
}

function rampAt({ from, to, until, shape }: Ramp, generation: number): number {
  if (generation >= until) return to;
  if (generation <= FIRST_MIXED) return from;
  const share = (generation - FIRST_MIXED) / (until - FIRST_MIXED);
  return from + (to - from) * (shape === 'linear' ? share : logisticShare(share));
}

/** 0 at 0, ½ at ½ and 1 at 1, along the logistic curve. */
function logisticShare(share: number): number {
  const curve = (x: number) => 1 / (1 + Math.exp(-x));
  const low = curve(-LOGISTIC_REACH);
  return (curve(LOGISTIC_REACH * (2 * share - 1)) - low) / (1 - 2 * low);
}

type Schedules = readonly (readonly [path: string, Exclude<Ramped, number>])[];

/** Specs are never changed, and are asked for the same again and again. */
const known = new WeakMap<Spec, Schedules>();

function schedulesOf(spec: Spec): Schedules {
  const held = known.get(spec);
  if (held) return held;
  const found = SCHEDULED_PATHS.flatMap((path) => {
    // Absent where the field has a problem of its own.
    const value = readPath(spec, path) as Ramped | null | undefined;
    return typeof value === 'object' && value !== null ? [[path, value] as const] : [];
  });
  known.set(spec, found);
  return found;
}

const decays = (spec: Spec): boolean =>
  ((readPath(spec, 'batch.detector.decay') as number | undefined) ?? 0) > 0;

const fillsUp = (spec: Spec): boolean => (readPath(spec, 'batch.web') ?? null) !== null;
const grows = (spec: Spec): boolean => ((readPath(spec, 'growth') as number | undefined) ?? 0) > 0;

/** Whether each generation of a cell is another than the one before. */
export const keepsChanging = (spec: Spec): boolean => decays(spec) || fillsUp(spec) || grows(spec);

/** Whether a cell changes with the generation. */
export const isScheduled = (spec: Spec): boolean =>
  schedulesOf(spec).length > 0 || keepsChanging(spec);

/** n_t = round(n·t^growth). */
export const batchSize = ({ sampleSize, growth }: Spec, generation: number): number =>
  growth > 0 ? Math.round(sampleSize * generation ** growth) : sampleSize;

/** A cell as it is at one generation: numbers instead of schedules. */
export function specAt(spec: Spec, generation: number): PhaseSpec {
  let phase = spec;
  for (const [path, value] of schedulesOf(spec)) {
    phase = withPath(phase, path, valueAt(value, generation));
  }
  if (decays(spec)) {
    const { recall, decay } = phase.batch.detector;
    const left = (recall as number) * Math.exp(-decay * generation);
    phase = withPath(phase, 'batch.detector.recall', left);
  }
  const { web } = spec.batch;
  if (web) {
    const share = web.stock / (web.stock + web.published * (generation - 1));
    phase = withPath(phase, 'batch.realFraction', share);
  }
  if (grows(spec)) phase = withPath(phase, 'sampleSize', batchSize(spec, generation));
  return phase as PhaseSpec;
}

/** Generations from which on a cell is another than before, 1 first. */
export function phaseStarts(spec: Spec): number[] {
  const found = schedulesOf(spec).flatMap(([, value]) => {
    if (!('until' in value)) return value.at.map(([first]) => first);
    const count = Math.max(0, Math.min(value.until, spec.generations) - FIRST_MIXED);
    return Array.from({ length: count + 1 }, (_, i) => FIRST_MIXED + i);
  });
  if (keepsChanging(spec)) return Array.from({ length: spec.generations }, (_, i) => i + 1);
  const inside = found.filter((generation) => generation <= spec.generations);
  return [...new Set([1, ...inside])].sort((a, b) => a - b);
}

/** Generations at which a schedule of the cell has its extremes: steps, and ends of ramps. */
function corners(spec: Spec): number[] {
  const found = schedulesOf(spec).flatMap(([, value]) =>
    'until' in value ? [FIRST_MIXED, value.until] : value.at.map(([first]) => first),
  );
  if (keepsChanging(spec)) found.push(FIRST_MIXED, spec.generations);
  const inside = found.filter((generation) => generation <= spec.generations);
  return [...new Set([1, ...inside])].sort((a, b) => a - b);
}

/** Planning asks a dozen times for each of many thousand cells. */
const cornersKnown = new WeakMap<Spec, readonly PhaseSpec[]>();

/**
 * The cell at its corners: what holds of one field in all of them holds at every generation. Of a
 * product of fields it need not.
 */
export function cornerSpecs(spec: Spec): readonly PhaseSpec[] {
  const known = cornersKnown.get(spec);
  if (known) return known;
  const found = isScheduled(spec)
    ? corners(spec).map((generation) => specAt(spec, generation))
    : [spec as PhaseSpec];
  cornersKnown.set(spec, found);
  return found;
}
