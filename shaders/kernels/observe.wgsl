// Measures: one invocation per lineage and generation of the window reads a model from the ring and
// writes the statistics that were asked for; AT_<NAME> is a statistic's place in the list, or -1,
// and what nobody asked for is not compiled. Twin: src/model/statistics/observe.ts.
import package::constants::{
  ASKS_MODE_MASS, ASKS_MODE_RECALL, AT_ANCESTRY, AT_BULK_ACCURACY, AT_CALIBRATION_GAP,
  AT_COVERAGE_95, AT_EFFECTIVE_MODES, AT_ENTROPY, AT_ENTROPY_LOSS, AT_EXPECTED_SHORTFALL_99,
  AT_FRECHET_DISTANCE, AT_HALLUCINATED_MASS, AT_KL_MODEL_TO_TRUTH, AT_KL_TRUTH_TO_MODEL,
  AT_LOG_DET_RATIO, AT_LOG_VARIANCE_RATIO, AT_MEAN_SHIFT_SQUARED, AT_MODES_ALIVE,
  AT_RAREST_MODE_MASS, AT_SELF_NLL, AT_STAGE_1_SHARE, AT_STAGE_2_SHARE, AT_STAGE_3_SHARE,
  AT_STEP_KL, AT_TAIL_MASS_01, AT_TAIL_MASS_1, AT_TAIL_MASS_10, AT_TEST_NLL, AT_TOTAL_VARIANCE,
  AT_VALUE_AT_RISK_99, AT_VARIANCE_RATIO, AT_WASSERSTEIN_SQUARED, D, J, K,
  MODE_MASS_AT, MODE_RECALL_AT, STATISTIC_COUNT,
};
import package::layout::{CellParams, ChunkRow, Dispatch};
import package::gmm::model::Model;
import package::ring::{loadModel, ringWord};
import package::rng::coordinates::{STREAM_NODES, words};
import package::statistics::coverage::{coveredRadius, intervalMass, regionLevel};
import package::statistics::density::{
  frameGaussians, Gaussian, LN2, logDensity, SILENT, squaredRadius, stretch, truthGaussians,
};
import package::statistics::entropy::{overlap, ownEntropy, ownTerm};
import package::statistics::frechet::frechetDistance;
import package::statistics::held::held;
import package::statistics::labels::{componentNames, labelMargin, shareOver};
import package::statistics::likelihood::{gaussianKl, gaussianKlTo, gaussianNll};
import package::statistics::modes::{effectiveModes, modesAlive, truthPosterior};
import package::statistics::moments::{
  logDetRatio, logVarianceRatio, meanShiftSquared, totalMoments, totalVariance, varianceRatio,
};
import package::statistics::nodes::{modelNode, modelNodesPerComponent, nodeWeight};
import package::statistics::shortfall::{lowerQuantile, meanBelow};
import package::statistics::stage::stageOf;
import package::statistics::step::{parentGaussians, stepKl};
import package::statistics::tables::{TABLE_WORDS, Tables, unpackTables};
import package::statistics::tails::{massOutside, twoSidedMass};
import package::statistics::wasserstein::quantileAt;
import package::math::exponent::scaleBy;

@group(0) @binding(0) var<uniform> dispatch: Dispatch;
@group(0) @binding(1) var<storage, read> chunkOf: array<u32>;
@group(0) @binding(2) var<storage, read> chunks: array<ChunkRow>;
@group(0) @binding(3) var<storage, read> cells: array<CellParams>;
@group(0) @binding(4) var<storage, read> tableWords: array<f32>;
@group(0) @binding(5) var<storage, read_write> ring: array<u32>;
@group(0) @binding(6) var<storage, read_write> values: array<f32>;

const ASKS_STAGE: bool =
  AT_STAGE_1_SHARE >= 0 || AT_STAGE_2_SHARE >= 0 || AT_STAGE_3_SHARE >= 0;
const ASKS_MODES: bool = AT_MODES_ALIVE >= 0 || AT_EFFECTIVE_MODES >= 0
  || AT_RAREST_MODE_MASS >= 0 || ASKS_MODE_MASS == 1 || ASKS_STAGE;
const ASKS_TAILS: bool =
  AT_TAIL_MASS_10 >= 0 || AT_TAIL_MASS_1 >= 0 || AT_TAIL_MASS_01 >= 0 || ASKS_STAGE;
