/**
 * How time grows with each size, from the reference job with one size at a time: seconds over the
 * size, and the slope of their logarithms. Linear is 1.
 */
import type { PlainObject } from '../../spec/paths.ts';
import { parseSpec, withPath, type Spec } from '../../spec/schema.ts';
import { BENCH_CASES, REFERENCE_CASE, specOf } from './cases.ts';
import type { Contender } from './contender.ts';
import { findSize, reasonOf, type Absence, type RunnerOptions } from './runner.ts';
import { logLogSlope, spreadOf, type Slope, type Spread } from './spread.ts';

export interface Curve {
  readonly name: string;
  readonly title: string;
  readonly values: readonly number[];
  /** What is expected of the slope: null where cost is no power of the size. */
  readonly expected: number | null;
  /** Whether slow engines run it too. */
  readonly slow: boolean;
  /** The spec at one of the values, `replicates` being those at the first. */
  spec(value: number, replicates: number): Spec;
}

export interface CurvePoint {
  readonly value: number;
  readonly lineageGenerations: number;
  /** Of each timed run, in order. */
  readonly seconds: readonly number[];
  readonly spread: Spread;
}

export interface CurveReport extends Slope {
  readonly name: string;
  readonly title: string;
  readonly expected: number | null;
  readonly contender: string;
  /** Replicates at the first value. */
  readonly replicates: number;
  readonly points: readonly CurvePoint[];
}

const reference = BENCH_CASES.find(({ name }) => name === REFERENCE_CASE)!;

const job = (replicates: number): Spec =>
  specOf(reference, replicates, CURVE_GENERATIONS, reference.spec.seed);

/** Fewer than the job's hundred: a point of eight times the work then takes seconds. */
const CURVE_GENERATIONS = 20;

/** One field of the job at another value, with what follows from it. */
function varied(fields: Readonly<Record<string, number | string>>, replicates: number): Spec {
  let raw: PlainObject = { ...job(replicates) };
  for (const [path, value] of Object.entries(fields)) raw = withPath(raw, path, value);
  return parseSpec(raw);
}

export const CURVES: readonly Curve[] = [
  {
    name: 'lineages',
    title: 'lineages, as multiples of the first',
    values: [1, 2, 4, 8],
    expected: 1,
    slow: true,
    spec: (value, replicates) => job(value * replicates),
  },
  {
    name: 'n',
    title: 'n, sample size',
    values: [50, 100, 200, 400, 800],
    expected: 1,
    slow: false,
    spec: (sampleSize, replicates) => varied({ sampleSize }, replicates),
  },
  {
    name: 'K',
    // K = 2 has an E-step of its own.
    title: 'K = J, components',
    values: [3, 4, 6, 8],
    expected: 1,
    slow: false,
    spec: (value, replicates) =>
      varied({ 'truth.components': value, 'fit.components': value }, replicates),
  },
  {
    name: 'd',
    title: 'd, dimensions',
    values: [1, 2, 3],
    expected: null,
    slow: false,
    spec: (value, replicates) => varied({ 'truth.dim': value }, replicates),
  },
  {
    name: 'T',
    title: 'T, EM steps',
    values: [10, 20, 40, 80],
    expected: 1,
    slow: false,
    spec: (value, replicates) => varied({ 'fit.iterations': value }, replicates),
  },
  {
    name: 'G',
    title: 'G, generations',
    values: [10, 20, 40, 80],
    expected: 1,
    slow: false,
    spec: (generations, replicates) => varied({ generations }, replicates),
  },
  {
    name: 'accumulate',
    title: 'G, generations that all stay (accumulate)',
    values: [5, 10, 20, 40],
    expected: 2,
    slow: false,
    spec: (generations, replicates) => varied({ generations, retention: 'accumulate' }, replicates),
  },
];

/** Points of the first value last about this share of a timed run of a case. */
const FIRST_POINT_SHARE = 0.3;

/** A contender on a curve, with its replicates at the first value. */
interface Entrant {
  readonly contender: Contender;
  readonly replicates: number;
}

/** One curve of every contender, in turns over values and contenders. */
export async function runCurve(
  curve: Curve,
  contenders: readonly Contender[],
  options: RunnerOptions,
): Promise<{ reports: CurveReport[]; absent: Absence[] }> {
  const { name, values } = curve;
  const { runs, signal, onProgress } = options;
  const { entrants, absent } = await sizeAll(curve, contenders, options);
  const seconds = entrants.map(() => values.map((): number[] => []));
  for (let run = 0; run < runs; run++) {
    for (const [v, value] of values.entries()) {
      for (const [e, { contender, replicates }] of entrants.entries()) {
        onProgress({ name, contender: contender.name, stage: 'curve', done: run, total: runs });
        const outcome = await contender.run(curve.spec(value, replicates), signal);
        seconds[e]![v]!.push(outcome.seconds);
      }
    }
  }
  return {
    reports: entrants.map((entrant, e) => curveReport(curve, entrant, seconds[e]!)),
    absent,
  };
}

/** Everybody's size at the first value, and a short run at each: pipelines are then compiled. */
async function sizeAll(
  curve: Curve,
  contenders: readonly Contender[],
  options: RunnerOptions,
): Promise<{ entrants: Entrant[]; absent: Absence[] }> {
  const { name, values } = curve;
  const { signal, onProgress } = options;
  const targetSeconds = FIRST_POINT_SHARE * options.targetSeconds;
  const entrants: Entrant[] = [];
  const absent: Absence[] = [];
  for (const contender of contenders) {
    onProgress({ name, contender: contender.name, stage: 'warm up', done: 0, total: 0 });
    const first = (replicates: number) => curve.spec(values[0]!, replicates);
    try {
      for (const value of values) await contender.run(curve.spec(value, 1), signal);
      const found = await findSize(contender, first, MOST, { targetSeconds, full: false, signal });
      entrants.push({ contender, replicates: found });
    } catch (error) {
      absent.push({ contender: contender.name, reason: reasonOf(error) });
    }
  }
  return { entrants, absent };
}

/** Replicates at a first point: no device fills its time with more. */
const MOST = 1e7;

const lineageGenerations = ({ replicates, generations }: Spec): number => replicates * generations;

function curveReport(
  { name, title, values, expected, spec }: Curve,
  { contender, replicates }: Entrant,
  seconds: readonly (readonly number[])[],
): CurveReport {
  const points = values.map((value, v) => ({
    value,
    lineageGenerations: lineageGenerations(spec(value, replicates)),
    seconds: seconds[v]!,
    spread: spreadOf(seconds[v]!),
  }));
  const slope = logLogSlope(
    values,
    points.map(({ spread }) => spread.median),
  );
  return { name, title, expected, contender: contender.name, replicates, points, ...slope };
}
