/**
 * Powers of two, exact: the only way values change frame.
 * Twins: src/model/math/exponent.ts, shaders/math/exponent.wgsl.
 */
import { constant, max, maxI, min, minI, mul, select, splatI } from '../simd';

/** 2⁵⁹: squares and sums of squares of moved values stay finite. */
export const FRAME_LIMIT: f32 = 576460752303423488;
export const ZERO_EXPONENT: i32 = -1000000;

/** ±FRAME_LIMIT. */
const LIMITS = memory.data<f32>([FRAME_LIMIT, -FRAME_LIMIT]);
/** Most and least exponent of scaleBy, and the bias of f32. */
const EXPONENTS = memory.data<i32>([252, -252, 127]);

/** e with |x| = m · 2^e, m in [½, 1); ZERO_EXPONENT for 0 and for denormals. */
@inline
export function exponentOf(x: v128): v128 {
  const biased = v128.and(i32x4.shr_u(x, 23), splatI(255));
  const zero = i32x4.eq(biased, splatI(0));
  return select(splatI(ZERO_EXPONENT), i32x4.sub(biased, splatI(126)), zero);
}

/** 2^e for e in [−126, 127]. */
@inline
export function powerOfTwo(e: v128): v128 {
  return i32x4.shl(i32x4.add(e, constant(EXPONENTS, 2)), 23);
}

/** x, held within ±FRAME_LIMIT. */
@inline
export function hold(x: v128): v128 {
  return max(min(x, constant(LIMITS, 0)), constant(LIMITS, 1));
}

/** x · 2^e, held within ±FRAME_LIMIT; exponents beyond ±252 act as ±252. */
@inline
export function scaleBy(x: v128, e: v128): v128 {
  const bounded = maxI(minI(e, constant(EXPONENTS, 0)), constant(EXPONENTS, 1));
  const half = i32x4.shr_s(bounded, 1);
  const rest = i32x4.sub(bounded, half);
  return hold(mul(mul(x, powerOfTwo(half)), powerOfTwo(rest)));
}
