/** Cells as `runLineage` and as the naive lineage take them, and how far their models are apart. */
import { expect } from 'vitest';
import type { FramedModel } from '../../src/model/frame.ts';
import { unframeModel } from '../../src/model/gmm/model.ts';
import { besselOf, cellRules, type Rules } from '../../src/model/rules.ts';
import { resolveTruth, type Truth } from '../../src/model/truth.ts';
import { parseSpec, specAt, type Spec } from '../../src/spec/schema.ts';
import type { NaiveRules } from './naive-lineage.ts';
import { unpack, type TextbookMixture } from './textbook-em.ts';

export interface Setting {
  readonly spec: Spec;
  readonly truth: Truth;
  readonly rules: Rules;
}

export function settingOf(input: Record<string, unknown>): Setting {
  const spec = parseSpec(input);
  const truth = resolveTruth(spec.truth, null);
  return { spec, truth, rules: cellRules(spec, truth, 0) };
}

/** J unlike Gaussians two to three widths apart, correlated, of unequal weight. */
export function truthOf(dim: number, count: number, shift = 0, log2Scale = 0) {
  const scale = 2 ** log2Scale;
  const weights = [[1], [0.375, 0.625], [0.25, 0.25, 0.5]][count - 1]!;
  return {
    kind: 'mixture',
    components: weights.map((weight, k) => ({
      weight,
      mean: Array.from({ length: dim }, (_, a) => scale * (shift + 2.5 * k - a * k)),
      covariance: Array.from({ length: dim }, (_, a) =>
        Array.from(
          { length: dim },
          (__, b) => scale * scale * (a === b ? 1 + 0.5 * k + 0.25 * a : 0.25 * (k - 1)),
        ),
      ),
    })),
  };
}

/** One Gaussian by its points, as the naive lineage has it. */
export const SAMPLED = { closedForm: 'off' };

export const naiveOf = ({ spec: cell, truth, rules }: Setting): NaiveRules => {
  const spec = specAt(cell, 1);
  return {
    truth: {
      weights: truth.mixture.weights,
      means: truth.mixture.means,
      covariances: truth.mixture.covariances.map((packed) => unpack(packed, truth.dim)),
    },
    rows: null,
    key: rules.key,
    sampleSize: spec.sampleSize,
    quota: rules.quota,
    share: rules.share,
    spread: rules.spread,
    sharpening: rules.sharpening,
    components: spec.fit.components,
    start: spec.fit.components === 1 ? 'parent' : spec.fit.init,
    covariance: spec.fit.covariance,
    bessel: besselOf(rules.unbiased, spec.sampleSize),
    floor: spec.fit.covarianceFloor,
    iterations: spec.fit.components === 1 ? 1 : spec.fit.iterations,
    tolerance: spec.fit.components === 1 ? 0 : spec.fit.tolerance,
    realWeight: rules.realWeight,
    tailWeight: rules.tailWeight,
    strength: rules.strength,
    centre: rules.centre,
    respawn: rules.respawn,
    coreset: rules.coreset,
  };
};

/** Largest difference of any weight, and of means and covariances of components that are alive. */
export function distance(model: FramedModel, truth: Truth, expected: TextbookMixture): number {
  const { weights, means, covariances } = unframeModel(model, truth.mean, truth.log2Unit);
  const alive = (_: unknown, k: number) => expected.weights[k]! > 0;
  const full = covariances.map((packed) => unpack(packed, truth.dim));
  const found = [weights, means.filter(alive), full.filter(alive)].flat(3) as number[];
  const living = [expected.means.filter(alive), expected.covariances.filter(alive)];
  const values = [expected.weights, ...living].flat(3) as number[];
  expect(found.length).toBe(values.length);
  return Math.max(...values.map((x, i) => Math.abs(found[i]! - x)));
}

// Roundings of 1e-16 at values under 10, grown by up to 10 a step of EM and by sampling again.
export const NEAR = 1e-9;
