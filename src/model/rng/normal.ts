/**
 * Uniforms and Box–Muller normals from 32-bit words. The radius uses (word | 1)/2³², the midpoints
 * of 2³¹ equal cells, so it stops at √(−2 ln 2⁻³²) = 6.66 and is never infinite; the angle is
 * reduced by integer arithmetic to an octant pair. Twin: shaders/rng/normal.wgsl.
 */

/** [0, 1) in steps of 2⁻²⁴: exact in f32, so engines compare it with the same thresholds. */
export const unitUniform = (word: number): number => (word >>> 8) * 2 ** -24;

/** −2 ln((word | 1) / 2³²), > 0. */
export const radiusSquared = (word: number): number => -2 * Math.log(((word | 1) >>> 0) * 2 ** -32);

/** E ~ Exp(1): half of radiusSquared. */
export const exponential = (word: number): number => 0.5 * radiusSquared(word);

/** cos and sin of 2π · word / 2³². */
export function turn(word: number): [number, number] {
  const quadrant = ((word + 0x20000000) >>> 30) & 3;
  // The signed remainder of a quarter turn, in [−½, ½) quarters.
  const angle = ((word << 2) | 0) * (2 ** -32 * (Math.PI / 2));
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  if (quadrant === 0) return [c, s];
  if (quadrant === 1) return [-s, c];
  if (quadrant === 2) return [-c, -s];
  return [s, -c];
}

/** Two independent standard normals. */
export function normalPair(radiusWord: number, angleWord: number): [number, number] {
  const radius = Math.sqrt(radiusSquared(radiusWord));
  const [c, s] = turn(angleWord);
  return [radius * c, radius * s];
}

/** ⌊word · count / 2³²⌋: a row number, the same integer on every engine. */
export const wordBelow = (word: number, count: number): number =>
  Math.floor(((word >>> 0) * count) / 2 ** 32);
