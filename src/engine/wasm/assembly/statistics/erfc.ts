/**
 * Complementary error function, t e^(−x²) P(t) with t = 1/(1 + x/2).
 * Twins: src/model/statistics/erfc.ts, and shaders/statistics/erfc.wgsl, which has the polynomial.
 */
import { exp } from '../math/exp';
import { abs, clear, div, fma, min, mul, select, splat, splatI, sub, add } from '../simd';

/** erfc falls under f32's least normal number at 9.2. */
const ERFC_LIMIT: f32 = 9.2;

export function erfc(x: v128): v128 {
  const magnitude = abs(x);
  const t = div(splat(1), fma(splat(0.5), min(magnitude, splat(ERFC_LIMIT)), splat(1)));
  let p = fma(splat(0.00277669379), t, splat(-0.0735777766));
  p = fma(p, t, splat(0.317221642));
  p = fma(p, t, splat(-0.528598249));
  p = fma(p, t, splat(0.310570717));
  p = fma(p, t, splat(-0.0429612249));
  p = fma(p, t, splat(0.207926676));
  p = fma(p, t, splat(0.242071971));
  p = fma(p, t, splat(0.282488286));
  p = fma(p, t, splat(0.282081187));
  const whole = mul(mul(t, p), expMinusSquare(magnitude));
  const tail = clear(whole, f32x4.gt(magnitude, splat(ERFC_LIMIT)));
  return select(sub(splat(2), tail), tail, f32x4.lt(x, splat(0)));
}

/** e^(−x²), 0 ≤ x < 10, the square split in two so that its rounding does not show. */
@inline
function expMinusSquare(x: v128): v128 {
  const bounded = min(x, splat(10));
  const high = v128.and(bounded, splatI(0xfffff000));
  const rest = mul(sub(high, bounded), add(high, bounded));
  return mul(exp(mul(f32x4.neg(high), high)), exp(rest));
}

/** Φ(x), relative accuracy in the lower tail. */
export function normalCdf(x: v128): v128 {
  return mul(splat(0.5), erfc(mul(splat(-0.707106781), x)));
}
