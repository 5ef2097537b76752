// Measures: one invocation per lineage and generation of the window reads a model from the ring and
// writes the statistics that were asked for; AT_<NAME> is a statistic's place in the list, or -1,
// and what nobody asked for is not compiled. Twin: src/model/statistics/observe.ts.
import package::constants::{
  AT_CALIBRATION_GAP, AT_EFFECTIVE_MODES, AT_ENTROPY, AT_ENTROPY_LOSS, AT_EXPECTED_SHORTFALL_99,
  AT_FRECHET_DISTANCE, AT_HALLUCINATED_MASS,
  AT_KL_MODEL_TO_TRUTH, AT_KL_TRUTH_TO_MODEL, AT_LOG_DET_RATIO, AT_LOG_VARIANCE_RATIO,
  AT_MEAN_SHIFT_SQUARED, AT_MODES_ALIVE, AT_RAREST_MODE_MASS, AT_SELF_NLL, AT_TAIL_MASS_01,
  AT_TAIL_MASS_1, AT_TAIL_MASS_10, AT_TEST_NLL, AT_TOTAL_VARIANCE, AT_VALUE_AT_RISK_99,
  AT_VARIANCE_RATIO, D, J, K, MODEL_WORDS, STATISTIC_COUNT,
};
import package::layout::{CellParams, ChunkRow, Dispatch};
import package::gmm::model::{Model, unpackModel};
import package::gmm::status::{SATURATION, STATUS_NON_FINITE, STATUS_OVERFLOW};
import package::rng::coordinates::{STREAM_NODES, words};
import package::statistics::density::{
  frameGaussians, Gaussian, LN2, logDensity, SILENT, stretch, truthGaussians,
};
import package::statistics::entropy::{overlap, ownEntropy, ownTerm};
import package::statistics::frechet::frechetDistance;
import package::statistics::likelihood::{gaussianKl, gaussianKlToTruth, gaussianNll};
import package::statistics::modes::{effectiveModes, modesAlive, truthPosterior};
import package::statistics::moments::{
  logDetRatio, logVarianceRatio, meanShiftSquared, totalMoments, totalVariance, varianceRatio,
};
import package::statistics::nodes::{
  modelNodesPerComponent, quadratureNode, quadratureWeight, shiftedNode,
};
import package::statistics::shortfall::{lowerQuantile, meanBelow};
import package::statistics::tables::{TABLE_WORDS, Tables, unpackTables};
import package::statistics::tails::{massOutside, twoSidedMass};

@group(0) @binding(0) var<uniform> dispatch: Dispatch;
@group(0) @binding(1) var<storage, read> chunkOf: array<u32>;
@group(0) @binding(2) var<storage, read> chunks: array<ChunkRow>;
@group(0) @binding(3) var<storage, read> cells: array<CellParams>;
@group(0) @binding(4) var<storage, read> tableWords: array<f32>;
@group(0) @binding(5) var<storage, read_write> ring: array<u32>;
@group(0) @binding(6) var<storage, read_write> values: array<f32>;

const ASKS_MODES: bool = AT_MODES_ALIVE >= 0 || AT_EFFECTIVE_MODES >= 0 || AT_RAREST_MODE_MASS >= 0;
const ASKS_TAILS: bool = AT_TAIL_MASS_10 >= 0 || AT_TAIL_MASS_1 >= 0 || AT_TAIL_MASS_01 >= 0;
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
  observeMoments(&model, &tables, &output);
  var inFrame = frameGaussians(&model);
  var inTruth = truthGaussians(&model);
  let replicate = chunk.firstReplicate + (lineage - chunk.firstLineage);
  let key = vec4<u32>(cell.keyLow, cell.keyHigh, cell.keyCell, cell.keyVersion);
  var sums = NodeSums();
  if (SUMS_OVERLAP || SUMS_TRUTH) {
    for (var k = 0u; k < K; k++) {
      let shift = words(
        key, k, replicate, dispatch.firstGeneration + id.y, STREAM_NODES, 0u,
      );
      addNodes(&inFrame, &inTruth, &truth, &tables, k, shift, &sums);
    }
  }
  let entropy = observeEntropy(&inFrame, model.scale, &tables, sums.overlap, &output);
  observeLoss(&inTruth, &tables, tableNodes(cell.tableOffset), entropy, &output);
  observeDivergence(&inTruth, &truth, sums.divergence, &output);
  observeTails(&inTruth, &tables, sums.tails, &output);
  observeRisk(&inTruth, &tables, &output);
  observeModes(&truth, tables.rarest, sums.masses, &output);
  if (output.raised != 0u) {
    ring[ringWord(1u + id.y, 1u, lineage)] |= output.raised;
  }
}

