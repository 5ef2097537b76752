/**
 * Powers of two, exact: the only way values change frame. Twin: shaders/math/exponent.wgsl.
 */

/** Magnitudes are held under this when moved between frames, so that their squares stay finite. */
export const FRAME_LIMIT = 2 ** 59;

const bits = new DataView(new ArrayBuffer(8));

/** e with |x| = m · 2^e, m ∈ [½, 1); −1_000_000 (ZERO_EXPONENT) for 0. */
export function exponentOf(x: number): number {
  if (x === 0) return -1_000_000;
  bits.setFloat64(0, x);
  return ((bits.getUint32(0) >>> 20) & 0x7ff) - 1022;
}

/** x · 2^e, held within ±FRAME_LIMIT; exponents beyond ±252 act as ±252. */
export function scaleBy(x: number, e: number): number {
  const scaled = x * 2 ** Math.max(-252, Math.min(252, e));
  return Math.max(-FRAME_LIMIT, Math.min(FRAME_LIMIT, scaled));
}
