/**
 * Exponentials. The polynomials are minimax, from tests/oracle/fit-exp.py, with their errors there:
 * 1.9e-7 of the value with products rounded, 1.7e-7 with fused ones, and 0 ↦ 1 exactly.
 */
import { add, clear, fma, fnma, max, min, mul, splat, sub } from '../simd';

/** 1.5 · 2²³: a sum with it has no place for fractions, so that its low bits are a whole number. */
const WHOLE: f32 = 12582912;

/**
 * eˣ. Relative error 2.5e-7 on |x| ≤ 87 (argument reduced by Cody and Waite's two parts of ln 2);
 * arguments beyond act as ±87.
 */
@inline
export function exp(x: v128): v128 {
  const held = max(min(x, splat(87)), splat(-87));
  const shifted = fma(held, splat(1.44269502), splat(WHOLE));
  const whole = sub(shifted, splat(WHOLE));
  const r = fnma(whole, splat(-2.1219444e-4), fnma(whole, splat(0.693359375), held));
  const s = mul(r, r);
  const low = fma(splat(0.999999702), r, splat(1));
  const middle = fma(splat(0.166676357), r, splat(0.499991506));
  const high = fma(splat(0.00829031505), r, splat(0.0418979302));
  return i32x4.add(fma(fma(high, s, middle), s, low), i32x4.shl(shifted, 23));
}

/** 2ˣ for x in [−126, 126]: relative error 1.9e-7. */
@inline
function exp2(x: v128): v128 {
  const shifted = add(x, splat(WHOLE));
  const f = sub(x, sub(shifted, splat(WHOLE)));
  const s = mul(f, f);
  const low = fma(splat(0.693147004), f, splat(1));
  const middle = fma(splat(0.0555073358), f, splat(0.240222424));
  const high = fma(splat(0.00132647273), f, splat(0.00967151299));
  return i32x4.add(fma(fma(high, s, middle), s, low), i32x4.shl(shifted, 23));
}

/** 64 nats in bits: RESPONSIBILITY_CUTOFF of src/model/gmm/em.ts. */
const CUTOFF_BITS: f32 = 92.3324826;
export const LOG2_E: f32 = 1.44269502;

/** 2ˣ for x ≤ 0; exactly 0 where x is more than 64 nats under 0, whatever exp2 makes of it. */
@inline
export function exp2Cut(x: v128): v128 {
  return clear(exp2(x), f32x4.lt(x, splat(-CUTOFF_BITS)));
}

/** eˣ for x ≤ 0; exactly 0 under −64. Error 3e-7 absolute. */
@inline
export function expCut(x: v128): v128 {
  return exp2Cut(mul(x, splat(LOG2_E)));
}
