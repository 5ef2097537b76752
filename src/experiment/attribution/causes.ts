/**
 * The four causes of collapse as switches on a spec: finite samples, a family without the truth, fits
 * that do not end where they should (the three errors of Shumailov et al. 2024), and a sampler that
 * plays safe. Each can be taken away from any spec; what else the spec has stays.
 */
import { SpecError } from '../../errors.ts';
import { packedIndex, type Mixture } from '../../model/mixture.ts';
import type { Truth } from '../../model/truth.ts';
import { parseSpec, type FitSpec, type Scheduled, type Spec } from '../../spec/schema.ts';

/** What the absence of a cause means in a setting. */
export interface Absence {
  readonly truth: Truth;
  /** Points of a batch that chance has hardly any part in. */
  readonly manyPoints: number;
}

export interface Cause {
  readonly name: CauseName;
  readonly label: string;
  /** What it is, and what stands in its place where it is taken away. */
  readonly doc: string;
  readonly remove: (spec: Spec, absence: Absence) => Spec;
}

export type CauseName = 'finite-n' | 'family' | 'learning' | 'sampler';

/** EM until it has converged: the warm start of a parent is close, and few fits take as many steps. */
export const CONVERGED = { init: 'parent', iterations: 1000, tolerance: 1e-6 } as const;

/** In the order of the bits of a coalition. */
export const CAUSES: readonly Cause[] = [
  {
    name: 'finite-n',
    label: 'Finite n',
    doc: 'samples of n points; without it, samples of so many that chance hardly matters',
    remove: withManyPoints,
  },
  {
    name: 'family',
    label: 'Family',
    doc: "components and covariance of the model; without it, the truth's own",
    remove: withOwnFamily,
  },
  {
    name: 'learning',
    label: 'Learning',
    doc: 'start and steps of EM; without it, from the parent until it has converged',
    remove: (spec) => ({ ...spec, fit: { ...spec.fit, ...CONVERGED } }),
  },
  {
    name: 'sampler',
    label: 'Sampler',
    doc: 'bias, truncation and sharpening; without it, the model is sampled as it is',
    remove: (spec) => ({
      ...spec,
      batch: { ...spec.batch, samplingBias: 1, truncation: null, weightSharpening: 1 },
    }),
  },
];

export const CAUSE_COUNT = CAUSES.length;
/** Every combination of them. */
export const COALITIONS = 1 << CAUSE_COUNT;

export const hasCause = (coalition: number, cause: number): boolean =>
  (coalition & (1 << cause)) !== 0;

/** The causes of a coalition, by name. */
export const causesOf = (coalition: number): readonly CauseName[] =>
  CAUSES.filter((_, cause) => hasCause(coalition, cause)).map(({ name }) => name);

/**
 * The spec with the causes of a coalition and no others. Equal texts are equal experiments.
 * Throws SpecError where there can be no such spec.
 */
export function withCauses(spec: Spec, coalition: number, absence: Absence): Spec {
  const absent = CAUSES.filter((_, cause) => !hasCause(coalition, cause));
  const without = absent.reduce((changed, { remove }) => remove(changed, absence), spec);
  try {
    return parseSpec(settled(without));
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    const labels = new Intl.ListFormat('en').format(absent.map(({ label }) => label));
    const problems = error.problems.map((problem) => ({
      ...problem,
      message: `Without ${labels}: ${problem.message}`,
    }));
    throw new SpecError(problems);
  }
}

/** One component is fitted in one step, from no start: what is said of them is nothing. */
function settled(spec: Spec): Spec {
  const { components } = spec.fit;
  if (components > 1) return spec;
  return { ...spec, fit: { ...spec.fit, init: 'parent', iterations: 1, tolerance: 0 } };
}

/** What is counted in points and stands for a share of them grows with them. */
function withManyPoints(spec: Spec, { manyPoints }: Absence): Spec {
  const times = manyPoints / spec.sampleSize;
  if (times <= 1) return spec;
  const { web } = spec.batch;
  const { prior } = spec.fit;
  const reservoir = web?.humanReservoir ?? null;
  return {
    ...spec,
    sampleSize: manyPoints,
    batch: {
      ...spec.batch,
      web:
        web && reservoir !== null ? { ...web, humanReservoir: Math.round(times * reservoir) } : web,
    },
    fit: {
      ...spec.fit,
      prior: prior && { ...prior, strength: multiplied(prior.strength, times) },
    },
  };
}

const multiplied = (value: Scheduled, factor: number): Scheduled =>
  typeof value === 'number'
    ? value * factor
    : { at: value.at.map(([first, step]) => [first, step * factor] as const) };

/** As many components as the truth, and shapes among which are the truth's. */
function withOwnFamily(spec: Spec, { truth: { mixture } }: Absence): Spec {
  const components = mixture.weights.length;
  const { covariance, estimator } = spec.fit;
  const closed = estimator === 'mle' || estimator === 'unbiased';
  return {
    ...spec,
    fit: {
      ...spec.fit,
      components,
      covariance: hasShapes(covariance, mixture) ? covariance : 'full',
      estimator: closed && components > 1 ? 'em' : estimator,
    },
  };
}

/** Whether the truth's components have the shapes that a kind of covariance allows. */
function hasShapes(kind: FitSpec['covariance'], { dim, covariances }: Mixture): boolean {
  if (kind === 'full') return true;
  if (kind === 'tied') return covariances.every((own) => isAlike(own, covariances[0]!));
  return covariances.every((own) => {
    for (let a = 0; a < dim; a++) {
      for (let b = 0; b < a; b++) if (own[packedIndex(a, b)] !== 0) return false;
      const variance = own[packedIndex(a, a)]!;
      if (kind === 'spherical' && variance !== own[packedIndex(0, 0)]) return false;
    }
    return true;
  });
}

const isAlike = (a: readonly number[], b: readonly number[]): boolean =>
  a.every((entry, i) => entry === b[i]);
