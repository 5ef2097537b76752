// How many lineages of every (chunk, generation of the window) had not met a criterion of collapse
// before, and how many of them do now. What is known of a lineage is carried from window to window:
// whether it has (1), or never will because of what came before (2), and the statistic at
// generation 1. Twin: src/model/reduce/collapse.ts.
import package::constants::{CRITERION_COUNT, STATISTIC_COUNT};
import package::layout::{ChunkRow, Dispatch, ThresholdRow};

@group(0) @binding(0) var<uniform> dispatch: Dispatch;
@group(0) @binding(1) var<storage, read> values: array<f32>;
@group(0) @binding(2) var<storage, read> chunks: array<ChunkRow>;
@group(0) @binding(3) var<storage, read> thresholds: array<ThresholdRow>;
@group(0) @binding(4) var<storage, read_write> fates: array<u32>;
@group(0) @binding(5) var<storage, read_write> collapses: array<u32>;

const LANES: u32 = 256u;
const MOST_GENERATIONS: u32 = 32u;

// At risk and met, of each generation.
var<workgroup> counts: array<atomic<u32>, 2u * MOST_GENERATIONS>;

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = group.y * groups.x + group.x;
  if (index >= arrayLength(&thresholds)) { return; }
  let chunk = chunks[index / CRITERION_COUNT];
  let criterion = index % CRITERION_COUNT;
  let threshold = thresholds[index];
  let generations = dispatch.generationCount;
  if (lane < 2u * MOST_GENERATIONS) { atomicStore(&counts[lane], 0u); }
  workgroupBarrier();
  for (var i = lane; i < chunk.count; i += LANES) {
    let lineage = chunk.firstLineage + i;
    let at = 2u * criterion * dispatch.lineageCount + lineage;
    var met = fates[at];
    var first = bitcast<f32>(fates[at + dispatch.lineageCount]);
    for (var g = 0u; g < generations; g++) {
      let row = g * STATISTIC_COUNT + threshold.statistic;
      let value = values[row * dispatch.lineageCount + lineage];
      if (dispatch.firstGeneration + g == 1u) {
        first = value;
      }
      if (threshold.barSide != 0u) {
        let otherRow = g * STATISTIC_COUNT + threshold.barStatistic;
        let other = values[otherRow * dispatch.lineageCount + lineage];
        let overOther = other > threshold.barLevel;
        let underOther = other < threshold.barLevel;
        let barred = select(underOther, overOther, threshold.barSide == 2u);
        met = select(met, 2u, barred & (met == 0u));
      }
      if (met != 1u) {
        atomicAdd(&counts[2u * g], 1u);
        let limit = threshold.level + select(0.0, first, threshold.fromFirst == 1u);
        let over = value > limit;
        let under = value < limit;
        if ((met == 0u) & select(under, over, threshold.above == 1u)) {
          met = 1u;
          atomicAdd(&counts[2u * g + 1u], 1u);
        }
      }
    }
    fates[at] = met;
    fates[at + dispatch.lineageCount] = bitcast<u32>(first);
  }
  workgroupBarrier();
  if (lane < 2u * generations) {
    let row = (index / CRITERION_COUNT) * generations + lane / 2u;
    collapses[(row * CRITERION_COUNT + criterion) * 2u + lane % 2u] = atomicLoad(&counts[lane]);
  }
}
