/**
 * A fit to standard normals, multiplied onto the Gaussian they stand for: sampling and fit commute
 * with affine maps. Twins: src/model/assemble/compose.ts, shaders/assemble/compose.wgsl.
 */
import { constrainFactor } from '../gmm/em';
import { exponentsAt, factorsAt, meansAt, MODEL, setFactor, STATUS, weightsAt } from '../gmm/model';
import { STATUS_DEGENERATE } from '../gmm/status';
import { scaleBy, ZERO_EXPONENT } from '../math/exponent';
import { lowerRow, multiplyLower } from '../math/triangular';
import { D, MOST_TRI } from '../shape';
import { add, addI, clear, get, nth, or, put, splat, splatI, VECTOR } from '../simd';
import { frameScale, moveOrigin, setFrame, writeFrame } from './sources';

const PRODUCT = memory.data(MOST_TRI * VECTOR, 16);

/** MODEL: the parent's affine map after the fit's, constrained as a fit is. */
export function composeModel(parent: usize, mean: usize, factor: usize, status: v128): void {
  const factors = nth(parent, factorsAt(1));
  const width = get(parent, exponentsAt(1));
  setFrame(parent);
  for (let a = 0; a < D; a++) {
    const offset = lowerRow(factors, a, mean);
    moveOrigin(a, add(get(parent, meansAt(1) + a), scaleBy(offset, width)));
    put(MODEL, meansAt(1) + a, splat(0));
  }
  multiplyLower(factors, factor, PRODUCT);
  constrainFactor(PRODUCT);
  const exponent = setFactor(nth(MODEL, factorsAt(1)), PRODUCT);
  const nothing = splatI(ZERO_EXPONENT);
  const dead = or(i32x4.eq(exponent, nothing), i32x4.eq(width, nothing));
  writeFrame(addI(frameScale(), clear(addI(width, exponent), dead)));
  put(MODEL, weightsAt(), splat(1));
  put(MODEL, exponentsAt(1), v128.and(nothing, dead));
  put(MODEL, STATUS, or(status, v128.and(splatI(STATUS_DEGENERATE), dead)));
}
