// Uniforms and Box-Muller normals from 32-bit words, with a logarithm and a sine of our own: WGSL
// promises its built-ins only to 2^-11 absolute. Errors: squared radius 1.5 ulp, sine and cosine
// 1.3e-7 absolute. Twin: src/model/rng/normal.ts.
import package::bits::{fractionOf, lnParts};
import package::math::ln::lnOfParts;

/// [0, 1) in steps of 2^-24.
fn unitUniform(word: u32) -> f32 {
  return fractionOf(word);
}

/// -2 ln((word | 1) / 2^32) > 0.
fn radiusSquared(word: u32) -> f32 {
  let parts = lnParts(word | 1u);
  return -2.0 * lnOfParts(parts.x, parts.y);
}

/// E ~ Exp(1).
fn exponential(word: u32) -> f32 {
  return 0.5 * radiusSquared(word);
}

/// cos and sin of 2 pi word / 2^32; polynomials on [-pi/4, pi/4], minimax, from
/// tests/oracle/fit-polynomials.py.
fn turn(word: u32) -> vec2<f32> {
  // The quadrant in the two bits at the top.
  let quadrant = word + 0x20000000u;
  let x = f32(bitcast<i32>(word * 4u)) * 3.657295198e-10f; // pi / 2 / 2^32
  let s = x * x;
  let sine = x + x * s * (-0.166666552f + s * (0.00833218079f + s * -0.000195175933f));
  let cosine =
    1.0 + s * (-0.5 + s * (0.0416666456f + s * (-0.00138873782f + s * 2.44394832e-5f)));
  let swapped = select(vec2<f32>(cosine, sine), vec2<f32>(-sine, cosine), (quadrant & 0x40000000u) != 0u);
  return select(swapped, -swapped, bitcast<i32>(quadrant) < 0);
}

/// Two independent standard normals.
fn normalPair(radiusWord: u32, angleWord: u32) -> vec2<f32> {
  return sqrt(radiusSquared(radiusWord)) * turn(angleWord);
}

/// floor(word count / 2^32) by 16-bit halves: WGSL has no 64-bit product.
fn wordBelow(word: u32, count: u32) -> u32 {
  let low = (word & 0xffffu) * (count & 0xffffu);
  let middle = (word >> 16u) * (count & 0xffffu) + (low >> 16u);
  let cross = (word & 0xffffu) * (count >> 16u) + (middle & 0xffffu);
  return (word >> 16u) * (count >> 16u) + (middle >> 16u) + (cross >> 16u);
}
