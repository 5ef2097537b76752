/** Values held at ±1e18, as they leave for the host. Twin: src/model/status.ts. */

/** The f32 nearest to 1e18, where every value stops. */
export const SATURATION: f32 = 1e18;
/** Its bits: f32 of one sign are ordered as theirs are. */
export const SATURATION_BITS: i32 = 0x5d5e0b6b;

/** f32 cannot hold 1e18: what was held there leaves as the host's own ±1e18. */
@inline
export function decoded(value: f32): f64 {
  if (Mathf.abs(value) >= SATURATION) return value > 0 ? 1e18 : -1e18;
  return <f64>value;
}

/** Bits of an f32 without its sign. */
export const MAGNITUDE: i32 = 0x7fffffff;

/** Of values; what is not a number counts as one. */
@inline
export function isSaturated(values: v128): v128 {
  const magnitude = v128.and(values, i32x4.splat(MAGNITUDE));
  return i32x4.gt_s(magnitude, i32x4.splat(SATURATION_BITS - 1));
}
