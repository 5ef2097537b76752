// Moments of every (chunk, generation, statistic): one workgroup folds up to 4096 values in a fixed
// order, each invocation every 256th value, then a binary tree. Deviations are taken from the least
// value and scaled by a power of two to [0, 1], so neither squares nor differences leave f32.
// Twin: chunkMoments in src/model/reduce/moments.ts.
import package::layout::{ReduceParams, ChunkRow, MomentRow};
import package::math::exponent::{exponentOf, powerOfTwo};
import package::reduce::moments::isSaturated;

@group(0) @binding(0) var<uniform> params: ReduceParams;
@group(0) @binding(1) var<storage, read> values: array<f32>;
@group(0) @binding(2) var<storage, read> chunks: array<ChunkRow>;
@group(0) @binding(3) var<storage, read_write> moments: array<MomentRow>;

const LANES: u32 = 256u;
const PER_LANE: u32 = 16u;
// The largest f32: no value reaches it.
const HUGE: f32 = 0x1.fffffep127f;
// Beyond these, 2^exponent or its inverse would not be a normal f32 with room for a product.
const EXPONENT_LIMIT: i32 = 100;

var<workgroup> partial: array<vec4<f32>, LANES>;

/// The least of every component over all invocations.
fn foldMin(lane: u32, value: vec4<f32>) -> vec4<f32> {
  partial[lane] = value;
  for (var half = LANES / 2u; half > 0u; half = half / 2u) {
    workgroupBarrier();
    if (lane < half) { partial[lane] = min(partial[lane], partial[lane + half]); }
  }
  workgroupBarrier();
  let result = partial[0];
  workgroupBarrier();
  return result;
}

/// The sum of every component over all invocations, as a binary tree.
fn foldSum(lane: u32, value: vec4<f32>) -> vec4<f32> {
  partial[lane] = value;
  for (var half = LANES / 2u; half > 0u; half = half / 2u) {
    workgroupBarrier();
    if (lane < half) { partial[lane] = partial[lane] + partial[lane + half]; }
  }
  workgroupBarrier();
  let result = partial[0];
  workgroupBarrier();
  return result;
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
  let chunk = chunks[index / perRow];
  let first = (index % perRow) * params.lineageCount + chunk.firstLineage;

  // (least, -most) of the unsaturated values and of all.
  var extremes = vec4<f32>(HUGE);
  var own = array<f32, PER_LANE>();
  var used = array<bool, PER_LANE>();
  for (var i = 0u; i < PER_LANE; i++) {
    let at = i * LANES + lane;
    used[i] = false;
    if (at < chunk.count) {
      let value = values[first + at];
      used[i] = !isSaturated(value);
      own[i] = value;
      let both = vec2<f32>(value, -value);
      extremes = min(extremes, vec4<f32>(select(vec2<f32>(HUGE), both, used[i]), both));
    }
  }
  extremes = foldMin(lane, extremes);
  let pivot = extremes.x;
  // All values saturated: the span is -2 HUGE, its exponent clamped, and nothing is summed.
  let exponent = clamp(exponentOf(-extremes.y - pivot), -EXPONENT_LIMIT, EXPONENT_LIMIT);
  let unit = powerOfTwo(-exponent);

  var sum = 0.0;
  var usedCount = 0.0;
  for (var i = 0u; i < PER_LANE; i++) {
    if (used[i]) {
      sum += (own[i] - pivot) * unit;
      usedCount += 1.0;
    }
  }
  let total = foldSum(lane, vec4<f32>(sum, usedCount, 0.0, 0.0));
  let mean = total.x / max(total.y, 1.0);

  var squares = 0.0;
  var rest = 0.0;
  for (var i = 0u; i < PER_LANE; i++) {
    if (used[i]) {
      let delta = (own[i] - pivot) * unit - mean;
      squares += delta * delta;
      rest += delta;
    }
  }
  let deviations = foldSum(lane, vec4<f32>(squares, rest, 0.0, 0.0));
  if (lane == 0u) {
    // What rounding left in the mean (Chan's corrected two-pass algorithm).
    let correction = deviations.y * deviations.y / max(total.y, 1.0);
    moments[index] = MomentRow(
      chunk.count,
      chunk.count - u32(total.y),
      extremes.z,
      -extremes.w,
      pivot,
      exponent,
      mean,
      max(0.0, deviations.x - correction),
    );
  }
}