const ASKS_LABELS: bool = AT_BULK_ACCURACY >= 0 || ASKS_MODE_RECALL == 1;
const ASKS_LOSS: bool = AT_KL_TRUTH_TO_MODEL >= 0 || AT_TEST_NLL >= 0 || AT_CALIBRATION_GAP >= 0;
const ASKS_ENTROPY: bool =
  AT_ENTROPY >= 0 || AT_ENTROPY_LOSS >= 0 || AT_SELF_NLL >= 0 || AT_CALIBRATION_GAP >= 0;
const ASKS_RISK: bool = AT_VALUE_AT_RISK_99 >= 0 || AT_EXPECTED_SHORTFALL_99 >= 0;
const SUMS_OVERLAP: bool = K > 1 && ASKS_ENTROPY;
const SUMS_DIVERGENCE: bool = K + J > 2 && AT_KL_MODEL_TO_TRUTH >= 0;
const SUMS_TAILS: bool = D > 1 && (ASKS_TAILS || AT_HALLUCINATED_MASS >= 0);
const SUMS_MODES: bool = J > 1 && ASKS_MODES;
const SUMS_TRUTH: bool = SUMS_DIVERGENCE || SUMS_TAILS || SUMS_MODES;
// Nodes added up before they join the total: bounds f32 error at 65 536 nodes.
const NODE_BLOCK: u32 = 64u;

/// Where this invocation's values go, and the status it raises on the way.
struct Output {
  lineage: u32,
  generation: u32,
  raised: u32,
}

/// What the stage of a lineage follows from.
struct Fate {
  varianceRatio: f32,
  tailMass1: f32,
  alive: f32,
}

/// Expectations under q.
struct NodeSums {
  overlap: f32,
  divergence: f32,
  tails: array<f32, 3>,
  masses: array<f32, J>,
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= dispatch.sliceLineages || id.y >= dispatch.generationCount) {
    return;
  }
  let lineage = dispatch.firstLineage + id.x;
  let chunk = chunks[chunkOf[lineage]];
  let cell = cells[chunk.cell];
  var model = loadModel(1u + id.y, lineage);
  var tables = loadTables(cell.tableOffset);
  var truth = tables.truth;
  var output = Output(lineage, id.y, 0u);
  var fate = Fate();
  observeMoments(&model, &tables, &fate, &output);
  var inFrame = frameGaussians(&model);
  var inTruth = truthGaussians(&model);
  let replicate = chunk.firstReplicate + (lineage - chunk.firstLineage);
  let key = vec4<u32>(cell.keyLow, cell.keyHigh, cell.keyCell, cell.keyVersion);
  let generation = dispatch.firstGeneration + id.y;
  var shifts = array<vec4<u32>, K>();
  if (SUMS_OVERLAP || SUMS_TRUTH || AT_STEP_KL >= 0 || AT_COVERAGE_95 >= 0) {
    for (var k = 0u; k < K; k++) {
      shifts[k] = words(key, k, replicate, generation, STREAM_NODES, 0u);
    }
  }
  var sums = NodeSums();
  if (SUMS_OVERLAP || SUMS_TRUTH) {
    for (var k = 0u; k < K; k++) {
      addNodes(&inFrame, &inTruth, &truth, &tables, k, shifts[k], &sums);
    }
  }
  let firstNode = tableNodes(cell.tableOffset);
  let entropy = observeEntropy(&inFrame, model.scale, &tables, sums.overlap, &output);
  let first = generation == 1u;
  let loss = observeLoss(&inTruth, &tables, firstNode, entropy, first, &output);
  observeDivergence(&inTruth, &truth, sums.divergence, &output);
  if (AT_STEP_KL >= 0) {
    var step = loss;
    if (!first) {
      var parent = loadModel(id.y, lineage);
      var before = parentGaussians(&parent, &model);
      step = stepKl(&before, &inFrame, tables.nodes, &shifts);
    }
    publish(&output, AT_STEP_KL, step);
  }
  observeDistance(&inTruth, &tables, firstNode, &output);
  observeCoverage(&inTruth, &truth, &tables, firstNode, &shifts, &output);
  observeTails(&inTruth, &tables, sums.tails, &fate, &output);
  observeRisk(&inTruth, &tables, &output);
  observeModes(&truth, tables.rarest, sums.masses, &fate, &output);
  observeLabels(&inTruth, &truth, &tables, firstNode, &output);
  observeStage(&fate, &tables, &output);
  if (AT_ANCESTRY >= 0) {
    publish(&output, AT_ANCESTRY, model.ancestry);
  }
  if (output.raised != 0u) {
    ring[ringWord(1u + id.y, 1u, lineage)] |= output.raised;
  }
}

