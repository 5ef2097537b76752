/**
 * Densities as data, on grids in the truth's own coordinates: marginals over one or two of the
 * axes. Each component is smoothed by half a grid step, so that a model narrower than a pixel
 * shows as a spike of the right mass (to 1.5 %) and never falls between two grid points.
 */
import type { FramedModel } from '../../model/frame.ts';
import { unframeModel } from '../../model/gmm/model.ts';
import { packedIndex, type Mixture } from '../../model/mixture.ts';
import type { Truth } from '../../model/truth.ts';

/** Equally spaced points. */
export interface Grid {
  readonly from: number;
  readonly step: number;
  readonly count: number;
}

/** Smoothing in grid steps: the sum over a grid of a spike is then 1 to 2·e^(−π²/2) = 1.4 %. */
const SMOOTHING = 0.5;

/** A lineage's model in the truth's coordinates. */
export const absoluteMixture = (model: FramedModel, truth: Truth): Mixture =>
  unframeModel(model, truth.mean, truth.log2Unit);

/** A grid of `count` points over every component, `spread` standard deviations to each side. */
export function gridOver(mixture: Mixture, axis: number, count: number, spread = 4): Grid {
  let low = Infinity;
  let high = -Infinity;
  mixture.weights.forEach((weight, k) => {
    if (weight === 0) return;
    const sd = Math.sqrt(mixture.covariances[k]![packedIndex(axis, axis)]!);
    low = Math.min(low, mixture.means[k]![axis]! - spread * sd);
    high = Math.max(high, mixture.means[k]![axis]! + spread * sd);
  });
  return { from: low, step: (high - low) / (count - 1), count };
}

/** Marginal density over one axis at each grid point. */
export function density1d(mixture: Mixture, axis: number, grid: Grid): Float64Array {
  const density = new Float64Array(grid.count);
  const blur = (SMOOTHING * grid.step) ** 2;
  mixture.weights.forEach((weight, k) => {
    if (weight === 0) return;
    const variance = mixture.covariances[k]![packedIndex(axis, axis)]! + blur;
    const height = weight / Math.sqrt(2 * Math.PI * variance);
    const mean = mixture.means[k]![axis]!;
    for (let i = 0; i < grid.count; i++) {
      const offset = grid.from + i * grid.step - mean;
      density[i]! += height * Math.exp((-0.5 * offset * offset) / variance);
    }
  });
  return density;
}

/** Marginal density over two axes, [y × x] row-major. */
export function density2d(
  mixture: Mixture,
  axes: readonly [number, number],
  gridX: Grid,
  gridY: Grid,
): Float64Array {
  const density = new Float64Array(gridX.count * gridY.count);
  mixture.weights.forEach((weight, k) => {
    if (weight > 0) addComponent2d(density, mixture, k, axes, gridX, gridY);
  });
  return density;
}

function addComponent2d(
  density: Float64Array,
  mixture: Mixture,
  k: number,
  [x, y]: readonly [number, number],
  gridX: Grid,
  gridY: Grid,
) {
  const covariance = mixture.covariances[k]!;
  const mean = mixture.means[k]!;
  const varianceX = covariance[packedIndex(x, x)]! + (SMOOTHING * gridX.step) ** 2;
  const varianceY = covariance[packedIndex(y, y)]! + (SMOOTHING * gridY.step) ** 2;
  const shared = covariance[packedIndex(Math.max(x, y), Math.min(x, y))]!;
  const slope = shared / varianceX;
  // y given x: the blur keeps this positive however thin the component is.
  const rest = varianceY - slope * shared;
  const height = mixture.weights[k]! / (2 * Math.PI * Math.sqrt(varianceX * rest));
  for (let j = 0; j < gridY.count; j++) {
    const offsetY = gridY.from + j * gridY.step - mean[y]!;
    for (let i = 0; i < gridX.count; i++) {
      const offsetX = gridX.from + i * gridX.step - mean[x]!;
      const residual = offsetY - slope * offsetX;
      const exponent = (offsetX * offsetX) / varianceX + (residual * residual) / rest;
      density[j * gridX.count + i]! += height * Math.exp(-0.5 * exponent);
    }
  }
}
