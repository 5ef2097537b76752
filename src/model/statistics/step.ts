/**
 * KL(q_{t−1}‖q_t), what one step forgets. Both models are taken in the child's frame, so that two
 * narrow ones far from the origin keep their digits. Closed form for one component, else nodes of
 * the parent. Twin: shaders/statistics/step.wgsl.
 */
import { MAX_EM_DIM } from '../../spec/parameter.ts';
import type { FramedModel } from '../frame.ts';
import { scaleBy } from '../math/exponent.ts';
import { ln } from '../math/ln.ts';
import {
  SILENT,
  frameGaussians,
  prepareGaussians,
  squaredRadius,
  stretch,
  type Gaussians,
} from './density.ts';
import { overlap, ownEntropy, ownTerm } from './entropy.ts';
import { gaussianKlTo } from './likelihood.ts';
import { forEachNode, type Coordinate } from './nodes.ts';

/** The parent in the frame of its child. */
export function parentGaussians(parent: FramedModel, child: FramedModel): Gaussians {
  const { dim, weights, means, factors, exponents } = parent;
  const step = parent.scale - child.scale;
  const moved = means.map((m, at) => {
    const a = at % dim;
    const low = parent.originLow[a]! - child.originLow[a]!;
    const shift = parent.origin[a]! - child.origin[a]! + low;
    return scaleBy(shift, -child.scale) + scaleBy(m, step);
  });
  const widths = exponents.map((e) => e + step);
  return prepareGaussians({ dim, weights, means: moved, factors, exponents: widths });
}

/** −SILENT, for +∞, where the parent has a component without width, or the child nothing else. */
export function stepKl(
  parent: FramedModel,
  child: FramedModel,
  nodes: number,
  coordinate: Coordinate,
): number {
  const before = parentGaussians(parent, child);
  const after = frameGaussians(child);
  if (ownEntropy(before) === SILENT) return -SILENT;
  if (before.count === 1) return gaussianKlTo(before, after);
  let sum = 0;
  forEachNode(before, nodes, coordinate, (k, z, weight) => {
    const own = overlap(before, k, z) + ownTerm(before, k, z);
    sum += weight * (own - densityAround(before, k, z, after));
  });
  return sum;
}

const offset = new Float64Array(MAX_EM_DIM);
const delta = new Float64Array(MAX_EM_DIM);

/** ln density of `g` at the standard normal z of component k of `home`, by differences of means. */
export function densityAround(home: Gaussians, k: number, z: Float64Array, g: Gaussians): number {
  const { dim, means } = home;
  stretch(home, k, z, offset);
  let best = SILENT;
  let sum = 0;
  for (let l = 0; l < g.count; l++) {
    if (g.constants[l] === SILENT) continue;
    for (let a = 0; a < dim; a++) {
      delta[a] = means[k * dim + a]! - g.means[l * dim + a]! + offset[a]!;
    }
    const term = g.constants[l]! - 0.5 * squaredRadius(g, l, delta);
    const top = sum > 0 ? Math.max(best, term) : term;
    sum = (sum > 0 ? sum * Math.exp(best - top) : 0) + Math.exp(term - top);
    best = top;
  }
  return sum > 0 ? best + ln(sum) : SILENT;
}
