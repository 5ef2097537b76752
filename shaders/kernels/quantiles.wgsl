// Order statistics of pilot chunks: one workgroup sorts up to 4096 values of one (chunk, generation,
// statistic) by Batcher's bitonic network and writes the neighbours of the seven quantiles and, for
// cells with more chunks to come, 255 edges of equal rank. The array is all the workgroup memory
// that a default device has. Twins: pilotRanks, pilotEdges in src/model/reduce/quantiles.ts.
import package::layout::{ReduceParams, ChunkRow, PilotRow, NO_SLOT};
import package::reduce::quantiles::{
  lowerRank, upperRank, edgeRank, EDGE_COUNT, QUANTILE_COUNT, QUANTILE_PERCENTS,
};

@group(0) @binding(0) var<uniform> params: ReduceParams;
@group(0) @binding(1) var<storage, read> values: array<f32>;
@group(0) @binding(2) var<storage, read> chunks: array<ChunkRow>;
@group(0) @binding(3) var<storage, read> pilots: array<PilotRow>;
@group(0) @binding(4) var<storage, read_write> ranks: array<f32>;
@group(0) @binding(5) var<storage, read_write> edges: array<f32>;

const LANES: u32 = 256u;
const CAPACITY: u32 = 4096u;
// Fills up to a power of two; no value is above it.
const HUGE: f32 = 0x1.fffffep127f;

var<workgroup> sorted: array<f32, CAPACITY>;

/// One stage of the network: pairs at `stride` within runs of `size`, alternately up and down.
fn exchange(lane: u32, length: u32, size: u32, stride: u32) {
  for (var pair = lane; pair < length / 2u; pair += LANES) {
    let i = 2u * pair - (pair & (stride - 1u));
    let a = sorted[i];
    let b = sorted[i + stride];
    if ((a > b) == ((i & size) == 0u)) {
      sorted[i] = b;
      sorted[i + stride] = a;
    }
  }
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = group.y * groups.x + group.x;
  let perRow = params.generationCount * params.statisticCount;
  if (index >= params.rowCount * perRow) { return; }
  let pilot = pilots[index / perRow];
  let count = chunks[pilot.chunk].count;
  let first = (index % perRow) * params.lineageCount + chunks[pilot.chunk].firstLineage;

  var length = 1u;
  while (length < count) { length = length * 2u; }
  for (var i = lane; i < length; i += LANES) {
    var value = HUGE;
    if (i < count) { value = values[first + i]; }
    sorted[i] = value;
  }
  for (var size = 2u; size <= length; size = size * 2u) {
    for (var stride = size / 2u; stride > 0u; stride = stride / 2u) {
      workgroupBarrier();
      exchange(lane, length, size, stride);
    }
  }
  workgroupBarrier();

  if (lane < QUANTILE_COUNT) {
    let percent = QUANTILE_PERCENTS[lane];
    let at = (index * QUANTILE_COUNT + lane) * 2u;
    ranks[at] = sorted[lowerRank(percent, count)];
    ranks[at + 1u] = sorted[upperRank(percent, count)];
  }
  if (pilot.edgeSlot != NO_SLOT && lane < EDGE_COUNT) {
    let row = pilot.edgeSlot * perRow + index % perRow;
    edges[row * EDGE_COUNT + lane] = sorted[edgeRank(lane + 1u, count)];
  }
}
