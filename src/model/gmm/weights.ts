/**
 * What a fit weighs the points of its training set by, n together: a point x by the power q(x)^(−γ)
 * of its density under the parent, and real points together by a share of their own. Powers are
 * taken relative to the greatest of the sample, that of its least dense point, so that none
 * overflows and the least underflow to 0. Twin: shaders/gmm/weights.wgsl.
 */
import { createPrecision, prepare, responsibilities, type Components } from './em.ts';

/** Under a width of this, in units of the frame, a component of the parent is no denser. */
export const DENSITY_WIDTH = 2 ** -20;

/** −γ ln q of each point, up to a constant; components and points [n × dim] in one frame. */
export function tailLogs(parent: Components, points: Float64Array, power: number): Float64Array {
  const { dim, count } = parent;
  const logs = new Float64Array(points.length / dim);
  if (power === 0) return logs;
  const precision = createPrecision(dim, count);
  const shares = new Float64Array(count);
  prepare(parent, DENSITY_WIDTH, precision);
  return logs.map(
    (_, i) => -power * responsibilities(parent, precision, points, i, 1, shares, true),
  );
}

/**
 * Weights in place of their logarithms. `real` has 1 for each real point; `share` is what these
 * weigh together of 1, or null where real points weigh as others do. With a share each kind has a
 * greatest of its own. `counts` are how many points each stands for, null where each is one.
 */
export function weighPoints(
  logs: Float64Array,
  real: Uint8Array,
  share: number | null,
  counts: Float64Array | null = null,
): void {
  const greatest = [-Infinity, -Infinity];
  logs.forEach((log, i) => (greatest[real[i]!] = Math.max(greatest[real[i]!]!, log)));
  if (share === null) greatest.fill(Math.max(...greatest));
  const masses = [0, 0];
  logs.forEach((log, i) => {
    logs[i] = Math.exp(log - greatest[real[i]!]!) * (counts ? counts[i]! : 1);
    masses[real[i]!]! += logs[i]!;
  });
  const scales = classScales(masses[0]!, masses[1]!, share, logs.length);
  logs.forEach((weight, i) => (logs[i] = weight * scales[real[i]!]!));
}

/**
 * What weights of synthetic and of real points are multiplied by, where they sum to these masses so
 * far. Where there are points of one kind only, these have all the weight.
 */
export function classScales(
  synthetic: number,
  real: number,
  share: number | null,
  sampleSize: number,
): readonly [synthetic: number, real: number] {
  if (share === null || synthetic === 0 || real === 0) {
    const scale = sampleSize / (synthetic + real);
    return [scale, scale];
  }
  return [((1 - share) * sampleSize) / synthetic, (share * sampleSize) / real];
}
