/**
 * A lineage without frames: absolute coordinates, plain arrays, textbook EM. Right while nothing
 * collapses, and written from the tables of 25-execution and rng/coordinates alone.
 */
import { permutationOf, permute } from '../../src/model/assemble/permutation.ts';
import type { Covariance } from '../../src/model/gmm/em.ts';
import { STREAMS, words, type RandomKey } from '../../src/model/rng/coordinates.ts';
import { exponential, normalPair, unitUniform, wordBelow } from '../../src/model/rng/normal.ts';
import {
  sampleMoments,
  textbookDensity,
  textbookFit,
  textbookStep,
  type Matrix,
  type TextbookMixture,
} from './textbook-em.ts';

export interface NaiveRules {
  readonly truth: TextbookMixture;
  /** Rows that real points are drawn from, if the truth is data. */
  readonly rows: Matrix | null;
  readonly key: RandomKey;
  readonly sampleSize: number;
  readonly quota: number;
  readonly share: number;
  readonly spread: number;
  readonly sharpening: number;
  readonly components: number;
  readonly start: 'parent' | 'truth' | 'kmeans' | 'random';
  readonly covariance: Covariance;
  readonly bessel: number;
  readonly floor: number;
  readonly iterations: number;
  readonly tolerance: number;
  readonly realWeight: number | null;
  readonly tailWeight: number;
  readonly strength: number;
  readonly centre: 'parent' | 'truth';
  readonly respawn: boolean;
  readonly coreset: { readonly size: number; readonly method: string } | null;
}

function choleskyOf(m: Matrix): number[][] {
  const factor = m.map((row) => row.map(() => 0));
  m.forEach((row, a) => {
    for (let b = 0; b <= a; b++) {
      let rest = row[b]!;
      for (let c = 0; c < b; c++) rest -= factor[a]![c]! * factor[b]![c]!;
      factor[a]![b] = a === b ? Math.sqrt(rest) : rest / factor[b]![b]!;
    }
  });
  return factor;
}

function pick(weights: readonly number[], u: number): number {
  let sum = 0;
  return weights.findIndex((weight) => u < (sum += weight));
}

const isRealPoint = (rules: NaiveRules, parent: unknown, i: number, origin: number): boolean =>
  !parent || i < rules.quota || unitUniform(origin) < rules.share;

/** A training set: of each point whether it is real, and how many points it stands for. */
interface NaiveSet {
  readonly points: Matrix;
  readonly real: readonly boolean[];
  readonly masses: readonly number[];
}

/** The batch, a coreset in the place of its real points where there is one. */
function naiveSet(
  rules: NaiveRules,
  parent: TextbookMixture | null,
  lineage: number,
  generation: number,
): NaiveSet {
  const { key, coreset, quota, sampleSize } = rules;
  const points = naiveBatch(rules, parent, lineage, generation);
  const dim = points[0]!.length;
  const real = points.map((_, i) => {
    const own = words(key, i, lineage, generation, STREAMS.normal);
    const quarter = words(key, i >> 2, lineage, generation, STREAMS.origin)[i & 3]!;
    return isRealPoint(rules, parent, i, dim === 2 ? own[3]! : quarter);
  });
  if (!coreset || !parent || quota === 0) return { points, real, masses: points.map(() => 1) };
  const archive = naiveBatch(rules, null, lineage, 1);
  const distilled = naiveCoreset(coreset, key, archive, lineage);
  const synthetic = points.slice(quota);
  return {
    points: [...distilled.map(({ point }) => point), ...synthetic],
    real: [...distilled.map(() => true), ...synthetic.map(() => false)],
    masses: [
      ...distilled.map(({ count }) => (count * quota) / sampleSize),
      ...synthetic.map(() => 1),
    ],
  };
}

/** A few points in the place of all, and how many each is for: plainly, by lists of members. */
export function naiveCoreset(
  { size, method }: NonNullable<NaiveRules['coreset']>,
  key: RandomKey,
  archive: Matrix,
  lineage: number,
): { readonly point: readonly number[]; readonly count: number; readonly members: Matrix }[] {
  if (method === 'uniform') {
    const permutation = permutationOf(key, lineage, 1, archive.length);
    return Array.from({ length: size }, (_, j) => {
      const point = archive[permute(permutation, j)]!;
      return { point, count: archive.length / size, members: [point] };
    });
  }
  const shares =
    method === 'quantile' ? bins(archive, size) : clusters(key, archive, size, lineage);
  return shares.map((members) => ({ point: meanOf(members), count: members.length, members }));
}

