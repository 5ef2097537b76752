// Measures models in many dimensions: a workgroup reads one lineage's model at one generation and
// writes the statistics that were asked for, all of them closed forms of one Gaussian against
// another. Sums are of all invocations, in a tree. Twin: src/model/statistics/observe.ts.
import package::constants::{
  AT_ANCESTRY, AT_CALIBRATION_GAP, AT_ENTROPY, AT_ENTROPY_LOSS, AT_KL_MODEL_TO_TRUTH,
  AT_KL_TRUTH_TO_MODEL,
  AT_LOG_DET_RATIO, AT_LOG_VARIANCE_RATIO, AT_MEAN_SHIFT_SQUARED, AT_SELF_NLL, AT_STEP_KL,
  AT_TEST_NLL, AT_TOTAL_VARIANCE, AT_VARIANCE_RATIO, D, MODEL_WORDS, STATISTIC_COUNT, TRI,
  WORKGROUP,
};
import package::layout::{CellParams, ChunkRow, Dispatch};
import package::gmm::words::{
  WORD_EXPONENT, WORD_FACTOR, WORD_MEAN, WORD_ORIGIN, WORD_ORIGIN_LOW, WORD_SCALE, WORD_STATUS,
};
import package::math::exponent::{FRAME_LIMIT, scaleBy};
import package::math::ln::ln;
import package::math::triangular::packedIndex;
import package::statistics::density::{HALF_LN_TWO_PI, hold, LN2, SILENT};
import package::statistics::held::held;
import package::statistics::likelihood::scaledExcess;
import package::statistics::tables::TABLE_HEADER;
import package::wide_ring::{integerAt, numberAt, ringWord};

@group(0) @binding(0) var<uniform> dispatch: Dispatch;
@group(0) @binding(1) var<storage, read> chunkOf: array<u32>;
@group(0) @binding(2) var<storage, read> chunks: array<ChunkRow>;
@group(0) @binding(3) var<storage, read> cells: array<CellParams>;
@group(0) @binding(4) var<storage, read> tableWords: array<f32>;
@group(0) @binding(5) var<storage, read_write> ring: array<u32>;
@group(0) @binding(6) var<storage, read_write> values: array<f32>;

const ASKS_LOSS: bool = AT_KL_TRUTH_TO_MODEL >= 0 || AT_TEST_NLL >= 0 || AT_CALIBRATION_GAP >= 0;
// In a table after its header: mean and factor of p0, then its one component's weight and constant,
// mean and factor.
const TABLE_MEAN: u32 = TABLE_HEADER;
const TABLE_FACTOR: u32 = TABLE_MEAN + D;
const COMPONENT_MEAN: u32 = TABLE_FACTOR + TRI + 2u;
const COMPONENT_FACTOR: u32 = COMPONENT_MEAN + D;

var<workgroup> partial: array<f32, WORKGROUP>;
var<workgroup> apart: array<f32, D>;
var<workgroup> inverses: array<f32, D>;

/// A factor in the ring or in the tables.
struct Factor {
  tabled: bool,
  at: u32,
  exponent: i32,
}

/// Where this workgroup's values go, and the status it raises on the way; its first invocation's.
struct Output {
  lane: u32,
  lineage: u32,
  generation: u32,
  raised: u32,
}

/// What moments of a model come to.
struct Moments {
  // ln det of the factor and trace of its square, without its exponent, and whether it has no volume.
  logDet: f32,
  trace: f32,
  flat: bool,
  shiftSquared: f32,
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let place = group.x + group.y * groups.x;
  if (place >= dispatch.sliceLineages * dispatch.generationCount) {
    return;
  }
  let lineage = dispatch.firstLineage + place % dispatch.sliceLineages;
  let generation = place / dispatch.sliceLineages;
  let tables = cells[chunks[chunkOf[lineage]].cell].tableOffset;
  let model = ringWord(1u + generation, lineage);
  var output = Output(lane, lineage, generation, 0u);
  let moments = momentsOf(model, tables, lane);
  observeMoments(model, tables, moments, &output);
  observeDivergences(model, tables, moments, &output);
  if (AT_ANCESTRY >= 0) {
    publish(&output, AT_ANCESTRY, numberAt(model + MODEL_WORDS - 1u));
  }
  if (lane == 0u && output.raised != 0u) {
    ring[model + WORD_STATUS] |= output.raised;
  }
}

/// The sum over all invocations, for each of them.
fn total(own: f32, lane: u32) -> f32 {
  partial[lane] = own;
  workgroupBarrier();
  for (var width = u32(WORKGROUP) / 2u; width > 0u; width /= 2u) {
    if (lane < width) {
      partial[lane] += partial[lane + width];
    }
    workgroupBarrier();
  }
  let sum = partial[0];
  workgroupBarrier();
  return sum;
}

