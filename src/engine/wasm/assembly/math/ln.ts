/**
 * ln x to 1.5 ulp for normal x > 0. Twins: src/model/math/ln.ts and shaders/math/ln.wgsl, which has
 * the polynomial and says where it comes from.
 */
import { constant, fma, mul, sub } from '../simd';

/** −½, and ln 2 in two parts, the second of them few bits (Cody and Waite). */
const PARTS = memory.data<f32>([-0.5, -2.1219444e-4, 0.693359375]);
/** (ln(1 + t) − t + t²/2) / t³, minimax on [√½ − 1, √2 − 1], lowest first. */
const CUBIC = memory.data<f32>([
  0.333333313, -0.250008196, 0.200012267, -0.166233584, 0.142017573, -0.131601781, 0.12761578,
  -0.076345101,
]);
/** Bits of √½, those of a mantissa, and of 1. */
const BITS = memory.data<i32>([0x3f3504f3, 0x007fffff, 0x3f800000]);

/** e ln 2 + ln(1 + t), t in [√½ − 1, √2 − 1], e a whole number. */
@inline
export function lnOfParts(t: v128, e: v128): v128 {
  const tail = fma(mul(t, t), fma(t, cubic(t), constant(PARTS, 0)), mul(e, constant(PARTS, 1)));
  return fma(e, constant(PARTS, 2), f32x4.add(t, tail));
}

/** (ln(1 + t) − t + t²/2) / t³, minimax on the same interval. */
@inline
export function cubic(t: v128): v128 {
  const s = mul(t, t);
  const p01 = fma(constant(CUBIC, 1), t, constant(CUBIC, 0));
  const p23 = fma(constant(CUBIC, 3), t, constant(CUBIC, 2));
  const p45 = fma(constant(CUBIC, 5), t, constant(CUBIC, 4));
  const p67 = fma(constant(CUBIC, 7), t, constant(CUBIC, 6));
  return fma(fma(p67, s, p45), mul(s, s), fma(p23, s, p01));
}

@inline
export function ln(x: v128): v128 {
  const root = constant(BITS, 0);
  const shifted = i32x4.sub(x, root);
  const m = i32x4.add(v128.and(shifted, constant(BITS, 1)), root);
  const e = f32x4.convert_i32x4_s(i32x4.shr_s(shifted, 23));
  return lnOfParts(sub(m, constant(BITS, 2)), e);
}
