// Threefry4x32 (Salmon et al., SC 2011), held to Random123's known answers.
// Twin: src/model/rng/threefry.ts.
import package::constants::RNG_ROUNDS;

const THREEFRY_PARITY: u32 = 0x1bd11bdau;

fn rotatePair(x: vec2<u32>, left: vec2<u32>) -> vec2<u32> {
  return (x << left) | (x >> (vec2<u32>(32u) - left));
}

/// Even rounds mix words (0, 1) and (2, 3).
fn mixEven(x: vec4<u32>, left: vec2<u32>) -> vec4<u32> {
  let sum = x.xz + x.yw;
  let mixed = rotatePair(x.yw, left) ^ sum;
  return vec4<u32>(sum.x, mixed.x, sum.y, mixed.y);
}

/// Odd rounds mix words (0, 3) and (2, 1).
fn mixOdd(x: vec4<u32>, left: vec2<u32>) -> vec4<u32> {
  let sum = x.xz + x.wy;
  let mixed = rotatePair(x.wy, left) ^ sum;
  return vec4<u32>(sum.x, mixed.y, sum.y, mixed.x);
}

fn firstRounds(start: vec4<u32>) -> vec4<u32> {
  var x = mixEven(start, vec2<u32>(10u, 26u));
  x = mixOdd(x, vec2<u32>(11u, 21u));
  x = mixEven(x, vec2<u32>(13u, 27u));
  return mixOdd(x, vec2<u32>(23u, 5u));
}

fn secondRounds(start: vec4<u32>) -> vec4<u32> {
  var x = mixEven(start, vec2<u32>(6u, 20u));
  x = mixOdd(x, vec2<u32>(17u, 11u));
  x = mixEven(x, vec2<u32>(25u, 10u));
  return mixOdd(x, vec2<u32>(18u, 20u));
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
    return mixEven(x, vec2<u32>(6u, 20u));
  }
  x = secondRounds(x);
  x += vec4<u32>(parity, key.x, key.y, key.z + 4u);
  x = firstRounds(x);
  return x + vec4<u32>(key.x, key.y, key.z, key.w + 5u);
}
