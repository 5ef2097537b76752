/**
 * The least work in a lineage-generation, in operations of one lane, and so the most a device could
 * do: its measured rate of operations divided by that. An operation is an arithmetic instruction on
 * one lane; loads, stores, loop counters and calls are free, and every operation is taken to run at
 * the rate of the cheapest, so that no kernel reaches the bound. Counted from the kernels in
 * shaders/ and src/engine/wasm/assembly/; statistics are those of the bench's cases.
 */
import { packedLength } from '../../model/mixture.ts';
import { closedFormHolds, isAssembled, isGrouped, isStandardised } from '../../model/rules.ts';
import type { Plan } from '../../plan/plan.ts';
import { specAt, type PhaseSpec, type Spec } from '../../spec/schema.ts';

/**
 * What an instruction set does in one operation.
 *   gpu           a × b + c, a rotation, 2^x
 *   simd-relaxed  a × b + c
 *   simd          one of these in two, three and eleven
 */
export type InstructionSet = 'gpu' | 'simd-relaxed' | 'simd';

/** `single` operations, and `pairs` of a product with a sum, which some devices fuse into one. */
interface Work {
  readonly single: number;
  readonly pairs: number;
}

const work = (single: number, pairs = 0): Work => ({ single, pairs });
const times = (count: number, { single, pairs }: Work): Work => work(count * single, count * pairs);
const sum = (...parts: readonly Work[]): Work =>
  work(
    parts.reduce((total, { single }) => total + single, 0),
    parts.reduce((total, { pairs }) => total + pairs, 0),
  );

/** 20 rounds of two mixes (sum, rotation, exclusive or), six injections of four prepared words. */
const threefry = (set: InstructionSet): Work => work(20 * 2 * (set === 'gpu' ? 3 : 5) + 6 * 4);

/** lnOfParts: polynomial of degree 7 and its ends. */
const LN_OF_PARTS = work(3, 10);
/** Exponent and mantissa apart, folded, and the above. */
const LN = sum(work(8), LN_OF_PARTS);

/**
 * Box and Muller: 15 to bring the word to a mantissa and an exponent, ln, −2 and root; quadrant and
 * angle 6, sine and cosine, 6 to swap and sign them, 2 products with the radius.
 */
const NORMAL_PAIR = sum(work(15), LN_OF_PARTS, work(2), work(6 + 1 + 6 + 2, 7));

/** 2^x of x ≤ 0: on SIMD whole and fraction 3, a polynomial of degree 5, the exponent put in 2. */
const exp2 = (set: InstructionSet): Work => (set === 'gpu' ? work(1) : work(5, 5));

/** Words to a uniform 3; for each further component a comparison and its mean and factor chosen. */
const choice = (components: number, dim: number): Work =>
  components === 1 ? work(0) : work(3 + (components - 1) * (1 + dim + packedLength(dim)));

/** A batch of n points: words, normals, and where there are components to choose from, which. */
function sampling(n: number, components: number, dim: number, set: InstructionSet): Work {
  // Two points share a block at d = 1; at d ≥ 3 the choices of four points have one of their own.
  const choices = components > 1 && dim > 2 ? 1 / 4 : 0;
  const blocks = (dim === 1 ? 1 / 2 : Math.ceil(dim / 4)) + choices;
  const pairs = dim === 1 ? 1 / 2 : dim === 2 ? 1 : 2 * Math.ceil(dim / 4);
  return times(n, sum(times(blocks, threefry(set)), times(pairs, NORMAL_PAIR)));
}

/** mean + factor · normals of the chosen component, and the sample's spread. */
const placing = (n: number, components: number, dim: number): Work =>
  times(n, sum(choice(components, dim), work(dim, packedLength(dim) + dim)));

/**
 * One point of the E-step. K = 2, d = 1: two y − μ, log-odds as a polynomial in one of them, 2^−|·|
 * and its cut, 1/(1 + ·), the other share, and which is whose. Else for each component y − μ (once,
 * though kernels form it again for the sums), the inverse factor's rows, their squares; then the
 * largest, differences, exponentials, cuts, their sum, one division, and shares.
 */
function expectation(components: number, dim: number, set: InstructionSet): Work {
  if (components === 2 && dim === 1) {
    const chosen = set === 'gpu' ? 3 : 6;
    return sum(work(2 + 2 + 2 + 1 + chosen, 2), exp2(set));
  }
  const distances = times(components, work(2 * dim, packedLength(dim)));
  const exponentials = components === 2 ? 1 : components;
  const shares = work(
    components - 1 + components + 2 * components + components - 1 + 1 + components,
  );
  return sum(distances, shares, times(exponentials, exp2(set)));
}

/** One point's share in one component's sums: r, r δ, r δ δ′. */
const accumulation = (dim: number): Work => work(1 + 2 * dim, packedLength(dim));

