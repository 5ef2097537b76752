// K = 1 without points: each invocation takes one lineage through the generations of the window,
// drawing mean and covariance from their laws, or those of the groups of points that a training set
// is made of. Twins: closedStep and groupedStep of src/model/lineage.ts.
import package::constants::{
  ANCESTRY, COVARIANCE, D, FIXED, GROUPED, HAS_REAL, J, K, MODEL_WORDS, NOISY, PHASED, RETENTION,
  SOURCES, TRI, WORKGROUP,
};
import package::phases::phaseRow;
import package::ring::{loadModel, storeModel};
import package::layout::{CellParams, ChunkRow, Dispatch};
import package::assemble::compose::composeModel;
import package::assemble::groups::{
  addFactors, GROUP_REAL, GROUP_REST, mergeDraw, mergeTally, scatterOf, Tally,
};
import package::assemble::possible::{besselOf, groupAncestry, trainingSize};
import package::assemble::sources::{
  anchorSource, drawnExtent, enterFrame, gatherSources, Sources, WorkingFrame,
};
import package::assemble::write::writeModel;
import package::gmm::em::{Components, maximise, MaximiseRules, Sums};
import package::gmm::model::{emptyModel, Model, unpackModel};
import package::gmm::status::{STATUS_DEGENERATE, STATUS_NON_FINITE, STATUS_OVERFLOW};
import package::gmm::wishart::{standardFit, WishartPlace};
import package::math::exponent::scaleBy;
import package::math::triangular::packedIndex;
import package::set::{setOf, SourceSet};

@group(0) @binding(0) var<uniform> dispatch: Dispatch;
@group(0) @binding(1) var<storage, read> chunkOf: array<u32>;
@group(0) @binding(2) var<storage, read> chunks: array<ChunkRow>;
@group(0) @binding(3) var<storage, read> cells: array<CellParams>;
@group(0) @binding(4) var<storage, read> truthModels: array<u32>;
@group(0) @binding(5) var<storage, read_write> ring: array<u32>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) position: u32,
) {
  let slot = (group.x + group.y * groups.x) * u32(WORKGROUP) + position;
  if (slot >= dispatch.sliceLineages) {
    return;
  }
  let lineage = dispatch.firstLineage + slot;
  let chunk = chunks[chunkOf[lineage]];
  var cell = cells[chunk.cell];
  let replicate = chunk.firstReplicate + (lineage - chunk.firstLineage);
  let key = vec4<u32>(cell.keyLow, cell.keyHigh, cell.keyCell, cell.keyVersion);
  var parent = emptyModel();
  if (dispatch.firstGeneration > 1u) {
    parent = loadModel(dispatch.parentSlot, lineage);
    // Raised by observe after the window: they belong to the generation they occurred in.
    parent.status &= ~(STATUS_OVERFLOW | STATUS_NON_FINITE);
  }
  if (dispatch.firstSlot == 1u) {
    storeModel(0u, lineage, &parent);
  }
  if (dispatch.firstGeneration == 1u) {
    parent = truthModel(cell.truthModelOffset);
  }
  for (var g = 0u; g < dispatch.generationCount; g++) {
    let generation = dispatch.firstGeneration + g;
    if (PHASED == 1) {
      cell = cells[phaseRow(chunk.cell, generation)];
    }
    let place = WishartPlace(key, replicate, generation, 0u);
    if (GROUPED == 1) {
      parent = groupedStep(cell, place, &parent);
    } else {
      parent = closedStep(cell, place, &parent);
    }
    storeModel(dispatch.firstSlot + g, lineage, &parent);
  }
}

/// The truth's one Gaussian, which generation 1 is drawn from: a packed model of J = 1.
fn truthModel(offset: u32) -> Model {
  var packed = array<u32, MODEL_WORDS>();
  for (var w = 0u; w < MODEL_WORDS; w++) {
    packed[w] = truthModels[offset + w];
  }
  return unpackModel(&packed);
}

fn closedStep(cell: CellParams, place: WishartPlace, parent: ptr<function, Model>) -> Model {
  let fit = standardFit(place, cell.sampleSize);
  // The first sample is the truth's own.
  let spread = select(cell.spread, 1.0, place.generation == 1u);
  let root = spread / sqrt(f32(cell.sampleSize));
  var means = array<f32, K * D>();
  var factors = array<f32, K * TRI>();
  for (var a = 0u; a < D; a++) {
    means[a] = fit.mean[a] * root;
  }
  for (var e = 0u; e < TRI; e++) {
    factors[e] = fit.factor[e] * (root * sqrt(cell.bessel));
  }
  let short = select(0u, STATUS_DEGENERATE, cell.sampleSize <= D);
  var model = composeModel(parent, means, factors, (*parent).status | short);
  if (ANCESTRY == 1) {
    model.ancestry = select((*parent).ancestry + 1.0, 0.0, place.generation == 1u);
  }
  return model;
}

