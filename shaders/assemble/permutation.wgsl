// Sampling without replacement from a pool that nobody holds: a keyed Feistel network over the
// pool's indices, walked until it comes back into the pool. Twin: src/model/assemble/permutation.ts.
import package::rng::coordinates::{words, STREAM_RETENTION};

const ROUNDS: u32 = 12u;
const KEY_BLOCKS: u32 = 3u;

struct Permutation {
  // Indices that are permuted: [0, size).
  size: u32,
  // Bits of each half of the network, whose domain is 4^halfBits.
  halfBits: u32,
  keys: array<vec4<u32>, KEY_BLOCKS>,
}

/// The least number of bits of a half with 4^bits >= size; 1 to 16.
fn halfBitsOf(size: u32) -> u32 {
  let bits = 32u - countLeadingZeros(max(size, 2u) - 1u);
  return clamp((bits + 1u) / 2u, 1u, 16u);
}

/// The permutation of a lineage's pool at one generation.
fn permutationOf(key: vec4<u32>, lineage: u32, generation: u32, size: u32) -> Permutation {
  var keys = array<vec4<u32>, KEY_BLOCKS>();
  for (var block = 0u; block < KEY_BLOCKS; block++) {
    keys[block] = words(key, block, lineage, generation, STREAM_RETENTION, 0u);
  }
  return Permutation(size, halfBitsOf(size), keys);
}

/// What a round makes of a half: Murmur3's finaliser, which avalanches.
fn mixHalf(half: u32, key: u32) -> u32 {
  var x = half ^ key;
  x = (x ^ (x >> 16u)) * 0x85ebca6bu;
  x = (x ^ (x >> 13u)) * 0xc2b2ae35u;
  return x ^ (x >> 16u);
}

fn encrypt(permutation: Permutation, index: u32) -> u32 {
  let mask = (1u << permutation.halfBits) - 1u;
  var keys = permutation.keys;
  var left = index >> permutation.halfBits;
  var right = index & mask;
  for (var block = 0u; block < KEY_BLOCKS; block++) {
    for (var part = 0u; part < 4u; part++) {
      let next = (left ^ mixHalf(right, keys[block][part])) & mask;
      left = right;
      right = next;
    }
  }
  return (left << permutation.halfBits) | right;
}

/// Where `index` of [0, size) goes: every index of the pool is met once.
fn permute(permutation: Permutation, index: u32) -> u32 {
  var place = encrypt(permutation, index);
  while (place >= permutation.size) {
    place = encrypt(permutation, place);
  }
  return place;
}
