/**
 * Uniforms and Box–Muller normals from 32-bit words. Twins: src/model/rng/normal.ts and
 * shaders/rng/normal.wgsl, which has the polynomials. Errors in f32: squared radius 2.5 ulp, sine
 * and cosine 1.3e-7 absolute.
 */
import { lnOfParts } from '../math/ln';
import { constant, fma, mul, select, splat, splatI, sqrt } from '../simd';

/** Bits of words and mantissas: see radiusSquared. 0xb504f334 = √½ · 2³². */
const BITS = memory.data<u32>([1, 0x7fffffff, 0xb504f334, 0x3f3504f3, 0x007fffff]);
/** 2⁻³², 2⁻³¹, 1 and −2. */
const UNITS = memory.data<f32>([2.3283064365386963e-10, 4.656612873077393e-10, 1, -2]);
/** π/2 / 2³². */
const ANGLE = memory.data<f32>([3.657295198e-10]);
/** (sin x − x) / x³ and cos x by powers of x², |x| ≤ π/4, lowest first. */
const SINE = memory.data<f32>([-0.166666552, 0.00833218079, -0.000195175933]);
const COSINE = memory.data<f32>([1, -0.5, 0.0416666456, -0.00138873782, 2.44394832e-5]);
/** An eighth of a turn, and the sign of a float. */
const TURNS = memory.data<u32>([0x20000000, 0x80000000]);

/** [0, 1) in steps of 2⁻²⁴. */
@inline
export function unitUniform(word: v128): v128 {
  return mul(f32x4.convert_i32x4_s(i32x4.shr_u(word, 8)), splat(5.9604644775390625e-8));
}

/**
 * −2 ln((word | 1) / 2³²) > 0. In the upper half of the words the mantissa's distance from 1 is
 * formed in integers, exactly; in the lower half −ln is over 0.69, and the word may be rounded.
 */
@inline
export function radiusSquared(word: v128): v128 {
  const odd = v128.or(word, constant(BITS, 0));
  const upper = i32x4.shr_s(odd, 31);
  // The mantissa is folded to [√½, √2).
  const near = v128.and(upper, i32x4.ge_s(odd, constant(BITS, 2)));
  // Near 1 the word as a signed number is its distance from 2³²; elsewhere its sign bit goes.
  const part = select(odd, v128.and(odd, constant(BITS, 1)), near);
  const x = f32x4.convert_i32x4_s(part);
  const root = constant(BITS, 3);
  const shifted = i32x4.sub(x, root);
  const m = i32x4.add(v128.and(shifted, constant(BITS, 4)), root);
  const farT = f32x4.sub(m, constant(UNITS, 2));
  const farE = i32x4.sub(i32x4.shr_s(shifted, 23), splatI(32));
  const unit = select(constant(UNITS, 0), constant(UNITS, 1), near);
  const t = select(mul(x, unit), farT, upper);
  const e = select(v128.not(near), farE, upper);
  return mul(constant(UNITS, 3), lnOfParts(t, f32x4.convert_i32x4_s(e)));
}

/** E ~ Exp(1). */
@inline
export function exponential(word: v128): v128 {
  return mul(splat(0.5), radiusSquared(word));
}

/** 2π · word / 2³² less its nearest quarter turns, in [−π/4, π/4]. */
@inline
function angleOf(word: v128): v128 {
  return mul(f32x4.convert_i32x4_s(i32x4.shl(word, 2)), constant(ANGLE, 0));
}

@inline
function sine(x: v128, s: v128): v128 {
  const p = fma(fma(constant(SINE, 2), s, constant(SINE, 1)), s, constant(SINE, 0));
  return fma(mul(x, s), p, x);
}

@inline
function cosine(s: v128): v128 {
  const p = fma(fma(constant(COSINE, 4), s, constant(COSINE, 3)), s, constant(COSINE, 2));
  return fma(fma(p, s, constant(COSINE, 1)), s, constant(COSINE, 0));
}

/**
 * Vectors 0 and 1 at `out`: cosine and sine of 2π · word / 2³², times the radius that is there.
 */
@inline
function turnBy(word: v128, out: usize): void {
  const radius = v128.load(out);
  const x = angleOf(word);
  const s = mul(x, x);
  const sin = sine(x, s);
  const cos = cosine(s);
  // Bits 31 and 30: which quarter turn is nearest.
  const quadrant = i32x4.add(word, constant(TURNS, 0));
  const next = i32x4.shl(quadrant, 1);
  const swapped = i32x4.shr_s(next, 31);
  const sign = constant(TURNS, 1);
  const first = v128.and(v128.xor(quadrant, next), sign);
  const second = v128.and(quadrant, sign);
  v128.store(out, mul(radius, v128.xor(select(sin, cos, swapped), first)));
  v128.store(out, mul(radius, v128.xor(select(cos, sin, swapped), second)), 16);
}

/**
 * Turns pairs of words (radius, angle), `step` bytes apart, into pairs of normals where they lie.
 * All radii come first: short loops, of which the processor has several turns in hand at a time.
 */
export function normalsOfWords(pairs: usize, end: usize, step: i32): void {
  for (let p = pairs; p < end; p += step) {
    v128.store(p, sqrt(radiusSquared(v128.load(p))));
  }
  for (let p = pairs; p < end; p += step) turnBy(v128.load(p, 16), p);
}

/** Two independent standard normals, vectors 0 and 1 at `out`. */
@inline
export function normalPair(radiusWord: v128, angleWord: v128, out: usize): void {
  v128.store(out, sqrt(radiusSquared(radiusWord)));
  turnBy(angleWord, out);
}

/** The first of two. */
@inline
export function firstNormal(radiusWord: v128, angleWord: v128): v128 {
  const x = angleOf(angleWord);
  const s = mul(x, x);
  const quadrant = i32x4.add(angleWord, constant(TURNS, 0));
  const next = i32x4.shl(quadrant, 1);
  const first = v128.and(v128.xor(quadrant, next), constant(TURNS, 1));
  const cos = select(sine(x, s), cosine(s), i32x4.shr_s(next, 31));
  return mul(sqrt(radiusSquared(radiusWord)), v128.xor(cos, first));
}

/** ⌊word · count / 2³²⌋. */
@inline
export function wordBelow(word: v128, count: v128): v128 {
  const low = i64x2.extmul_low_i32x4_u(word, count);
  const high = i64x2.extmul_high_i32x4_u(word, count);
  return v128.shuffle<i32>(low, high, 1, 3, 5, 7);
}