fn loadTables(offset: u32) -> Tables {
  var packed = array<f32, TABLE_WORDS>();
  for (var w = 0u; w < TABLE_WORDS; w++) {
    packed[w] = tableWords[offset + w];
  }
  return unpackTables(&packed);
}

fn tableNodes(offset: u32) -> u32 {
  return offset + TABLE_WORDS;
}

/// Writes one statistic.
fn publish(output: ptr<function, Output>, at: i32, value: f32) {
  if (at < 0) {
    return;
  }
  var raised = (*output).raised;
  let within = held(value, &raised);
  (*output).raised = raised;
  let row = (*output).generation * STATISTIC_COUNT + u32(at);
  values[row * dispatch.lineageCount + (*output).lineage] = within;
}

fn observeMoments(
  model: ptr<function, Model>, tables: ptr<function, Tables>, fate: ptr<function, Fate>,
  output: ptr<function, Output>,
) {
  let moments = totalMoments(model);
  if (AT_MEAN_SHIFT_SQUARED >= 0) {
    publish(output, AT_MEAN_SHIFT_SQUARED, meanShiftSquared(moments, (*tables).unitExponent));
  }
  if (AT_TOTAL_VARIANCE >= 0) {
    publish(output, AT_TOTAL_VARIANCE, totalVariance(moments, (*tables).unitExponent));
  }
  if (AT_VARIANCE_RATIO >= 0 || ASKS_STAGE) {
    (*fate).varianceRatio = varianceRatio(moments, (*tables).trace);
    publish(output, AT_VARIANCE_RATIO, (*fate).varianceRatio);
  }
  if (AT_LOG_VARIANCE_RATIO >= 0) {
    publish(output, AT_LOG_VARIANCE_RATIO, logVarianceRatio(moments, (*tables).trace));
  }
  if (AT_LOG_DET_RATIO >= 0) {
    publish(output, AT_LOG_DET_RATIO, logDetRatio(moments, (*tables).logDet));
  }
  if (AT_FRECHET_DISTANCE >= 0 || (AT_WASSERSTEIN_SQUARED >= 0 && K + J == 2)) {
    let unit = (*tables).unitExponent;
    let distance = frechetDistance(moments, (*tables).moments, unit);
    publish(output, AT_FRECHET_DISTANCE, distance);
    if (K + J == 2) {
      publish(output, AT_WASSERSTEIN_SQUARED, distance);
    }
  }
}

/// Adds the expectations under component k, times its weight.
fn addNodes(
  inFrame: ptr<function, array<Gaussian, K>>, inTruth: ptr<function, array<Gaussian, K>>,
  truth: ptr<function, array<Gaussian, J>>, tables: ptr<function, Tables>, k: u32,
  shift: vec4<u32>, sums: ptr<function, NodeSums>,
) {
  let own = (*inTruth)[k];
  let count = modelNodesPerComponent((*tables).nodes);
  var done = 0u;
  while (own.weight > 0.0 && done < count) {
    // Written out: Tint's SPIR-V keeps the last pass's value of a variable without initialiser.
    var block = NodeSums();
    for (var i = done; i < min(done + NODE_BLOCK, count); i++) {
      let z = modelNode(shift, i, count);
      let weight = own.weight * nodeWeight(z, count);
      var excess = 0.0;
      if (SUMS_OVERLAP || SUMS_DIVERGENCE) {
        excess = overlap(inFrame, k, z);
        block.overlap += weight * excess;
      }
      if (SUMS_TRUTH) {
        addTruthNode(own, z, weight, excess, truth, tables, &block);
      }
    }
    joinSums(sums, &block);
    done += NODE_BLOCK;
  }
}

fn addTruthNode(
  own: Gaussian, z: array<f32, D>, weight: f32, excess: f32,
  truth: ptr<function, array<Gaussian, J>>, tables: ptr<function, Tables>,
  block: ptr<function, NodeSums>,
) {
  var centre = own.mean;
  var x = stretch(own, z);
  for (var a = 0u; a < D; a++) {
    x[a] += centre[a];
  }
  var posterior = truthPosterior(truth, x);
  if (SUMS_DIVERGENCE) {
    (*block).divergence += weight * (excess + ownTerm(own, z) - posterior.logDensity);
  }
  for (var level = 0u; level < 3u; level++) {
    let under = posterior.logDensity < (*tables).lower[level];
    (*block).tails[level] += select(0.0, weight, under);
  }
  for (var j = 0u; j < J; j++) {
    (*block).masses[j] += weight * posterior.shares[j];
  }
}

