// Threefry4x32 (Salmon et al., SC 2011), held to Random123's known answers.
// Twin: src/model/rng/threefry.ts.
import package::bits::rotatePair;
import package::constants::RNG_ROUNDS;

const THREEFRY_PARITY: u32 = 0x1bd11bdau;

/// Even rounds mix words (0, 1) and (2, 3).
fn mixEven(x: vec4<u32>, factor: vec2<u32>, rest: vec2<u32>) -> vec4<u32> {
  let sum = x.xz + x.yw;
  let mixed = rotatePair(x.yw, factor, rest) ^ sum;
  return vec4<u32>(sum.x, mixed.x, sum.y, mixed.y);
}

/// Odd rounds mix words (0, 3) and (2, 1).
fn mixOdd(x: vec4<u32>, factor: vec2<u32>, rest: vec2<u32>) -> vec4<u32> {
  let sum = x.xz + x.wy;
  let mixed = rotatePair(x.wy, factor, rest) ^ sum;
  return vec4<u32>(sum.x, mixed.y, sum.y, mixed.x);
}

fn firstRounds(start: vec4<u32>) -> vec4<u32> {
  var x = mixEven(start, vec2<u32>(1u << 10u, 1u << 26u), vec2<u32>(22u, 6u));
  x = mixOdd(x, vec2<u32>(1u << 11u, 1u << 21u), vec2<u32>(21u, 11u));
  x = mixEven(x, vec2<u32>(1u << 13u, 1u << 27u), vec2<u32>(19u, 5u));
  return mixOdd(x, vec2<u32>(1u << 23u, 1u << 5u), vec2<u32>(9u, 27u));
}

fn secondRounds(start: vec4<u32>) -> vec4<u32> {
  var x = mixEven(start, vec2<u32>(1u << 6u, 1u << 20u), vec2<u32>(26u, 12u));
  x = mixOdd(x, vec2<u32>(1u << 17u, 1u << 11u), vec2<u32>(15u, 21u));
  x = mixEven(x, vec2<u32>(1u << 25u, 1u << 10u), vec2<u32>(7u, 22u));
  return mixOdd(x, vec2<u32>(1u << 18u, 1u << 20u), vec2<u32>(14u, 12u));
}

/// RNG_ROUNDS is 13 (the fast setting) or 20.
fn threefry4x32(counter: vec4<u32>, key: vec4<u32>) -> vec4<u32> {
  let parity = THREEFRY_PARITY ^ key.x ^ key.y ^ key.z ^ key.w;
  var x = firstRounds(counter + key);
  x += vec4<u32>(key.y, key.z, key.w, parity + 1u);
  x = secondRounds(x);
  x += vec4<u32>(key.z, key.w, parity, key.x + 2u);
  x = firstRounds(x);
  x += vec4<u32>(key.w, parity, key.x, key.y + 3u);
  if (RNG_ROUNDS == 13u) {
    return mixEven(x, vec2<u32>(1u << 6u, 1u << 20u), vec2<u32>(26u, 12u));
  }
  x = secondRounds(x);
  x += vec4<u32>(parity, key.x, key.y, key.z + 4u);
  x = firstRounds(x);
  return x + vec4<u32>(key.x, key.y, key.z, key.w + 5u);
}