fn ringWord(slot: u32, word: u32, lineage: u32) -> u32 {
  return (slot * MODEL_WORDS + word) * dispatch.lineageCount + lineage;
}

fn loadModel(slot: u32, lineage: u32) -> Model {
  var packed = array<u32, MODEL_WORDS>();
  for (var w = 0u; w < MODEL_WORDS; w++) {
    packed[w] = ring[ringWord(slot, w, lineage)];
  }
  return unpackModel(&packed);
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

/// Writes one statistic, held within +-SATURATION; what is not a number counts as +SATURATION.
fn publish(output: ptr<function, Output>, at: i32, value: f32) {
  if (at < 0) {
    return;
  }
  var held = value;
  if ((bitcast<u32>(value) & 0x7fffffffu) > 0x7f800000u) {
    (*output).raised |= STATUS_NON_FINITE;
    held = SATURATION;
  } else if (abs(value) >= SATURATION) {
    (*output).raised |= STATUS_OVERFLOW;
    held = select(-SATURATION, SATURATION, value > 0.0);
  }
  let row = (*output).generation * STATISTIC_COUNT + u32(at);
  values[row * dispatch.lineageCount + (*output).lineage] = held;
}

fn observeMoments(
  model: ptr<function, Model>, tables: ptr<function, Tables>, output: ptr<function, Output>,
) {
  let moments = totalMoments(model);
  if (AT_MEAN_SHIFT_SQUARED >= 0) {
    publish(output, AT_MEAN_SHIFT_SQUARED, meanShiftSquared(moments, (*tables).unitExponent));
  }
  if (AT_TOTAL_VARIANCE >= 0) {
    publish(output, AT_TOTAL_VARIANCE, totalVariance(moments, (*tables).unitExponent));
  }
  if (AT_VARIANCE_RATIO >= 0) {
    publish(output, AT_VARIANCE_RATIO, varianceRatio(moments, (*tables).trace));
  }
  if (AT_LOG_VARIANCE_RATIO >= 0) {
    publish(output, AT_LOG_VARIANCE_RATIO, logVarianceRatio(moments, (*tables).trace));
  }
  if (AT_LOG_DET_RATIO >= 0) {
    publish(output, AT_LOG_DET_RATIO, logDetRatio(moments, (*tables).logDet));
  }
  if (AT_FRECHET_DISTANCE >= 0) {
    let unit = (*tables).unitExponent;
    publish(output, AT_FRECHET_DISTANCE, frechetDistance(moments, (*tables).moments, unit));
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
      var z = array<f32, D>();
      var weight = own.weight / f32(count);
      if (D == 1) {
        z[0] = quadratureNode(i, count);
        weight = own.weight * quadratureWeight(z[0], count);
      } else {
        z = shiftedNode(shift, i);
      }
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

fn observeLoss(
  inTruth: ptr<function, array<Gaussian, K>>, tables: ptr<function, Tables>, firstNode: u32,
  entropy: f32, output: ptr<function, Output>,
) {
  if (ASKS_LOSS) {
    var loss = vec2<f32>();
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
}

/// A component without width is infinitely unlike the truth.
fn observeDivergence(
  inTruth: ptr<function, array<Gaussian, K>>, truth: ptr<function, array<Gaussian, J>>,
  nodeDivergence: f32, output: ptr<function, Output>,
) {
  if (AT_KL_MODEL_TO_TRUTH >= 0) {
    var divergence = nodeDivergence;
    if (K + J == 2) {
      divergence = gaussianKlToTruth((*inTruth)[0], (*truth)[0]);
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
  nodeMasses: array<f32, 3>, output: ptr<function, Output>,
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
  output: ptr<function, Output>,
) {
  if (ASKS_MODES) {
    var masses = share;
    if (J == 1) {
      masses[0] = 1.0;
    }
    publish(output, AT_MODES_ALIVE, modesAlive(masses, truth));
    publish(output, AT_EFFECTIVE_MODES, effectiveModes(masses));
    publish(output, AT_RAREST_MODE_MASS, masses[rarest]);
  }
}