/// K = 1 on a batch in groups of points, after the pool of all batches before where that is kept: a
/// model of it has its mean and scatter.
fn groupedStep(cell: CellParams, place: WishartPlace, parent: ptr<function, Model>) -> Model {
  let first = place.generation == 1u;
  let points = trainingSize(cell, place.generation);
  let realPossible = first | (cell.quota > 0u) | (cell.noise > 0.0);
  let modelled = !first & ((cell.quota < cell.sampleSize) | (points > cell.sampleSize));
  let none = SourceSet();
  let possible = select(none, setOf(0u), realPossible) | select(none, setOf(1u), modelled);
  var truth = truthModel(cell.truthModelOffset);
  var sources = bothSources(&truth, parent);
  var frame = WorkingFrame((*parent).origin, (*parent).originLow, (*parent).scale);
  gatherSources(&sources, &frame, realPossible);
  let anchor = anchorSource(&sources, possible);
  enterFrame(&sources, &frame, anchor, drawnExtent(&sources, possible, anchor));
  var tally = groupTally(cell, place, points - cell.sampleSize, &sources);
  var components = Components();
  var sums = Sums();
  sums.zeroth[0] = f32(points);
  for (var a = 0u; a < D; a++) {
    components.means[a] = tally.mean[a];
  }
  for (var e = 0u; e < TRI; e++) {
    sums.second[e] = tally.scatter[e];
  }
  let flat = COVARIANCE == 0u && cell.floor == 0.0;
  let rules = MaximiseRules(
    f32(points), besselOf(cell, points),
    scaleBy(scaleBy(cell.floor, -frame.scale), -frame.scale),
    select(u32(D), points - 1u, flat),
  );
  maximise(&components, &sums, rules);
  let short = select(0u, STATUS_DEGENERATE, (cell.floor == 0.0) & (points <= D));
  var trace = 0.0;
  for (var a = 0u; a < D; a++) {
    trace += tally.scatter[packedIndex(a, a)];
  }
  let sd = sqrt(trace / (f32(points) * f32(D)));
  var model = writeModel(&components, sd, (*parent).status | short);
  model.scale = frame.scale;
  model.origin = frame.origin;
  model.originLow = frame.originLow;
  if (ANCESTRY == 1) {
    model.ancestry = groupAncestry(cell, place.generation, (*parent).ancestry);
  }
  return model;
}

/// The truth's one Gaussian and the parent's, each in its own frame.
fn bothSources(truth: ptr<function, Model>, parent: ptr<function, Model>) -> Sources {
  var sources = Sources();
  for (var a = 0u; a < D; a++) {
    sources.means[a] = (*truth).means[a];
    sources.means[D + a] = (*parent).means[a];
  }
  for (var e = 0u; e < TRI; e++) {
    sources.factors[e] = (*truth).factors[e];
    sources.factors[TRI + e] = (*parent).factors[e];
  }
  sources.exponents[0] = (*truth).exponents[0];
  sources.exponents[SOURCES - 1u] = (*parent).exponents[0];
  return sources;
}

/// Number, mean and scatter of a training set of `pool` points before the batch, and the batch.
fn groupTally(
  cell: CellParams, place: WishartPlace, pool: u32, sources: ptr<function, Sources>,
) -> Tally {
  let first = place.generation == 1u;
  var truthMean = array<f32, D>();
  var truthFactor = array<f32, TRI>();
  var mean = array<f32, D>();
  var factor = array<f32, TRI>();
  for (var a = 0u; a < D; a++) {
    truthMean[a] = (*sources).means[a];
    mean[a] = (*sources).means[D + a];
  }
  for (var e = 0u; e < TRI; e++) {
    truthFactor[e] = (*sources).factors[e];
    factor[e] = (*sources).factors[TRI + e];
  }
  var tally = Tally(0u, array<f32, D>(), array<f32, TRI>());
  if (RETENTION == 1) {
    let bessel = besselOf(cell, pool);
    let weight = select(0.0, f32(pool) / bessel, bessel > 0.0);
    mergeTally(&tally, pool, mean, scatterOf(factor, weight));
  }
  if (NOISY == 1) {
    factor = addFactors(factor, cell.spread, truthFactor, cell.noise);
  } else {
    for (var e = 0u; e < TRI; e++) {
      factor[e] *= cell.spread;
    }
  }
  for (var a = 0u; a < D; a++) {
    mean[a] = select(mean[a], truthMean[a], first);
  }
  for (var e = 0u; e < TRI; e++) {
    factor[e] = select(factor[e], truthFactor[e], first);
  }
  // The archive is a group of its own in the first generation too.
  let real = select(cell.quota, 0u, first & (FIXED == 0));
  let rest = WishartPlace(place.key, place.lineage, place.generation, GROUP_REST);
  mergeDraw(&tally, rest, cell.sampleSize - real, mean, factor);
  if (HAS_REAL == 1) {
    let drawnAt = select(place.generation, 1u, FIXED == 1);
    let own = WishartPlace(place.key, place.lineage, drawnAt, GROUP_REAL);
    mergeDraw(&tally, own, real, truthMean, truthFactor);
  }
  return tally;
}
