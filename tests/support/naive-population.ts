/**
 * Lineages on a line as plainly as they can be written, with random numbers of their own: what a
 * population of them looks like, for mechanisms that look at points and for starts and priors of a
 * fit. Nothing here is shared with the engines.
 */

/** A mixture on a line. */
export interface Line {
  readonly weights: readonly number[];
  readonly means: readonly number[];
  readonly variances: readonly number[];
}

/** Uniforms in (0, 1) and standard normals. */
export interface Dice {
  uniform(): number;
  normal(): number;
}

/** How the points of a generation after the first are drawn, one by one. */
export type Draw = (last: Line, truth: Line, dice: Dice) => () => number;
/** `last` is the model before, null at the first generation. */
export type Fit = (points: readonly number[], last: Line | null, truth: Line, dice: Dice) => Line;

export interface Game {
  readonly truth: Line;
  readonly sampleSize: number;
  readonly generations: number;
  readonly draw: Draw;
  readonly fit: Fit;
}

/** Park and Miller's generator, and the polar method. */
export function diceOf(seed: number): Dice {
  let state = seed;
  const uniform = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const normal = (): number => {
    const [a, b] = [2 * uniform() - 1, 2 * uniform() - 1];
    const s = a * a + b * b;
    return s > 0 && s < 1 ? a * Math.sqrt((-2 * Math.log(s)) / s) : normal();
  };
  return { uniform, normal };
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

function pick(weights: readonly number[], { uniform }: Dice): number {
  let rest = uniform() * sum(weights);
  const found = weights.findIndex((weight) => (rest -= weight) < 0);
  return found < 0 ? weights.length - 1 : found;
}

/** A point of a mixture. */
export function pointOf({ weights, means, variances }: Line, dice: Dice): number {
  const k = pick(weights, dice);
  return means[k]! + Math.sqrt(variances[k]!) * dice.normal();
}

/** weight · density of each component, as logarithms. */
const terms = ({ weights, means, variances }: Line, x: number): number[] =>
  weights.map((w, k) =>
    w > 0
      ? Math.log(w) - 0.5 * Math.log(variances[k]!) - (x - means[k]!) ** 2 / (2 * variances[k]!)
      : -Infinity,
  );

export function logDensity(line: Line, x: number): number {
  const logs = terms(line, x);
  const top = Math.max(...logs);
  return top + Math.log(sum(logs.map((log) => Math.exp(log - top))));
}

/** Probabilities that x is of each component. */
export function sharesOf(line: Line, x: number): number[] {
  const logs = terms(line, x);
  const top = Math.max(...logs);
  const raw = logs.map((log) => Math.exp(log - top));
  return raw.map((share) => share / sum(raw));
}

export function until(make: () => number, accept: (x: number) => boolean): number {
  for (;;) {
    const x = make();
    if (accept(x)) return x;
  }
}

/** Draws from the model alone. */
export const ownPoints: Draw = (last, _, dice) => () => pointOf(last, dice);

/** One Gaussian: mean and variance of the points. */
export const momentFit: Fit = (points) => {
  const mean = sum(points) / points.length;
  const variance = sum(points.map((x) => (x - mean) ** 2)) / points.length;
  return { weights: [1], means: [mean], variances: [variance] };
};

/** Points of a centre that a fit is held to. */
export interface Held {
  readonly strength: number;
  readonly centre: Line;
}

/** One M-step: component k from points that are its own with shares[i][k]. */
function maximum(points: readonly number[], shares: number[][], { strength, centre }: Held): Line {
  const parts = shares[0]!.map((_, k) => {
    const mass = sum(shares.map((share) => share[k]!));
    const kept = strength * (centre.weights[k] ?? 0);
    const total = mass + kept;
    if (total === 0) return { weight: 0, mean: 0, variance: 1 };
    const average = (f: (x: number) => number) =>
      mass > 0 ? sum(points.map((x, i) => shares[i]![k]! * f(x))) / mass : 0;
    const own = average((x) => x);
    const at = centre.means[k] ?? 0;
    const mean = (mass * own + kept * at) / total;
    const within = mass * average((x) => (x - own) ** 2);
    const apart = ((mass * kept) / total) * (own - at) ** 2;
    const variance = (within + kept * (centre.variances[k] ?? 0) + apart) / total;
    return { weight: total / (points.length + strength), mean, variance };
  });
  return {
    weights: parts.map(({ weight }) => weight),
    means: parts.map(({ mean }) => mean),
    variances: parts.map(({ variance }) => variance),
  };
}

/** EM steps from a start; no component is taken for thinner than 2⁻²⁰ of the sample. */
export function em(points: readonly number[], start: Line, iterations: number, held: Held): Line {
  const least = momentFit(points, null, start, diceOf(1)).variances[0]! * 4 ** -20;
  let line = start;
  for (let step = 0; step < iterations; step++) {
    const seen = { ...line, variances: line.variances.map((v) => Math.max(v, least)) };
    const shares = points.map((x) => sharesOf(seen, x));
    line = maximum(points, shares, held);
  }
  return line;
}

/** Nobody holds the fit to anything. */
export const FREE: Held = { strength: 0, centre: { weights: [], means: [], variances: [] } };

/** k-means++, Lloyd to rest, and each label's own points. */
export function clusters(points: readonly number[], count: number, dice: Dice): Line {
  const centres = [points[Math.floor(dice.uniform() * points.length)]!];
  const nearest = (x: number) => {
    const squares = centres.map((centre) => (x - centre) ** 2);
    return squares.indexOf(Math.min(...squares));
  };
  while (centres.length < count) {
    centres.push(
      points[
        pick(
          points.map((x) => (x - centres[nearest(x)]!) ** 2),
          dice,
        )
      ]!,
    );
  }
  let labels: number[] = [];
  for (let moved = true; moved;) {
    const next = points.map(nearest);
    moved = next.some((label, i) => label !== labels[i]);
    labels = next;
    centres.forEach((_, k) => {
      const own = points.filter((__, i) => labels[i] === k);
      if (own.length > 0) centres[k] = sum(own) / own.length;
    });
  }
  const shares = labels.map((label) => centres.map((_, k) => (k === label ? 1 : 0)));
  return maximum(points, shares, FREE);
}

/** What lineages have come to: variance of the whole model, and its squared distance from 0. */
export interface Population {
  readonly totalVariance: Float64Array;
  readonly meanShiftSquared: Float64Array;
}

/** Values of `lineages` after the last generation, ascending; the truth's mean is 0. */
export function populationOf(game: Game, lineages: number, seed: number): Population {
  const { truth, sampleSize, generations, draw, fit } = game;
  const dice = diceOf(seed);
  const found = Array.from({ length: lineages }, () => {
    let model: Line | null = null;
    for (let t = 1; t <= generations; t++) {
      const point: () => number = model ? draw(model, truth, dice) : () => pointOf(truth, dice);
      const points = Array.from({ length: sampleSize }, () => point());
      model = fit(points, model, truth, dice);
    }
    const { weights, means, variances } = model!;
    const mean = sum(weights.map((w, k) => w * means[k]!));
    const square = sum(weights.map((w, k) => w * (variances[k]! + (means[k]! - mean) ** 2)));
    return [square, mean * mean] as const;
  });
  return {
    totalVariance: Float64Array.from(found, ([square]) => square).sort(),
    meanShiftSquared: Float64Array.from(found, ([, shift]) => shift).sort(),
  };
}
