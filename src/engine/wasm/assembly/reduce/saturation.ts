/** Values held at ±1e18, as they leave for the host. Twin: src/model/status.ts. */
import { abs, splat } from '../simd';

/** The f32 nearest to 1e18, where every value stops. */
export const SATURATION: f32 = 1e18;

/** f32 cannot hold 1e18: what was held there leaves as the host's own ±1e18. */
@inline
export function decoded(value: f32): f64 {
  if (Mathf.abs(value) >= SATURATION) return value > 0 ? 1e18 : -1e18;
  return <f64>value;
}

@inline
export function isSaturated(values: v128): v128 {
  return f32x4.ge(abs(values), splat(SATURATION));
}
