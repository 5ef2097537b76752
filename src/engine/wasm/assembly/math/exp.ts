/**
 * Exponentials. The polynomials are minimax, from tests/oracle/fit-exp.py, with their errors there:
 * 1.9e-7 of the value with products rounded, 1.7e-7 with fused ones, and 0 ↦ 1 exactly.
 */
import { add, clear, constant, fma, fnma, max, min, mul, splat, sub } from '../simd';

/** 87, −87, log₂ e, and ln 2 in two parts, the second of them few bits. */
const PARTS = memory.data<f32>([87, -87, 1.44269502, -2.1219444e-4, 0.693359375]);
/** 1.5 · 2²³: a sum with it has no place for fractions, so that its low bits are a whole number. */
const WHOLE = memory.data<f32>([12582912]);
/** Coefficients of eˣ and of 2ˣ, lowest first. */
const EXP = memory.data<f32>([
  1, 0.999999702, 0.499991506, 0.166676357, 0.0418979302, 0.00829031505,
]);
const EXP2 = memory.data<f32>([
  1, 0.693147004, 0.240222424, 0.0555073358, 0.00967151299, 0.00132647273,
]);

@inline
function quintic(c: usize, x: v128): v128 {
  const s = mul(x, x);
  const low = fma(constant(c, 1), x, constant(c, 0));
  const middle = fma(constant(c, 3), x, constant(c, 2));
  const high = fma(constant(c, 5), x, constant(c, 4));
  return fma(fma(high, s, middle), s, low);
}

/**
 * eˣ. Relative error 2.5e-7 on |x| ≤ 87 (argument reduced by Cody and Waite's two parts of ln 2);
 * arguments beyond act as ±87.
 */
@inline
export function exp(x: v128): v128 {
  const held = max(min(x, constant(PARTS, 0)), constant(PARTS, 1));
  const shifted = fma(held, constant(PARTS, 2), constant(WHOLE, 0));
  const whole = sub(shifted, constant(WHOLE, 0));
  const r = fnma(whole, constant(PARTS, 3), fnma(whole, constant(PARTS, 4), held));
  return i32x4.add(quintic(EXP, r), i32x4.shl(shifted, 23));
}

/** 2ˣ for x in [−126, 126]: relative error 1.9e-7. */
@inline
function exp2(x: v128): v128 {
  const whole = constant(WHOLE, 0);
  const shifted = add(x, whole);
  const f = sub(x, sub(shifted, whole));
  return i32x4.add(quintic(EXP2, f), i32x4.shl(shifted, 23));
}

/** −64 nats in bits: RESPONSIBILITY_CUTOFF of src/model/gmm/em.ts. */
const CUTOFF = memory.data<f32>([-92.3324826]);
export const LOG2_E: f32 = 1.44269502;

/** 2ˣ for x ≤ 0; exactly 0 where x is more than 64 nats under 0, whatever exp2 makes of it. */
@inline
export function exp2Cut(x: v128): v128 {
  return clear(exp2(x), f32x4.lt(x, constant(CUTOFF, 0)));
}

/** eˣ for x ≤ 0; exactly 0 under −64. Error 3e-7 absolute. */
@inline
export function expCut(x: v128): v128 {
  return exp2Cut(mul(x, splat(LOG2_E)));
}
