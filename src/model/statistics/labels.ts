/**
 * What the model's components, taken for labels, get right of the truth's points: each is named by
 * the truth's component it is nearest to, and labels where its weighted density is highest.
 * Twin: shaders/statistics/labels.wgsl.
 */
import { MAX_EM_DIM } from '../../spec/parameter.ts';
import { SILENT, logTerm, squaredRadius, type Gaussians } from './density.ts';
import type { TruthLevels } from './truth-levels.ts';

/** What is known of the truth, as in the tables of all statistics. */
interface LabelGround {
  readonly dim: number;
  readonly truth: Gaussians;
  /** [count × (dim + 2)]: position, weight, ln p₀. */
  readonly truthNodes: Float64Array;
  readonly levels: TruthLevels;
}

export interface Labelled {
  /** Of each mode's own points, the share labelled by it. */
  readonly recalls: Float64Array;
  /** Of the truth's central 90 %, the share labelled right. */
  readonly accuracy: number;
}

const delta = new Float64Array(MAX_EM_DIM);

/** Nearer means nearer by more than rounding, so that every engine sees the same equals. */
const NEARER = 1 - 2 ** -16;

/** The truth's component nearest to each of the model's, by its own covariance; first of equals. */
export function componentNames(g: Gaussians, truth: Gaussians): Int32Array {
  const names = new Int32Array(g.count);
  for (let k = 0; k < g.count; k++) {
    let nearest = Infinity;
    for (let j = 0; j < truth.count; j++) {
      for (let a = 0; a < g.dim; a++) {
        delta[a] = g.means[k * g.dim + a]! - truth.means[j * g.dim + a]!;
      }
      const radius = squaredRadius(truth, j, delta);
      if (radius < NEARER * nearest) [nearest, names[k]] = [radius, j];
    }
  }
  return names;
}

/**
 * How far mode j's label is ahead of any other at x: ln of the ratio of the highest weighted
 * densities. Far under 0 where no component has its name.
 */
export function labelMargin(g: Gaussians, names: Int32Array, j: number, x: Float64Array): number {
  let own = 2 * SILENT;
  let other = 2 * SILENT;
  for (let k = 0; k < g.count; k++) {
    const term = g.constants[k] === SILENT ? 2 * SILENT : logTerm(g, k, x);
    if (names[k] === j) own = Math.max(own, term);
    else other = Math.max(other, term);
  }
  return own > 2 * SILENT ? own - other : SILENT;
}

/** Share of a segment on which what is `before` and `now` at its ends is at least 0. */
export function shareOver(before: number, now: number): number {
  const top = Math.max(before, now);
  const bottom = Math.min(before, now);
  if (top < 0) return 0;
  return bottom < 0 ? top / (top - bottom) : 1;
}

/** Adds up over the truth's nodes: at d = 1 from each to the next of its mode, above one by one. */
export function labelled(g: Gaussians, ground: LabelGround): Labelled {
  const { truth, truthNodes, dim } = ground;
  const recalls = new Float64Array(truth.count).fill(1);
  if (truth.count === 1) return { recalls, accuracy: 1 };
  const names = componentNames(g, truth);
  const each = truthNodes.length / (dim + 2) / truth.count;
  let central = 0;
  let right = 0;
  for (let j = 0; j < truth.count; j++) {
    let mass = 0;
    let own = 0;
    let before: Node | null = null;
    for (let i = 0; i < each; i++) {
      const now = nodeAt(g, ground, names, j, j * each + i);
      const from: Node | null = dim > 1 ? now : before;
      before = now;
      if (from === null) continue;
      const weight = 0.5 * (from.weight + now.weight);
      const bulk = 0.5 * weight * (from.bulk + now.bulk);
      const share = shareOver(from.margin, now.margin);
      mass += weight;
      own += weight * share;
      central += bulk;
      right += bulk * share;
    }
    recalls[j] = own / mass;
  }
  return { recalls, accuracy: right / central };
}

interface Node {
  readonly weight: number;
  /** 1 in the truth's central 90 %, else 0. */
  readonly bulk: number;
  readonly margin: number;
}

/** Row `number` of the truth's nodes, which is one of mode j. */
function nodeAt(
  g: Gaussians,
  { dim, truthNodes, levels }: LabelGround,
  names: Int32Array,
  j: number,
  number: number,
): Node {
  const at = number * (dim + 2);
  const x = truthNodes.subarray(at, at + dim);
  const inside = dim === 1 ? x[0]! : truthNodes[at + dim + 1]!;
  const bulk = inside >= levels.lower[0]! && (dim > 1 || inside <= levels.upper[0]!);
  const margin = labelMargin(g, names, j, x);
  return { weight: truthNodes[at + dim]!, bulk: bulk ? 1 : 0, margin };
}