const meanOf = (points: Matrix): number[] =>
  points[0]!.map((_, a) => points.reduce((sum, x) => sum + x[a]!, 0) / points.length);

function bins(archive: Matrix, size: number): Matrix[] {
  const sorted = [...archive].sort((x, y) => x[0]! - y[0]!);
  const rank = (b: number) => Math.floor((b * archive.length) / size);
  return Array.from({ length: size }, (_, b) => sorted.slice(rank(b), rank(b + 1)));
}

/** k-means++, four centres to a block of words, then Lloyd until nobody changes sides. */
function clusters(key: RandomKey, archive: Matrix, size: number, lineage: number): Matrix[] {
  let centres: number[][] = [];
  for (let k = 0; k < size; k++) {
    const times = archive.map((x, i) => {
      const word = words(key, i, lineage, 1, STREAMS.coreset, Math.floor(k / 4))[k % 4]!;
      return exponential(word) / (k === 0 ? 1 : squared(centres[nearest(centres, x)]!, x));
    });
    centres.push([...archive[times.indexOf(Math.min(...times))]!]);
  }
  let labels: number[] = [];
  for (;;) {
    const next = archive.map((x) => nearest(centres, x));
    const members = centres.map((_, k) => archive.filter((__, i) => next[i] === k));
    if (next.every((label, i) => label === labels[i])) return members;
    labels = next;
    centres = members.map((own, k) => (own.length > 0 ? meanOf(own) : centres[k]!));
  }
}

/** What the points weigh, as many together as there are. */
function naiveWeights(
  rules: NaiveRules,
  { points, real, masses }: NaiveSet,
  parent: TextbookMixture | null,
): number[] {
  const { realWeight, tailWeight } = rules;
  if (!parent) return points.map(() => 1);
  const raw = points.map((x, i) => masses[i]! * Math.exp(-tailWeight * textbookDensity(parent, x)));
  const massOf = (kind: boolean) => raw.reduce((sum, w, i) => sum + (real[i] === kind ? w : 0), 0);
  const total = massOf(true) + massOf(false);
  const mixed = massOf(true) > 0 && massOf(false) > 0;
  return raw.map((w, i) => {
    if (realWeight === null || !mixed) return (points.length * w) / total;
    const share = real[i] ? realWeight : 1 - realWeight;
    return (points.length * share * w) / massOf(real[i]!);
  });
}

/** The batch of one generation. */
export function naiveBatch(
  rules: NaiveRules,
  parent: TextbookMixture | null,
  lineage: number,
  generation: number,
): number[][] {
  const dim = rules.truth.means[0]!.length;
  const block = (stream: number, index: number) =>
    words(rules.key, index, lineage, generation, stream);
  return Array.from({ length: rules.sampleSize }, (_, i) => {
    const quarter = (stream: number) => block(stream, i >> 2)[i & 3]!;
    const own = block(STREAMS.normal, dim === 1 ? i >> 1 : i);
    const choice = dim === 1 ? own[2 + (i & 1)]! : dim === 2 ? own[2]! : quarter(STREAMS.choice);
    const origin = dim === 2 ? own[3]! : quarter(STREAMS.origin);
    const pairs = [...normalPair(own[0]!, own[1]!), ...normalPair(own[2]!, own[3]!)];
    const z = dim === 1 ? [pairs[i & 1]!] : pairs.slice(0, dim);
    const real = isRealPoint(rules, parent, i, origin);
    if (real && rules.rows) return [...rules.rows[wordBelow(choice, rules.rows.length)]!];
    const source = real ? rules.truth : parent!;
    const powers = source.weights.map((w) => (real ? w : w ** rules.sharpening));
    const sum = powers.reduce((a, b) => a + b, 0);
    const weights = powers.map((power) => power / sum);
    const k = weights.length === 1 ? 0 : pick(weights, unitUniform(choice));
    const factor = choleskyOf(source.covariances[k]!);
    const width = real ? 1 : rules.spread;
    return source.means[k]!.map((mean, a) =>
      factor[a]!.reduce((x, f, b) => x + f * width * (z[b] ?? 0), mean),
    );
  });
}

const squared = (x: readonly number[], y: readonly number[]): number =>
  x.reduce((sum, value, a) => sum + (value - y[a]!) ** 2, 0);

const nearest = (centres: Matrix, x: readonly number[]): number => {
  const squares = centres.map((centre) => squared(centre, x));
  return squares.indexOf(Math.min(...squares));
};

/** One component, of unit covariance, at a place. */
const single = (mean: readonly number[]): TextbookMixture => ({
  weights: [1],
  means: [mean],
  covariances: [mean.map((_, a) => mean.map((__, b) => (a === b ? 1 : 0)))],
});

