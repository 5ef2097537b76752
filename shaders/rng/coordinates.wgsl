// Randomness is a coordinate; the table of which words each draw uses is in the twin,
// src/model/rng/coordinates.ts.
import package::rng::threefry::threefry4x32;

const STREAM_NORMAL: u32 = 0u;
const STREAM_CHOICE: u32 = 1u;
const STREAM_ORIGIN: u32 = 2u;
const STREAM_KMEANS: u32 = 3u;
const STREAM_NODES: u32 = 4u;
const STREAM_WISHART: u32 = 5u;
const STREAM_SCREEN: u32 = 6u;
const STREAM_PROTECT: u32 = 7u;
const STREAM_PARAPHRASE: u32 = 8u;
const STREAM_POISON: u32 = 9u;
const STREAM_THRESHOLD: u32 = 10u;
const STREAM_RETENTION: u32 = 11u;
const STREAM_RESPAWN: u32 = 12u;
const STREAM_CORESET: u32 = 13u;

fn words(
  key: vec4<u32>, index: u32, lineage: u32, generation: u32, stream: u32, attempt: u32,
) -> vec4<u32> {
  return threefry4x32(vec4<u32>(index, lineage, generation, stream * 256u + attempt), key);
}
