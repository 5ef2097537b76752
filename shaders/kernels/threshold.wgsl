// What the verifier asks of the candidates of the next generation: the ln p0, per truth unit, that
// the top share of 256 draws from a model have. A workgroup has one lineage, a lane four draws.
// Twin: thresholdOf in src/model/assemble/batch.ts.
import package::constants::{D, HISTORY, HISTORY_WORDS, J, K, MODEL_WORDS, PHASED, TRI};
import package::phases::phaseRow;
import package::layout::{CellParams, ChunkRow, Dispatch};
import package::assemble::batch::plainNormals;
import package::gmm::model::{Model, unpackModel};
import package::math::ln::ln;
import package::rng::coordinates::{words, STREAM_THRESHOLD};
import package::rng::normal::unitUniform;
import package::statistics::density::{
  addLog, logTerm, prepareGaussian, SILENT, stretch, truthGaussians,
};

@group(0) @binding(0) var<uniform> dispatch: Dispatch;
@group(0) @binding(1) var<storage, read> chunkOf: array<u32>;
@group(0) @binding(2) var<storage, read> chunks: array<ChunkRow>;
@group(0) @binding(3) var<storage, read> cells: array<CellParams>;
@group(0) @binding(4) var<storage, read> truthModels: array<u32>;
@group(0) @binding(5) var<storage, read_write> history: array<u32>;

const WORKGROUP: u32 = 64u;
const LANE_DRAWS: u32 = 4u;
const DRAWS: u32 = WORKGROUP * LANE_DRAWS;

var<workgroup> densities: array<f32, DRAWS>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let slot = min(group.x + group.y * groups.x, dispatch.sliceLineages - 1u);
  let lineage = dispatch.firstLineage + slot;
  let chunk = chunks[chunkOf[lineage]];
  let generation = dispatch.firstGeneration;
  let cell = cells[phaseRow(chunk.cell, generation)];
  let key = vec4<u32>(cell.keyLow, cell.keyHigh, cell.keyCell, cell.keyVersion);
  let replicate = chunk.firstReplicate + (lineage - chunk.firstLineage);
  var packed = array<u32, MODEL_WORDS>();
  for (var w = 0u; w < MODEL_WORDS; w++) {
    packed[w] = history[historyWord(generation - 1u, w, lineage)];
  }
  var model = unpackModel(&packed);
  // A bound that only the run knows: the linker is not to copy this body.
  let draws = min(LANE_DRAWS, dispatch.sliceLineages * LANE_DRAWS);
  for (var r = 0u; r < draws; r++) {
    let j = r * WORKGROUP + lane;
    let choice = words(key, j, replicate, generation, STREAM_THRESHOLD, 1u).x;
    let z = plainNormals(words(key, j, replicate, generation, STREAM_THRESHOLD, 0u));
    densities[j] = densityUnder(cell.truthModelOffset, draw(&model, unitUniform(choice), z));
  }
  workgroupBarrier();
  // How many are above each of the lane's own, and how many are not under it: a density fetched
  // from the workgroup is held against all of them.
  let own = vec4<f32>(
    densities[lane], densities[lane + WORKGROUP], densities[lane + 2u * WORKGROUP],
    densities[lane + 3u * WORKGROUP],
  );
  var above = vec4<u32>();
  var reached = vec4<u32>();
  for (var other = 0u; other < DRAWS; other++) {
    let density = vec4<f32>(densities[other]);
    above += select(vec4<u32>(), vec4<u32>(1u), density > own);
    reached += select(vec4<u32>(), vec4<u32>(1u), density >= own);
  }
  let rank = clamp(u32(cell.keep * f32(DRAWS + 1u) + 0.5), 1u, DRAWS);
  for (var r = 0u; r < LANE_DRAWS; r++) {
    // Equal ones write the same.
    if (above[r] < rank && rank <= reached[r]) {
      history[historyWord(generation - 1u, MODEL_WORDS, lineage)] = bitcast<u32>(own[r]);
    }
  }
}

fn historyWord(generation: u32, word: u32, lineage: u32) -> u32 {
  return ((generation % HISTORY) * HISTORY_WORDS + word) * dispatch.lineageCount + lineage;
}

/// The model at u and standard normals, in truth units.
fn draw(model: ptr<function, Model>, u: f32, z: array<f32, D>) -> array<f32, D> {
  var gaussians = truthGaussians(model);
  var x = array<f32, D>();
  var cumulative = 0.0;
  for (var k = 0u; k < K; k++) {
    // The first whose running sum exceeds u, and the last living one where rounding leaves u over.
    let takes = ((*model).weights[k] > 0.0) & (u >= cumulative);
    var offset = stretch(gaussians[k], z);
    for (var a = 0u; a < D; a++) {
      x[a] = select(x[a], gaussians[k].mean[a] + offset[a], takes);
    }
    cumulative += max((*model).weights[k], 0.0);
  }
  return x;
}

/// ln p0 at a point in truth units.
fn densityUnder(offset: u32, x: array<f32, D>) -> f32 {
  // A truth is packed as a model of J components: header, weights, means, factors, exponents.
  let first = offset + 2u + 2u * D;
  var state = vec2<f32>(2.0 * SILENT, 0.0);
  for (var j = 0u; j < J; j++) {
    var mean = array<f32, D>();
    var factor = array<f32, TRI>();
    for (var a = 0u; a < D; a++) {
      mean[a] = bitcast<f32>(truthModels[first + J + j * D + a]);
    }
    for (var e = 0u; e < TRI; e++) {
      factor[e] = bitcast<f32>(truthModels[first + J + J * D + j * TRI + e]);
    }
    let exponent = bitcast<i32>(truthModels[first + J * (1u + D + TRI) + j]);
    let gaussian = prepareGaussian(bitcast<f32>(truthModels[first + j]), mean, factor, exponent);
    state = addLog(state, logTerm(gaussian, x));
  }
  return state.x + ln(max(state.y, 1.0));
}