fn joinSums(sums: ptr<function, NodeSums>, block: ptr<function, NodeSums>) {
  (*sums).overlap += (*block).overlap;
  (*sums).divergence += (*block).divergence;
  for (var level = 0u; level < 3u; level++) {
    (*sums).tails[level] += (*block).tails[level];
  }
  for (var j = 0u; j < J; j++) {
    (*sums).masses[j] += (*block).masses[j];
  }
}

/// Gives it in truth units; SILENT for minus infinity.
fn observeEntropy(
  inFrame: ptr<function, array<Gaussian, K>>, scale: i32, tables: ptr<function, Tables>,
  overlapSum: f32, output: ptr<function, Output>,
) -> f32 {
  var entropy = 0.0;
  if (ASKS_ENTROPY) {
    let own = ownEntropy(inFrame);
    entropy = select(own - overlapSum + f32(i32(D) * scale) * LN2, SILENT, own == SILENT);
    publish(output, AT_ENTROPY, entropy + (*tables).logUnit);
    publish(output, AT_ENTROPY_LOSS, (*tables).entropy - entropy);
    publish(output, AT_SELF_NLL, entropy + (*tables).logUnit);
  }
  return entropy;
}

/// Gives KL(p0 || q), where asked for.
fn observeLoss(
  inTruth: ptr<function, array<Gaussian, K>>, tables: ptr<function, Tables>, firstNode: u32,
  entropy: f32, first: bool, output: ptr<function, Output>,
) -> f32 {
  var loss = vec2<f32>();
  if (ASKS_LOSS || (AT_STEP_KL >= 0 && first)) {
    if (K > 1) {
      loss = nodeLoss(inTruth, firstNode, (*tables).truthNodeCount);
    } else {
      let nll = gaussianNll((*inTruth)[0], (*tables).moments);
      loss = vec2<f32>(nll, nll - (*tables).entropy);
      if (J == 1) {
        loss.y = gaussianKl((*inTruth)[0], (*tables).moments);
      }
    }
    publish(output, AT_TEST_NLL, loss.x + (*tables).logUnit);
    publish(output, AT_KL_TRUTH_TO_MODEL, loss.y);
    publish(output, AT_CALIBRATION_GAP, loss.x - entropy);
  }
  return loss.y;
}

/// A component without width is infinitely unlike the truth.
fn observeDivergence(
  inTruth: ptr<function, array<Gaussian, K>>, truth: ptr<function, array<Gaussian, J>>,
  nodeDivergence: f32, output: ptr<function, Output>,
) {
  if (AT_KL_MODEL_TO_TRUTH >= 0) {
    var divergence = nodeDivergence;
    if (K + J == 2) {
      divergence = gaussianKlTo((*inTruth)[0], (*truth)[0]);
    }
    if (ownEntropy(inTruth) == SILENT) {
      divergence = -SILENT;
    }
    publish(output, AT_KL_MODEL_TO_TRUTH, divergence);
  }
}

/// (-E ln q, KL) over the truth's nodes, truth units.
fn nodeLoss(
  inTruth: ptr<function, array<Gaussian, K>>, firstNode: u32, count: u32,
) -> vec2<f32> {
  var loss = vec2<f32>();
  var block = vec2<f32>();
  for (var i = 0u; i < count; i++) {
    let at = firstNode + i * (D + 2u);
    var x = array<f32, D>();
    for (var a = 0u; a < D; a++) {
      x[a] = tableWords[at + a];
    }
    let logQ = logDensity(inTruth, x);
    block += tableWords[at + D] * vec2<f32>(-logQ, tableWords[at + D + 1u] - logQ);
    if ((i + 1u) % NODE_BLOCK == 0u) {
      loss += block;
      block = vec2<f32>();
    }
  }
  return loss + block;
}

