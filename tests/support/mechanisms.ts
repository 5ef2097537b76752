/** A change of a spec for every mechanism there is: what tests of coverage and of combinations try. */
import { withoutPath, withPath } from '../../src/spec/schema.ts';

export const SAMPLE_SIZE = 60;
export const BASE = {
  seed: 31,
  truth: { kind: 'blobs', components: 2, separation: 3, weights: [0.3, 0.7] },
  batch: { realFraction: 0.2 },
  fit: { iterations: 4 },
  sampleSize: SAMPLE_SIZE,
  generations: 3,
  replicates: 1,
  statistics: ['varianceRatio'],
};

/** By path: what the base is changed by to try it, values by paths. */
export type Change = Readonly<Record<string, unknown>>;

const ONE = { 'fit.components': 1, 'truth.components': 1, 'truth.weights': 'equal' };
/** One component each, and no real point after the first generation. */
const OWN = { ...ONE, 'batch.realFraction': 0 };

/** What a prior is for; the estimator is tried with it. */
const MAP = { 'fit.estimator': 'map' };

/** What is distilled. */
const ARCHIVE = { 'batch.realSource': 'fixed', 'batch.coreset.size': 8 };

/** The real share follows from the web. */
const WEB = { 'batch.realFraction': undefined };

export const CHANGES: Readonly<Record<string, readonly Change[]>> = {
  'batch.realFraction': [{ 'batch.realFraction': 0.6 }],
  'batch.realDraw': [{ 'batch.realDraw': 'bernoulli' }],
  'batch.samplingBias': [
    { 'batch.samplingBias': 0.8 },
    { 'batch.samplingBias': 0.8, ...OWN },
    { 'batch.samplingBias': 0.8, ...OWN, closedForm: 'off' },
  ],
  'batch.weightSharpening': [{ 'batch.weightSharpening': 2 }],
  'batch.detector.recall': [{ 'batch.detector.recall': 0.5 }],
  'batch.detector.falsePositiveRate': [{ 'batch.detector.falsePositiveRate': 0.5 }],
  'batch.detector.decay': [{ 'batch.detector.decay': 0.5, 'batch.detector.recall': 0.9 }],
  'batch.watermark.coverage': [{ 'batch.watermark.coverage': 0.5 }],
  'batch.watermark.laundering': [
    { 'batch.watermark.laundering': 0.5, 'batch.watermark.coverage': 0.9 },
  ],
  'batch.provenance.signedShare': [
    { 'batch.provenance.signedShare': 0.5, 'batch.detector.falsePositiveRate': 0.8 },
  ],
  'batch.realSource': [{ 'batch.realSource': 'fixed' }],
  'batch.coreset.size': [ARCHIVE],
  'batch.coreset.method': ['uniform', 'quantile'].map((method) => ({
    ...ARCHIVE,
    'batch.coreset.method': method,
  })),
  'batch.memory': [{ 'batch.memory': 2 }],
  'batch.truncation': [{ 'batch.truncation': 1.5 }],
  'batch.verifier.keep': [{ 'batch.verifier.keep': 0.6 }],
  'batch.verifier.error': [{ 'batch.verifier.error': 0.2, 'batch.verifier.keep': 0.6 }],
  'batch.curation.candidates': [{ 'batch.curation.candidates': 3 }],
  'batch.qualityFilter': [{ 'batch.qualityFilter': 0.5 }],
  'batch.poison.share': [{ 'batch.poison.share': 0.3, 'batch.poison.mean': [2] }],
  'batch.poison.mean': [{ 'batch.poison.mean': [2], 'batch.poison.share': 0.3 }],
  'batch.poison.scale': [{ 'batch.poison.scale': 3, 'batch.poison.share': 0.3 }],
  'batch.paraphrase.noise': [{ 'batch.paraphrase.noise': 0.4 }],
  'batch.paraphrase.passes': [{ 'batch.paraphrase.passes': 3, 'batch.paraphrase.noise': 0.4 }],
  'batch.web.stock': [{ 'batch.web.stock': 40, ...WEB }],
  'batch.web.published': [{ 'batch.web.published': 300, ...WEB }],
  'batch.web.humanReservoir': [{ 'batch.web.humanReservoir': 70, 'batch.web.stock': 200, ...WEB }],
  'batch.protectedModes': [{ 'batch.protectedModes': [1] }],
  retention: ['accumulate', 'accumulate-subsample'].map((retention) => ({ retention })),
  growth: [{ growth: 0.5 }],
  'fit.components': [{ 'fit.components': 1 }, { 'fit.components': 3 }],
  'fit.covariance': ['diagonal', 'spherical', 'tied'].map((covariance) => ({
    'fit.covariance': covariance,
    'truth.dim': 2,
  })),
  'fit.estimator': [{ 'fit.estimator': 'unbiased', ...ONE }],
  'fit.iterations': [{ 'fit.iterations': 2 }],
  'fit.tolerance': [{ 'fit.tolerance': 0.02 }],
  'fit.init': [
    { 'fit.init': 'truth' },
    { 'fit.init': 'kmeans', 'truth.separation': 8 },
    { 'fit.init': 'random', 'truth.separation': 8 },
  ],
  'fit.covarianceFloor': [{ 'fit.covarianceFloor': 0.5 }],
  'fit.realWeight': [{ 'fit.realWeight': 0.7 }],
  'fit.tailWeight': [{ 'fit.tailWeight': 0.3 }],
  'fit.respawn': [
    { 'fit.respawn': true, 'truth.weights': [0.98, 0.02], 'batch.realFraction': 0, generations: 6 },
  ],
  'fit.prior.centre': [{ 'fit.prior.centre': 'truth', ...MAP }],
  'fit.prior.strength': [{ 'fit.prior.strength': 30, ...MAP }],
  closedForm: [
    { closedForm: 'off', ...OWN },
    { closedForm: 'statistics', ...ONE },
    { closedForm: 'counts', ...ONE },
  ],
};

/** What is undefined is left out. */
export const changed = (change: Change): Change =>
  Object.entries(change).reduce(
    (raw: Change, [path, value]) =>
      value === undefined ? withoutPath(raw, path) : withPath(raw, path, value),
    BASE,
  );
