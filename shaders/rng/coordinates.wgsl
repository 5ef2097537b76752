// Randomness is a coordinate; the table of which words each draw uses is in the twin,
// src/model/rng/coordinates.ts.
import package::rng::threefry::threefry4x32;

const STREAM_NORMAL: u32 = 0u;
const STREAM_CHOICE: u32 = 1u;
const STREAM_ORIGIN: u32 = 2u;
const STREAM_KMEANS: u32 = 3u;
const STREAM_NODES: u32 = 4u;
const STREAM_WISHART: u32 = 5u;

fn words(
  key: vec4<u32>, index: u32, lineage: u32, generation: u32, stream: u32, attempt: u32,
) -> vec4<u32> {
  return threefry4x32(vec4<u32>(index, lineage, generation, stream * 256u + attempt), key);
}