/** k-means++ by the race E/D², Lloyd to rest, then each label's weight, mean and covariance. */
function naiveKmeans(
  rules: NaiveRules,
  points: Matrix,
  pointWeights: readonly number[],
  lineage: number,
  generation: number,
): TextbookMixture {
  const random = rules.start === 'random';
  let centres: number[][] = [];
  for (let k = 0; k < rules.components; k++) {
    const times = points.map((x, i) => {
      const word = words(rules.key, i, lineage, generation, STREAMS.kmeans, k)[0]!;
      const apart = k === 0 ? 1 : squared(centres[nearest(centres, x)]!, x);
      const square = random ? Math.min(apart * 1e300, 1) : apart;
      return square > 0 ? exponential(word) / square : Infinity;
    });
    centres.push([...points[times.indexOf(Math.min(...times))]!]);
  }
  let labels: number[] = [];
  for (let changed = true; changed;) {
    const next = points.map((x) => nearest(centres, x));
    changed = next.some((label, i) => label !== labels[i]);
    labels = next;
    if (random) break;
    centres = centres.map((centre, k) => {
      const own = points.filter((_, i) => labels[i] === k);
      return centre.map((_, a) => own.reduce((sum, x) => sum + x[a]!, 0) / own.length);
    });
  }
  const parts = centres.map((centre, k) => {
    const own = points.filter((_, i) => labels[i] === k);
    const weights = pointWeights.filter((_, i) => labels[i] === k);
    const mass = weights.reduce((a, b) => a + b, 0);
    const { means, covariances } = textbookStep(single(centre), own, { ...rules, weights });
    return { weight: mass / points.length, mean: means[0]!, covariance: covariances[0]! };
  });
  return {
    weights: parts.map(({ weight }) => weight),
    means: parts.map(({ mean }) => mean),
    covariances: parts.map(({ covariance }) => covariance),
  };
}

/** What EM begins with at generation t. */
export function naiveStart(
  rules: NaiveRules,
  points: Matrix,
  weights: readonly number[],
  parent: TextbookMixture | null,
  lineage: number,
  generation: number,
): TextbookMixture {
  const { truth, start } = rules;
  if (start === 'kmeans' || start === 'random') {
    return naiveKmeans(rules, points, weights, lineage, generation);
  }
  // Every start is the same to a single component.
  const first = rules.components === 1 ? single(truth.means[0]!) : truth;
  const model = start === 'truth' ? truth : (parent ?? first);
  return rules.respawn ? revived(rules, model, points, lineage, generation) : model;
}

/** Dead components on a point each, with a K-th of the volume of a ball as wide as the sample. */
function revived(
  { key, components: K }: NaiveRules,
  model: TextbookMixture,
  points: Matrix,
  lineage: number,
  generation: number,
): TextbookMixture {
  const dead = model.weights.filter((weight) => weight === 0).length;
  const { covariance } = sampleMoments(points);
  const d = covariance.length;
  const variance = covariance.reduce((sum, row, a) => sum + row[a]!, 0) / d / K ** (2 / d);
  const round = covariance.map((row, a) => row.map((_, b) => (a === b ? variance : 0)));
  const isDead = (k: number) => model.weights[k] === 0;
  const place = (k: number) =>
    points[wordBelow(words(key, k, lineage, generation, STREAMS.respawn)[0]!, points.length)]!;
  return {
    weights: model.weights.map((w, k) => (isDead(k) ? 1 / K : w * (1 - dead / K))),
    means: model.means.map((mean, k) => (isDead(k) ? place(k) : mean)),
    covariances: model.covariances.map((c, k) => (isDead(k) ? round : c)),
  };
}

/** q_1 … q_G. */
export function naiveLineage(
  rules: NaiveRules,
  lineage: number,
  generations: number,
): TextbookMixture[] {
  const models: TextbookMixture[] = [];
  for (let t = 1; t <= generations; t++) {
    const parent = models.at(-1) ?? null;
    const set = naiveSet(rules, parent, lineage, t);
    const { points } = set;
    const weights = naiveWeights(rules, set, parent);
    const start = naiveStart(rules, points, weights, parent, lineage, t);
    const centre = rules.centre === 'truth' ? rules.truth : parent;
    const strength = (rules.strength * points.length) / rules.sampleSize;
    const prior = centre && { strength, centre };
    const fit = { ...rules, weights, ...(prior && { prior }) };
    models.push(textbookFit(start, points, fit).model);
  }
  return models;
}