/// Writes one statistic.
fn publish(output: ptr<function, Output>, at: i32, value: f32) {
  if (at < 0) {
    return;
  }
  var raised = (*output).raised;
  let within = held(value, &raised);
  (*output).raised = raised;
  if ((*output).lane == 0u) {
    let row = (*output).generation * STATISTIC_COUNT + u32(at);
    values[row * dispatch.lineageCount + (*output).lineage] = within;
  }
}

/// The model's mean along an axis, in truth units.
fn meanAlong(model: u32, a: u32) -> f32 {
  let moved = scaleBy(numberAt(model + WORD_MEAN + a), integerAt(model + WORD_SCALE));
  return numberAt(model + WORD_ORIGIN + a) + (numberAt(model + WORD_ORIGIN_LOW + a) + moved);
}

fn momentsOf(model: u32, tables: u32, lane: u32) -> Moments {
  let unit = i32(tableWords[tables + 1u]);
  var squares = 0.0;
  for (var e = lane; e < TRI; e += WORKGROUP) {
    let entry = numberAt(model + WORD_FACTOR + e);
    squares += entry * entry;
  }
  var logDet = 0.0;
  var gone = 0.0;
  var shiftSquared = 0.0;
  for (var a = lane; a < D; a += WORKGROUP) {
    let pivot = numberAt(model + WORD_FACTOR + packedIndex(a, a));
    logDet += ln(max(pivot, 1e-37));
    gone += select(1.0, 0.0, pivot > 0.0);
    let shift = scaleBy(meanAlong(model, a), unit);
    shiftSquared += shift * shift;
  }
  let trace = total(squares, lane);
  let volume = total(logDet, lane);
  let flat = total(gone, lane) > 0.0;
  return Moments(volume, trace, flat, total(shiftSquared, lane));
}

fn observeMoments(model: u32, tables: u32, moments: Moments, output: ptr<function, Output>) {
  let unit = i32(tableWords[tables + 1u]);
  let logUnit = tableWords[tables + 2u];
  let truthTrace = tableWords[tables + 3u];
  let exponent = integerAt(model + WORD_EXPONENT) + integerAt(model + WORD_SCALE);
  let width = scaleBy(sqrt(moments.trace), exponent + unit);
  let kept = scaleBy(sqrt(moments.trace / truthTrace), exponent);
  let grown = f32(2 * exponent) * LN2;
  let spread = ln(max(moments.trace, 1e-37) / truthTrace) + grown;
  let volume = 2.0 * moments.logDet - tableWords[tables + 4u] + f32(D) * grown;
  let entropy = entropyOf(model, moments);
  publish(output, AT_MEAN_SHIFT_SQUARED, moments.shiftSquared);
  publish(output, AT_TOTAL_VARIANCE, width * width);
  publish(output, AT_VARIANCE_RATIO, kept * kept);
  publish(output, AT_LOG_VARIANCE_RATIO, select(SILENT, spread, moments.trace > 0.0));
  publish(output, AT_LOG_DET_RATIO, select(volume, SILENT, moments.flat));
  publish(output, AT_ENTROPY, entropy + logUnit);
  publish(output, AT_ENTROPY_LOSS, tableWords[tables + 5u] - entropy);
  publish(output, AT_SELF_NLL, entropy + logUnit);
}

/// In truth units; SILENT without volume.
fn entropyOf(model: u32, moments: Moments) -> f32 {
  let own = 0.5 * f32(D) - constantOf(integerAt(model + WORD_EXPONENT), moments);
  return select(own + f32(i32(D) * integerAt(model + WORD_SCALE)) * LN2, SILENT, moments.flat);
}

/// -ln det of a factor with that exponent, less d/2 ln 2 pi.
fn constantOf(exponent: i32, moments: Moments) -> f32 {
  return -(f32(i32(D) * exponent) * LN2 + moments.logDet) - f32(D) * HALF_LN_TWO_PI;
}

