// How many lineages of every (chunk, generation) carry each of the six status bits.
// Twin: src/model/reduce/status-counts.ts.
import package::constants::{MODEL_WORDS, STATUS_WORD, WIDE};
import package::layout::{ReduceParams, ChunkRow};

@group(0) @binding(0) var<uniform> params: ReduceParams;
@group(0) @binding(1) var<storage, read> ring: array<u32>;
@group(0) @binding(2) var<storage, read> chunks: array<ChunkRow>;
@group(0) @binding(3) var<storage, read_write> statusCounts: array<u32>;

const LANES: u32 = 256u;
const BIT_COUNT: u32 = 6u;

var<workgroup> counts: array<atomic<u32>, BIT_COUNT>;

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = group.y * groups.x + group.x;
  if (index >= params.rowCount * params.generationCount) { return; }
  let chunk = chunks[index / params.generationCount];
  // Slot 0 of the ring is the window's parent.
  let slot = index % params.generationCount + 1u;
  var first = (slot * MODEL_WORDS + STATUS_WORD) * params.lineageCount + chunk.firstLineage;
  var stride = 1u;
  if (WIDE == 1) {
    // The words of a model are together.
    first = (slot * params.lineageCount + chunk.firstLineage) * MODEL_WORDS + STATUS_WORD;
    stride = MODEL_WORDS;
  }
  if (lane < BIT_COUNT) { atomicStore(&counts[lane], 0u); }
  workgroupBarrier();
  for (var i = lane; i < chunk.count; i += LANES) {
    let status = ring[first + i * stride];
    for (var bit = 0u; bit < BIT_COUNT; bit++) {
      if ((status & (1u << bit)) != 0u) { atomicAdd(&counts[bit], 1u); }
    }
  }
  workgroupBarrier();
  if (lane < BIT_COUNT) { statusCounts[index * BIT_COUNT + lane] = atomicLoad(&counts[lane]); }
}