/** From sums to weight, mean, covariance, Cholesky factor, and the next E-step's constants. */
function maximisation(dim: number): Work {
  const triangle = packedLength(dim);
  const solve = work(2 * dim, (dim * (dim + 1) * (dim + 2)) / 6);
  return sum(work(6 + 4 * dim + 3 * triangle, triangle), solve, times(dim + 1, LN));
}

/** K = 1 in closed form: per axis a mean, a χ² by one attempt, the frame; then T · factor. */
function closedForm(dim: number, set: InstructionSet): Work {
  const below = packedLength(dim) - dim;
  const blocks = dim + Math.ceil(below / 4);
  const pairs = dim + Math.ceil(below / 2);
  const chiSquared = sum(work(12, 10), LN);
  return sum(
    times(blocks, threefry(set)),
    times(pairs, NORMAL_PAIR),
    times(dim, sum(chiSquared, work(6))),
    work(0, (dim * (dim + 1) * (dim + 2)) / 6),
  );
}

/** meanShiftSquared, varianceRatio and logVarianceRatio of a model. */
const observation = (components: number, dim: number): Work =>
  sum(times(components * dim, work(2, 3)), LN);

/** A value in its moments (8) and its bin of 256 by halving, comparison and sum (16). */
const SUMMARY = work(8 + 16);

/** K = 1 without the closed form: two passes over the points. */
const twoPasses = (n: number, dim: number): Work =>
  sum(times(n, work(2 * dim, packedLength(dim))), maximisation(dim));

function emSteps(
  n: number,
  components: number,
  iterations: number,
  dim: number,
  set: InstructionSet,
) {
  const visit = sum(expectation(components, dim, set), times(components, accumulation(dim)));
  return times(iterations, sum(times(n, visit), times(components, maximisation(dim))));
}

function fitting(spec: PhaseSpec, dim: number, set: InstructionSet): Work {
  const { sampleSize: n, fit } = spec;
  const { components, iterations } = fit;
  if (isGrouped(spec)) return sum(times(2, closedForm(dim, set)), maximisation(dim));
  if (closedFormHolds(spec)) return closedForm(dim, set);
  const drawn = sampling(n, components, dim, set);
  if (isStandardised(spec)) return sum(drawn, twoPasses(n, dim));
  const placed = sum(drawn, placing(n, components, dim));
  if (components === 1) return sum(placed, twoPasses(n, dim));
  return sum(placed, emSteps(n, components, iterations, dim, set));
}

/**
 * Operations of one lane in one lineage-generation of a cell. Null where their number depends on
 * the data (EM that stops by tolerance, k-means, candidates) or on the generation.
 */
export function generationOps(cell: Spec, dim: number, set: InstructionSet): number | null {
  const spec = specAt(cell, 2);
  const { fit, statistics } = spec;
  if (fit.components > 1 && (fit.tolerance > 0 || fit.init === 'kmeans')) return null;
  if (isAssembled(cell) || cell.growth > 0) return null;
  const { single, pairs } = sum(
    fitting(spec, dim, set),
    observation(fit.components, dim),
    times(statistics.length, SUMMARY),
  );
  return single + pairs * (set === 'simd' ? 2 : 1);
}

/** Mean over the lineage-generations of a plan. */
export function planOps({ cells }: Plan, set: InstructionSet): number | null {
  let [ops, count] = [0, 0];
  for (const { spec, truth } of cells) {
    const each = generationOps(spec, truth.dim, set);
    if (each === null) return null;
    ops += each * spec.replicates * spec.generations;
    count += spec.replicates * spec.generations;
  }
  return ops / count;
}

/** Most lineage-generations a second that a device with this rate of operations could do. */
export const boundOf = (opsPerSecond: number, opsPerGeneration: number): number =>
  opsPerSecond / opsPerGeneration;

/** Bounds of the reference job computed from data sheets, by what adapters call themselves. */
const DOCUMENTED: readonly {
  readonly name: string;
  readonly match: RegExp;
  readonly rate: number;
}[] = [
  { name: 'UHD 620', match: /UHD Graphics 620/i, rate: 5.6e6 },
  { name: 'Iris Xe, 96 EU', match: /Iris\W.*Xe/i, rate: 34e6 },
  { name: 'Apple M1', match: /Apple M1\b(?! (?:Pro|Max|Ultra))/i, rate: 34e6 },
  { name: 'Apple M2', match: /Apple M2\b(?! (?:Pro|Max|Ultra))/i, rate: 47e6 },
  { name: 'H200', match: /\bH200\b/i, rate: 822e6 },
];

export interface DocumentedBound {
  readonly name: string;
  /** Reference job, lineage-generations a second. */
  readonly rate: number;
}

/** For an adapter known by name; null for others. */
export function documentedBound(description: string): DocumentedBound | null {
  const found = DOCUMENTED.find(({ match }) => match.test(description));
  return found ? { name: found.name, rate: found.rate } : null;
}
