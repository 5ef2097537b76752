// Counts of a chunk's values in the 256 bins between a pilot's edges, added to the bins of its slot:
// integers, so any order of chunks gives the same. `bins` starts at 0.
// Twin: binCounts in src/model/reduce/quantiles.ts.
import package::layout::{ReduceParams, ChunkRow, HistogramRow};
import package::reduce::quantiles::{binOf, BIN_COUNT, EDGE_COUNT};

@group(0) @binding(0) var<uniform> params: ReduceParams;
@group(0) @binding(1) var<storage, read> values: array<f32>;
@group(0) @binding(2) var<storage, read> chunks: array<ChunkRow>;
@group(0) @binding(3) var<storage, read> rows: array<HistogramRow>;
@group(0) @binding(4) var<storage, read> edges: array<f32>;
@group(0) @binding(5) var<storage, read_write> bins: array<atomic<u32>>;

const LANES: u32 = BIN_COUNT;

var<workgroup> bounds: array<f32, EDGE_COUNT>;
var<workgroup> counts: array<atomic<u32>, BIN_COUNT>;

/// How many edges are under the value.
fn edgesBelow(value: f32) -> u32 {
  var low = 0u;
  var high = EDGE_COUNT;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (bounds[middle] < value) { low = middle + 1u; } else { high = middle; }
  }
  return low;
}

/// How many edges are not above the value.
fn edgesAtMost(value: f32) -> u32 {
  var low = 0u;
  var high = EDGE_COUNT;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (bounds[middle] <= value) { low = middle + 1u; } else { high = middle; }
  }
  return low;
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
  let row = rows[index / perRow];
  let chunk = chunks[row.chunk];
  let at = index % perRow;
  let first = at * params.lineageCount + chunk.firstLineage;

  atomicStore(&counts[lane], 0u);
  if (lane < EDGE_COUNT) { bounds[lane] = edges[(row.edgeSlot * perRow + at) * EDGE_COUNT + lane]; }
  workgroupBarrier();
  for (var i = lane; i < chunk.count; i += LANES) {
    let value = values[first + i];
    atomicAdd(&counts[binOf(edgesBelow(value), edgesAtMost(value))], 1u);
  }
  workgroupBarrier();
  let count = atomicLoad(&counts[lane]);
  if (count > 0u) { atomicAdd(&bins[(row.binSlot * perRow + at) * BIN_COUNT + lane], count); }
}
