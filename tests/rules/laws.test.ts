/**
 * Which law is held where: a row for each mechanism of a generation, the test that every engine
 * (reference, WASM, WebGPU) meets its law by, |z| ≤ 4 at fixed seeds, and the parameters that it is
 * about. Every parameter of batch, retention and fit has to be in some row.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { VALIDATION_CASES } from '../../src/experiment/validate/cases.ts';
import { PARAMETERS } from '../../src/spec/schema.ts';
import { VALIDATED } from '../support/validated.ts';

/** Law, test, parameters. */
type Row = readonly [law: string, title: string, paths?: readonly string[]];

const HELD: Readonly<Record<string, readonly Row[]>> = {
  laws: [
    [
      'second moments under EM, any K',
      'K = %i, EM with 1, 5 and 20 iterations',
      ['fit.iterations', 'fit.components', 'fit.estimator'],
    ],
    ['second moments, many modes and axes', 'second-moment conservation, $name'],
    [
      'traces under other covariances',
      'keeps the trace with diagonal and spherical covariances',
      ['fit.covariance'],
    ],
    [
      'K other than J, k-means as a start',
      'K ≠ J: the total is conserved for any start',
      ['fit.components', 'fit.componentsFromTruth', 'fit.init'],
    ],
    [
      'replace, d = 1: v, ln v, mean, distances, KL',
      '`${one}: ln v, v, mean, distances`',
      ['closedForm', 'fit.estimator'],
    ],
    ['ln det, d > 1', 'ln det of a full covariance, d = 2 and 3: %s', ['closedForm']],
    [
      'real points: F_ST',
      'real points in the mix, $realDraw, closed form $closedForm',
      ['batch.realFraction', 'batch.realDraw'],
    ],
    [
      'real points of a mixture, and of rows',
      'real points in the mix of a mixture, and of a data set',
    ],
    [
      'sampling bias',
      'a biased sampler, $estimator, closed form $closedForm',
      ['batch.samplingBias'],
    ],
    ['sampling bias among real points', 'a biased sampler among real points, %s'],
    [
      'real weight, least at w*',
      'real points that weigh more: least at w*, closed form %s',
      ['fit.realWeight'],
    ],
    ['tail weight against λ', 'tails that weigh more undo a narrow sampler', ['fit.tailWeight']],
    ['priors', 'a prior about the %s', ['fit.prior.centre', 'fit.prior.strength']],
    [
      'centres at random, respawn',
      'centres at random, and components that come back, keep the total',
      ['fit.init', 'fit.respawn'],
    ],
    [
      'screening through r′',
      'screening, through the share it leaves, %s',
      [
        'batch.detector.recall',
        'batch.detector.falsePositiveRate',
        'batch.watermark.coverage',
        'batch.watermark.laundering',
        'batch.provenance.signedShare',
      ],
    ],
    ['schedules', 'a share that falls, a detector that comes, %s', ['batch.detector.decay']],
    [
      'floor: d n ε',
      'a floor, d = $dim, K = $components, closed form $closedForm',
      ['fit.covarianceFloor'],
    ],
    [
      'sharpening',
      'sharpening keeps the commoner of two modes: log-odds times β a generation',
      ['batch.weightSharpening'],
    ],
    ['to e⁻⁴⁴¹', 'stays finite and right to generation 2000 at n = 10: %s'],
    ['σ of 1e-9 at a mean of 5', 'shrinks by the law at mean 5 and σ = 1e-9: %s'],
  ],
  'pool-laws': [
    ['accumulate', 'accumulate', ['retention']],
    ['accumulate-subsample', 'accumulate-subsample', ['retention']],
    ['accumulate with growing batches', 'accumulate, growing', ['growth']],
    ['accumulate with a real share', 'accumulate, quota'],
    ['the same by chance', 'accumulate, bernoulli'],
    ['accumulate with λ', 'accumulate, biased'],
    [
      'accumulate with a floor and a prior',
      'accumulate, a floor, a prior about the truth',
      ['fit.covarianceFloor', 'fit.prior.centre'],
    ],
    ['accumulate with weights', 'accumulate, kinds that weigh unlike, %o', ['fit.realWeight']],
    ['growth', 'growth', ['growth']],
    ['a fixed archive', 'archive, quota', ['batch.realSource']],
    ['the same by chance', 'archive, bernoulli'],
    ['an archive of which batches take less and less', 'archive, less and less'],
    ['an archive taken more than once', 'archive, round and round, by points'],
    ['a coreset', 'a uniform coreset', ['batch.coreset.size']],
    [
      'a coreset that keeps the mean',
      'a coreset of %s keeps the archive’s mean, and less than its variance',
      ['batch.coreset.method'],
    ],
    ['memory', 'memory, quota', ['batch.memory']],
    ['the same by chance', 'memory, bernoulli'],
    ['truncation', 'truncation', ['batch.truncation']],
    ['truncation, d = 3', 'truncation in space'],
    ['poison', 'poison', ['batch.poison.share', 'batch.poison.mean', 'batch.poison.scale']],
    ['paraphrase', 'paraphrase', ['batch.paraphrase.noise', 'batch.paraphrase.passes']],
    [
      'a web that fills up',
      'web',
      ['batch.web.stock', 'batch.web.published', 'batch.web.humanReservoir'],
    ],
  ],
  'looked-at': [
    ['verifier, by brute force', 'verifier', ['batch.verifier.keep', 'batch.verifier.error']],
    ['verifier: what it accepts', 'the verifier accepts α(1−ε) + (1−α)ε of whatever model'],
    ['curation, by brute force', 'best of 3', ['batch.curation.candidates']],
    ['quality filter, by brute force', 'quality filter', ['batch.qualityFilter']],
    [
      'quality filter: v/(1+s)',
      'a filter of s leaves v/(1+s): (1−1/n)² tr C₀/(1+s) after one look',
    ],
    ['protected modes, by brute force', 'protected modes', ['batch.protectedModes']],
    ['a prior, by brute force', 'held to the parent', ['fit.estimator']],
    ['k-means, by brute force', 'k-means', ['fit.init']],
    [
      'Wright and Fisher’s weights',
      'weights of far modes drift as Wright and Fisher say, protected ones do not',
    ],
  ],
  extinction: [['first extinction', 'a mode of two points in forty dies as the chain says']],
  'collapse-times': [
    ['total collapse of K modes', 'the time until one of ten equal modes is left'],
    [
      'who is alive: Suresh et al. 2024',
      'the share of Gaussians whose width is over a tenth of the truth’s',
    ],
  ],
  populations: [
    ['overlaps, diagonal fits, subsamples, cuts, k-means, verifier, prior, by NumPy', '$name'],
  ],
  'many-dimensions': [
    ['d = 10', 'trace, determinant, entropy and mean, d = 10'],
    ['d = 100', 'trace, determinant and mean, d = 100'],
    ['fresh data loop, λ and unbiased', 'fresh real points and a sampler with a bias, d = 100'],
    ['accumulate and a fixed archive, d = 10', 'keeps everything, or an archive, d = 10'],
    ['memory, d = 10', 'of several models, by quota and by chance, d = 10', ['batch.memory']],
    ['memory, d = 100', 'of five models, d = 100', ['batch.memory']],
    ['real weight, d = 10', 'real points that weigh more, d = 10', ['fit.realWeight']],
    ['priors, d = 10', 'a prior about the %s, d = 10', ['fit.estimator', 'fit.prior.strength']],
    ['accumulate with a floor and a prior, d = 10', 'a pool with a floor and a prior, d = 10'],
    ['accumulate with weights, d = 10', 'a pool whose kinds weigh unlike, d = 10'],
  ],
};