fn observeTails(
  inTruth: ptr<function, array<Gaussian, K>>, tables: ptr<function, Tables>,
  nodeMasses: array<f32, 3>, fate: ptr<function, Fate>, output: ptr<function, Output>,
) {
  if (ASKS_TAILS) {
    var masses = nodeMasses;
    if (D == 1) {
      for (var level = 0u; level < 3u; level++) {
        masses[level] = twoSidedMass(inTruth, (*tables).lower[level], (*tables).upper[level]);
      }
    }
    publish(output, AT_TAIL_MASS_10, masses[0] * 10.0);
    publish(output, AT_TAIL_MASS_1, masses[1] * 100.0);
    publish(output, AT_TAIL_MASS_01, masses[2] * 1000.0);
    (*fate).tailMass1 = masses[1] * 100.0;
  }
  if (AT_HALLUCINATED_MASS >= 0) {
    var mass = nodeMasses[2];
    if (D == 1) {
      mass = massOutside(inTruth, (*tables).islandLower, (*tables).islandUpper);
    }
    publish(output, AT_HALLUCINATED_MASS, mass);
  }
}

fn observeRisk(
  inTruth: ptr<function, array<Gaussian, K>>, tables: ptr<function, Tables>,
  output: ptr<function, Output>,
) {
  if (ASKS_RISK) {
    let quantile = lowerQuantile(inTruth);
    publish(output, AT_VALUE_AT_RISK_99, quantile / (*tables).riskQuantile);
    if (AT_EXPECTED_SHORTFALL_99 >= 0) {
      let mean = meanBelow(inTruth, quantile);
      publish(output, AT_EXPECTED_SHORTFALL_99, mean / (*tables).riskMeanBelow);
    }
  }
}

fn observeModes(
  truth: ptr<function, array<Gaussian, J>>, rarest: u32, share: array<f32, J>,
  fate: ptr<function, Fate>, output: ptr<function, Output>,
) {
  if (ASKS_MODES) {
    var masses = share;
    if (J == 1) {
      masses[0] = 1.0;
    }
    (*fate).alive = modesAlive(masses, truth);
    publish(output, AT_MODES_ALIVE, (*fate).alive);
    publish(output, AT_EFFECTIVE_MODES, effectiveModes(masses));
    publish(output, AT_RAREST_MODE_MASS, masses[rarest]);
    for (var j = 0u; j < J; j++) {
      publish(output, MODE_MASS_AT[j], masses[j]);
    }
  }
}

fn observeDistance(
  inTruth: ptr<function, array<Gaussian, K>>, tables: ptr<function, Tables>, firstNode: u32,
  output: ptr<function, Output>,
) {
  if (AT_WASSERSTEIN_SQUARED >= 0 && K + J > 2) {
    let first = firstNode + (*tables).truthNodeCount * (D + 2u);
    var sum = 0.0;
    var block = 0.0;
    for (var i = 0u; i < (*tables).quantileNodeCount; i++) {
      let at = first + 4u * i;
      let apart = quantileAt(inTruth, tableWords[at], tableWords[at + 1u]) - tableWords[at + 3u];
      block += tableWords[at + 2u] * apart * apart;
      if ((i + 1u) % NODE_BLOCK == 0u) {
        sum += block;
        block = 0.0;
      }
    }
    let unit = 2 * (*tables).unitExponent;
    publish(output, AT_WASSERSTEIN_SQUARED, scaleBy(sum + block, unit));
  }
}

fn truthNode(at: u32) -> array<f32, D> {
  var x = array<f32, D>();
  for (var a = 0u; a < D; a++) {
    x[a] = tableWords[at + a];
  }
  return x;
}

fn observeCoverage(
  inTruth: ptr<function, array<Gaussian, K>>, truth: ptr<function, array<Gaussian, J>>,
  tables: ptr<function, Tables>, firstNode: u32, shifts: ptr<function, array<vec4<u32>, K>>,
  output: ptr<function, Output>,
) {
  if (AT_COVERAGE_95 >= 0) {
    var mass = 0.0;
    if (K == 1 && D == 1) {
      mass = intervalMass((*inTruth)[0], truth);
    } else {
      var level = 0.0;
      if (K > 1) {
        level = regionLevel(inTruth, (*tables).nodes, shifts);
      }
      mass = truthMassOver(inTruth, firstNode, (*tables).truthNodeCount, level);
    }
    publish(output, AT_COVERAGE_95, mass);
  }
}

/// The truth's mass in the ellipsoid at K = 1, else where q's density is over a level.
fn truthMassOver(
  inTruth: ptr<function, array<Gaussian, K>>, firstNode: u32, count: u32, level: f32,
) -> f32 {
  let each = count / J;
  var mass = 0.0;
  var block = 0.0;
  var before = vec2<f32>();
  for (var i = 0u; i < count; i++) {
    let at = firstNode + i * (D + 2u);
    let now = vec2<f32>(tableWords[at + D], heightAt(inTruth, truthNode(at), level));
    if (D > 1) {
      before = now;
    }
    if (D > 1 || i % each > 0u) {
      block += 0.5 * (before.x + now.x) * shareOver(before.y, now.y);
    }
    before = now;
    if ((i + 1u) % NODE_BLOCK == 0u) {
      mass += block;
      block = 0.0;
    }
  }
  return mass + block;
}

