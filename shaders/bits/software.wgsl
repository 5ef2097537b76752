// `package::bits` where the adapter is a CPU; the same bits as hardware.wgsl, which says what they
// are. SwiftShader shifts vectors to the right lane by lane, 28 instructions for four lanes, and
// counts zeros likewise; through floats it takes four.

/// x >> rest where 22 bits of x or fewer are left. Those that stay are exact as a float; beside
/// 1.5 * 2^(23 + rest) its last digit is worth 2^rest, and the sum's own bits end in the result.
fn shiftedFar(x: u32, factor: u32, rest: u32) -> u32 {
  let beside = 0x1.8p55f / f32(factor);
  return bitcast<u32>(f32(bitcast<i32>(x & (0u - (1u << rest)))) + beside) & (factor - 1u);
}

/// x >> rest where more are left: by halves of x.
fn shiftedNear(x: u32, factor: u32, rest: u32) -> u32 {
  let beside = 0x1.8p55f / f32(factor);
  let high = bitcast<u32>(f32(bitcast<i32>(x & 0xffff0000u)) + 0x1.8p39f) & 0xffffu;
  let low = bitcast<u32>(f32(bitcast<i32>(x & (0x10000u - (1u << rest)))) + beside) & 0xffffu;
  return (high * (1u << (16u - rest))) | low;
}

fn rotate(x: u32, factor: u32, rest: u32) -> u32 {
  // All but x are constants where it is called, and the compiler keeps one side. Written with `if`
  // it takes three times as long to find that out.
  let down = select(shiftedNear(x, factor, rest), shiftedFar(x, factor, rest), rest >= 10u);
  return (x * factor) | down;
}

fn rotatePair(x: vec2<u32>, factor: vec2<u32>, rest: vec2<u32>) -> vec2<u32> {
  return vec2<u32>(rotate(x.x, factor.x, rest.x), rotate(x.y, factor.y, rest.y));
}

fn fractionOf(word: u32) -> f32 {
  // A signed word is the distance from 1/2.
  return f32(bitcast<i32>((word & 0xffffff00u) ^ 0x80000000u)) * 0x1p-32f + 0.5f;
}

fn lnParts(odd: u32) -> vec2<f32> {
  let high = f32(bitcast<i32>((odd & 0xffff0000u) ^ 0x80000000u)) + 0x1p31f;
  let low = f32(bitcast<i32>(odd & 0xffffu));
  // The power of two below; the one above where the sum rounds to it, which is then the nearer.
  let below = bitcast<f32>(bitcast<u32>(high + low) & 0x7f800000u);
  // Less 0xb504f334 / 2^31 times that, in two parts: what is near 0 has not been rounded.
  let apart = (high - below * 0x1.6a08p0f) + (low - below * 0x1.e668p-16f);
  let unit = select(below, below + below, apart >= 0.0);
  let bits = bitcast<u32>(unit);
  let t = ((high - unit) + low) * bitcast<f32>(0x7f000000u - bits);
  return vec2<f32>(t, f32(bitcast<i32>(bits)) * 0x1p-23f - 159.0);
}

fn larger(x: f32, y: f32) -> f32 {
  // SwiftShader's `max` asks of either number whether it is one: 35 instructions.
  return select(y, x, x > y);
}