/** Where a fit stops is no law: it is held against the textbook, and engines against the reference. */
const ELSEWHERE = ['fit.tolerance'];

describe.each(Object.entries(HELD))('tests/experiment/%s.test.ts', (file, rows) => {
  const path = join(import.meta.dirname, `../experiment/${file}.test.ts`);
  const text = readFileSync(path, 'utf8');

  test('holds every engine to them', () => {
    expect(text).toContain("describe.each(enginesUnderTest)('$name'");
    expect(text).not.toMatch(/\.(?:skip|todo|only)\b/);
  });

  test.each(rows.map(([law, title]) => [law, title] as const))('%s: %s', (_, title) => {
    const quoted = [`'${title}'`, `"${title}"`, title].filter((one) => /^['"`]/.test(one));
    // Names of cases are keys, without quotes where they are words.
    const found = quoted.some((one) => text.includes(one)) || text.includes(`\n  ${title}: {`);
    expect(found).toBe(true);
  });
});

test('`genloss validate` has every row of the theory, and no case without one', () => {
  const asked = VALIDATED.flatMap(([, , ...cases]) => cases);
  const names = VALIDATION_CASES.map(({ name }) => name);
  const isAsked = (name: string) => asked.some((beginning) => name.startsWith(beginning));
  expect(names.filter((name) => !isAsked(name))).toEqual([]);
  const has = (beginning: string) => names.some((name) => name.startsWith(beginning));
  expect(asked.filter((beginning) => !has(beginning))).toEqual([]);
});

test('every parameter of a generation has a law', () => {
  const held = new Set(
    Object.values(HELD).flatMap((rows) => rows.flatMap(([, , own]) => own ?? [])),
  );
  const groups = ['batch', 'sampler', 'screening', 'retention', 'fit'];
  const asked = PARAMETERS.filter(
    ({ path, group }) => groups.includes(group) || ['closedForm', 'growth'].includes(path),
  ).map(({ path }) => path);
  expect([...held, ...ELSEWHERE].sort()).toEqual(asked.sort());
});