/// At least 0 inside the region.
fn heightAt(inTruth: ptr<function, array<Gaussian, K>>, point: array<f32, D>, level: f32) -> f32 {
  if (K > 1) {
    return logDensity(inTruth, point) - level;
  }
  let g = (*inTruth)[0];
  var x = point;
  var delta = array<f32, D>();
  for (var a = 0u; a < D; a++) {
    delta[a] = x[a] - (*inTruth)[0].mean[a];
  }
  return select(coveredRadius() - squaredRadius(g, delta), SILENT, g.constant == SILENT);
}

/// Of one mode: its mass and what of it is labelled right; the same of the central 90 %.
struct LabelSums {
  mass: f32,
  right: f32,
  central: f32,
  centralRight: f32,
}

fn observeLabels(
  inTruth: ptr<function, array<Gaussian, K>>, truth: ptr<function, array<Gaussian, J>>,
  tables: ptr<function, Tables>, firstNode: u32, output: ptr<function, Output>,
) {
  if (ASKS_LABELS) {
    var recalls = array<f32, J>();
    var accuracy = 1.0;
    if (J == 1) {
      recalls[0] = 1.0;
    } else {
      var names = componentNames(inTruth, truth);
      let each = (*tables).truthNodeCount / J;
      var central = 0.0;
      var right = 0.0;
      for (var j = 0u; j < J; j++) {
        let sums = modeLabels(inTruth, &names, tables, firstNode, j, each);
        recalls[j] = sums.right / sums.mass;
        central += sums.central;
        right += sums.centralRight;
      }
      accuracy = right / central;
    }
    publish(output, AT_BULK_ACCURACY, accuracy);
    for (var j = 0u; j < J; j++) {
      publish(output, MODE_RECALL_AT[j], recalls[j]);
    }
  }
}

/// Over the nodes of mode j: at D = 1 from each to the next, above one by one.
fn modeLabels(
  inTruth: ptr<function, array<Gaussian, K>>, names: ptr<function, array<u32, K>>,
  tables: ptr<function, Tables>, firstNode: u32, j: u32, each: u32,
) -> LabelSums {
  var sums = vec4<f32>();
  var block = vec4<f32>();
  var before = vec3<f32>();
  for (var i = 0u; i < each; i++) {
    let at = firstNode + (j * each + i) * (D + 2u);
    let x = truthNode(at);
    let margin = labelMargin(inTruth, names, j, x);
    let bulk = select(0.0, 1.0, isCentral(tables, x, tableWords[at + D + 1u]));
    let now = vec3<f32>(tableWords[at + D], bulk, margin);
    if (D > 1) {
      before = now;
    }
    if (D > 1 || i > 0u) {
      let weight = 0.5 * (before.x + now.x);
      let central = 0.5 * weight * (before.y + now.y);
      let share = shareOver(before.z, now.z);
      block += vec4<f32>(weight, weight * share, central, central * share);
    }
    before = now;
    if ((i + 1u) % NODE_BLOCK == 0u) {
      sums += block;
      block = vec4<f32>();
    }
  }
  sums += block;
  return LabelSums(sums.x, sums.y, sums.z, sums.w);
}

/// Whether a point of the truth is of its central 90 %.
fn isCentral(tables: ptr<function, Tables>, point: array<f32, D>, logTruth: f32) -> bool {
  var x = point;
  if (D == 1) {
    return x[0] >= (*tables).lower[0] && x[0] <= (*tables).upper[0];
  }
  return logTruth >= (*tables).lower[0];
}

fn observeStage(
  fate: ptr<function, Fate>, tables: ptr<function, Tables>, output: ptr<function, Output>,
) {
  if (ASKS_STAGE) {
    let stage = stageOf(
      (*fate).varianceRatio, (*fate).tailMass1, (*fate).alive, (*tables).early, (*tables).late,
    );
    publish(output, AT_STAGE_1_SHARE, select(0.0, 1.0, stage == 1u));
    publish(output, AT_STAGE_2_SHARE, select(0.0, 1.0, stage == 2u));
    publish(output, AT_STAGE_3_SHARE, select(0.0, 1.0, stage == 3u));
  }
}
