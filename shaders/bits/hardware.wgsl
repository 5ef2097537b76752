// What GPUs and CPUs do best in different ways: `package::bits` on hardware. software.wgsl has the
// same functions with the same bits.

/// Rotation to the left by bits: `factor` is 2^bits and `rest` 32 - bits. Products are shifts to a
/// compiler.
fn rotatePair(x: vec2<u32>, factor: vec2<u32>, rest: vec2<u32>) -> vec2<u32> {
  return (x * factor) | (x >> rest);
}

/// [0, 1) in steps of 2^-24.
fn fractionOf(word: u32) -> f32 {
  return f32(word >> 8u) * 0x1p-24f;
}

/// t and e with odd / 2^32 = 2^e (1 + t), t in [sqrt(1/2) - 1, sqrt(2) - 1). The mantissa's distance
/// from 1 is formed in integers, exactly.
fn lnParts(odd: u32) -> vec2<f32> {
  let zeros = countLeadingZeros(odd);
  let m = odd << zeros;
  // 0xb504f334 = sqrt(1/2) 2^32: fold the mantissa to [sqrt(1/2), sqrt(2)).
  let low = m < 0xb504f334u;
  let t = select(-f32(~m + 1u) * 0x1p-32f, f32(m & 0x7fffffffu) * 0x1p-31f, low);
  return vec2<f32>(t, -f32(zeros + select(0u, 1u, low)));
}

/// The larger of two numbers.
fn larger(x: f32, y: f32) -> f32 {
  return max(x, y);
}
