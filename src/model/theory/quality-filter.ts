/**
 * A filter that keeps x with probability (q(x)/q(μ))^s, q = N(μ, Σ) the model before, multiplies
 * densities by e^{−sM²/2}, M the Mahalanobis distance. Of the model's own points N(μ, λΣ) it leaves
 * N(μ, λΣ/(1 + sλ)), a share (1 + sλ)^{−d/2} of them: a sampler with another bias. Of real points
 * N(0, 1) on a line it leaves
 *
 *   N(Vsμ/v, V), V = 1/(1 + s/v),   a share a_r = (1 + s/v)^{−½} e^{−sμ²/(2(v + s))}
 *
 * of the model N(μ, v), and of points that are real with probability r before, r a_r/(r a_r + (1−r) a_s)
 * after. The first model has independent μ ~ N(0, 1/n) and v ~ χ²_{n−1}/n, so that what the second
 * comes to is an integral over both.
 */
/** λ of the model's own points after the filter. */
export const filteredBias = (bias: number, selectivity: number): number =>
  bias / (1 + selectivity * bias);

/** Share of the model's own points that pass. */
export const ownAcceptance = (dim: number, bias: number, selectivity: number): number =>
  (1 + selectivity * bias) ** (-dim / 2);

export interface FilteredStep {
  /** E v_2 and E μ_2², in units of the truth. */
  readonly spread: number;
  readonly shift: number;
  /** Mean share of copies, and its variance over lineages. */
  readonly copies: number;
  readonly copiesVariance: number;
}

/** Standard deviations from the middle, and nodes on a side. */
const REACH = 15;
const NODES = 200;

/** The second model of n ≥ 2 points, each candidate real with probability r; maximum likelihood. */
export function filteredStep(n: number, selectivity: number, real: number): FilteredStep {
  const [meanNodes, varianceNodes] = [normalNodes(1 / Math.sqrt(n)), chiSquareNodes(n - 1, 1 / n)];
  let [spread, shift, copies, square] = [0, 0, 0, 0];
  for (const { x: v, mass } of varianceNodes) {
    for (const { x: mean, mass: other } of meanNodes) {
      const p = mass * other;
      const after = filteredPoint(mean, v, selectivity, real);
      const drift = after.mean ** 2;
      shift += p * (drift + (after.second - drift) / n);
      spread += p * (1 - 1 / n) * (after.second - drift);
      copies += p * after.synthetic;
      square += p * (after.synthetic ** 2 + (after.synthetic * (1 - after.synthetic)) / n);
    }
  }
  return { spread, shift, copies, copiesVariance: square - copies ** 2 };
}

/** Mean and second moment of a point that has passed, and whether it is synthetic. */
function filteredPoint(mean: number, v: number, s: number, real: number) {
  const own = ownAcceptance(1, 1, s);
  const theirs = (1 + s / v) ** -0.5 * Math.exp((-0.5 * s * mean * mean) / (v + s));
  const synthetic = ((1 - real) * own) / (real * theirs + (1 - real) * own);
  const width = 1 / (1 + s / v);
  const centre = (width * s * mean) / v;
  return {
    synthetic,
    mean: (1 - synthetic) * centre + synthetic * mean,
    second:
      (1 - synthetic) * (width + centre * centre) +
      synthetic * (v * filteredBias(1, s) + mean * mean),
  };
}

interface Node {
  readonly x: number;
  readonly mass: number;
}

const steps = Array.from({ length: 2 * NODES + 1 }, (_, i) => (i / NODES - 1) * REACH);

/** Trapezoids, whose masses come to 1. */
const normalised = (nodes: readonly Node[]): Node[] => {
  const sum = nodes.reduce((total, { mass }) => total + mass, 0);
  return nodes.map(({ x, mass }) => ({ x, mass: mass / sum }));
};

const normalNodes = (deviation: number): Node[] =>
  normalised(steps.map((z) => ({ x: z * deviation, mass: Math.exp(-0.5 * z * z) })));

/** Of χ²_m · scale, on a line of logarithms about that of its mean. */
function chiSquareNodes(m: number, scale: number): Node[] {
  const width = Math.sqrt(2 / m);
  return normalised(
    steps.map((z) => {
      const log = width * z;
      // m e^log has density ∝ e^{(m/2)(log − e^log)} in log, which is highest at 0.
      const mass = Math.exp((m / 2) * (log - Math.exp(log) + 1));
      return { x: m * scale * Math.exp(log), mass };
    }),
  );
}
