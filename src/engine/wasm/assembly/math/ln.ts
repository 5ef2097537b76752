/**
 * ln x to 1.5 ulp for normal x > 0. Twins: src/model/math/ln.ts and shaders/math/ln.wgsl, which has
 * the polynomial and says where it comes from.
 */
import { fma, mul, splat, splatI, sub } from '../simd';

/** e ln 2 + ln(1 + t), t in [√½ − 1, √2 − 1], e a whole number. */
@inline
export function lnOfParts(t: v128, e: v128): v128 {
  const tail = fma(mul(t, t), fma(t, cubic(t), splat(-0.5)), mul(e, splat(-2.1219444e-4)));
  return fma(e, splat(0.693359375), f32x4.add(t, tail));
}

/** (ln(1 + t) − t + t²/2) / t³, minimax on the same interval. */
@inline
export function cubic(t: v128): v128 {
  const s = mul(t, t);
  const p01 = fma(splat(-0.250008196), t, splat(0.333333313));
  const p23 = fma(splat(-0.166233584), t, splat(0.200012267));
  const p45 = fma(splat(-0.131601781), t, splat(0.142017573));
  const p67 = fma(splat(-0.076345101), t, splat(0.12761578));
  return fma(fma(p67, s, p45), mul(s, s), fma(p23, s, p01));
}

@inline
export function ln(x: v128): v128 {
  const shifted = i32x4.sub(x, splatI(0x3f3504f3));
  const m = i32x4.add(v128.and(shifted, splatI(0x007fffff)), splatI(0x3f3504f3));
  const e = f32x4.convert_i32x4_s(i32x4.shr_s(shifted, 23));
  return lnOfParts(sub(m, splat(1)), e);
}
