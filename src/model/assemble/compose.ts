/**
 * A fit to standard normals, multiplied onto the Gaussian they stand for: sampling and fit commute
 * with affine maps. Twin: shaders/assemble/compose.wgsl.
 */
import { ZERO_EXPONENT, type FramedModel } from '../frame.ts';
import { constrainFactor, type Covariance } from '../gmm/em.ts';
import { emptyModel, normaliseFactor } from '../gmm/model.ts';
import { scaleBy } from '../math/exponent.ts';
import { lowerRow, multiplyLower } from '../math/triangular.ts';
import { packedLength } from '../mixture.ts';
import { STATUS_BITS } from '../status.ts';
import { moveOrigin } from './sources.ts';

/** The parent's affine map after the fit's, constrained as a fit is. */
export function composeModel(
  parent: FramedModel,
  mean: Float64Array,
  factor: Float64Array,
  covariance: Covariance,
  status: number,
): FramedModel {
  const { dim } = parent;
  const model = emptyModel(dim, 1);
  const origin = parent.origin.slice();
  const originLow = parent.originLow.slice();
  const frame = { origin, originLow, scale: parent.scale };
  for (let a = 0; a < dim; a++) {
    const offset = lowerRow(parent.factors, 0, a, mean);
    moveOrigin(frame, a, parent.means[a]! + scaleBy(offset, parent.exponents[0]!));
  }
  multiplyLower(parent.factors, factor, dim, model.factors);
  constrainFactor(model.factors, dim, covariance);
  const exponent = normaliseFactor(model.factors, 0, packedLength(dim));
  const dead = exponent === ZERO_EXPONENT || parent.exponents[0] === ZERO_EXPONENT;
  model.weights[0] = 1;
  model.origin.set(origin);
  model.originLow.set(originLow);
  model.scale = dead ? parent.scale : parent.scale + parent.exponents[0]! + exponent;
  model.exponents[0] = dead ? ZERO_EXPONENT : 0;
  model.status = status | (dead ? STATUS_BITS.degenerate : 0);
  return model;
}