fn observeDivergences(model: u32, tables: u32, moments: Moments, output: ptr<function, Output>) {
  let lane = (*output).lane;
  let scale = integerAt(model + WORD_SCALE);
  let exponent = integerAt(model + WORD_EXPONENT);
  let own = Factor(false, model + WORD_FACTOR, exponent + scale);
  let first = dispatch.firstGeneration + (*output).generation == 1u;
  var loss = 0.0;
  if (ASKS_LOSS || AT_STEP_KL >= 0) {
    for (var a = lane; a < D; a += WORKGROUP) {
      apart[a] = tableWords[tables + TABLE_MEAN + a] - meanAlong(model, a);
    }
    let found = solve(own, Factor(true, tables + TABLE_FACTOR, 0), lane);
    loss = select(0.5 * found.y, -SILENT, moments.flat);
    let nll = 0.5 * found.x - constantOf(exponent + scale, moments);
    let silenced = select(nll, -SILENT, moments.flat);
    publish(output, AT_KL_TRUTH_TO_MODEL, loss);
    publish(output, AT_TEST_NLL, silenced + tableWords[tables + 2u]);
    publish(output, AT_CALIBRATION_GAP, silenced - entropyOf(model, moments));
  }
  if (AT_KL_MODEL_TO_TRUTH >= 0) {
    for (var a = lane; a < D; a += WORKGROUP) {
      apart[a] = meanAlong(model, a) - tableWords[tables + COMPONENT_MEAN + a];
    }
    let found = solve(Factor(true, tables + COMPONENT_FACTOR, 0), own, lane);
    publish(output, AT_KL_MODEL_TO_TRUTH, select(0.5 * found.y, -SILENT, moments.flat));
  }
  if (AT_STEP_KL >= 0) {
    let step = stepOf(model, moments, output);
    publish(output, AT_STEP_KL, select(step, loss, first));
  }
}

/// KL(q_{t-1} || q_t), both in the child's frame.
fn stepOf(model: u32, moments: Moments, output: ptr<function, Output>) -> f32 {
  let lane = (*output).lane;
  let parent = ringWord((*output).generation, (*output).lineage);
  let scale = integerAt(model + WORD_SCALE);
  let grown = integerAt(parent + WORD_SCALE) - scale;
  var gone = 0.0;
  for (var a = lane; a < D; a += WORKGROUP) {
    let low = numberAt(parent + WORD_ORIGIN_LOW + a) - numberAt(model + WORD_ORIGIN_LOW + a);
    let shift = numberAt(parent + WORD_ORIGIN + a) - numberAt(model + WORD_ORIGIN + a) + low;
    let moved = scaleBy(shift, -scale) + scaleBy(numberAt(parent + WORD_MEAN + a), grown);
    apart[a] = moved - numberAt(model + WORD_MEAN + a);
    gone += select(1.0, 0.0, numberAt(parent + WORD_FACTOR + packedIndex(a, a)) > 0.0);
  }
  let flat = (total(gone, lane) > 0.0) | moments.flat;
  let child = Factor(false, model + WORD_FACTOR, integerAt(model + WORD_EXPONENT));
  let exponent = integerAt(parent + WORD_EXPONENT) + grown;
  let found = solve(child, Factor(false, parent + WORD_FACTOR, exponent), lane);
  return select(0.5 * found.y, -SILENT, flat);
}

fn entryOf(factor: Factor, e: u32) -> f32 {
  if (factor.tabled) {
    return tableWords[factor.at + e];
  }
  return numberAt(factor.at + e);
}

/// Over the entries t of H^-1 F, and those of H^-1 apart: the sum of squares, and the same with
/// t^2 - 1 - ln t^2 on the diagonal. Each invocation has some of the columns.
fn solve(home: Factor, other: Factor, lane: u32) -> vec2<f32> {
  for (var a = lane; a < D; a += WORKGROUP) {
    let pivot = entryOf(home, packedIndex(a, a));
    inverses[a] = select(0.0, min(1.0 / max(pivot, 1e-37), FRAME_LIMIT), pivot > 0.0);
  }
  workgroupBarrier();
  var squares = 0.0;
  var excesses = 0.0;
  for (var c = lane; c <= D; c += WORKGROUP) {
    // Column D is the offset of the means.
    let offset = c == D;
    let first = select(c, 0u, offset);
    let exponent = select(other.exponent, 0, offset);
    var solved = array<f32, D>();
    for (var a = first; a < D; a++) {
      var rest = 0.0;
      if (offset) {
        rest = apart[a];
      } else {
        rest = entryOf(other, packedIndex(a, c));
      }
      for (var b = first; b < a; b++) {
        rest -= entryOf(home, packedIndex(a, b)) * solved[b];
      }
      solved[a] = hold(rest * inverses[a]);
      let t = scaleBy(solved[a], -home.exponent);
      let scaled = scaleBy(t, exponent);
      squares += scaled * scaled;
      if (a == c) {
        excesses += scaledExcess(t, scaled, exponent);
      } else {
        excesses += scaled * scaled;
      }
    }
  }
  let all = total(squares, lane);
  return vec2<f32>(all, total(excesses, lane));
}
