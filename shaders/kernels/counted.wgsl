// K = 1 on groups of points whose numbers are drawn, too: real points by chance, an adversary's, of
// several models, of several modes; and where kinds weigh unlike, a fit has a prior, or a pool is more
// than its model says. Each invocation takes one lineage through the generations of the window, as in
// closed.wgsl.
// Twins: groupedStep of src/model/lineage.ts, src/model/assemble/group-tally.ts.
import package::constants::{
  ANCESTRY, COVARIANCE, D, FIXED, HISTORY, HISTORY_WORDS, J, K, MEMORY, MODEL_WORDS, NOISY, PHASED,
  POISONED, POOL, POOL_AT, PRIOR, SEGMENTED, SOURCES, TRI, WEIGHED, WORKGROUP,
};
import package::archive::{archivePoints, segmentCount, segmentPoints, segmentTimes};
import package::phases::phaseRow;
import package::ring::{loadModel, storeModel};
import package::layout::{CellParams, ChunkRow, Dispatch};
import package::assemble::counts::{
  BatchCounts, batchCounts, GROUP_POISON, GROUP_REAL_MODES, GROUP_REST_PARTS, partCount,
  partOfGroup,
};
import package::assemble::groups::{
  addFactors, GROUP_REAL, GROUP_REST, mergeDraw, mergeTally, scatterOf, Tally,
};
import package::assemble::possible::{besselOf, livingSources, trainingSize};
import package::assemble::sources::{
  anchorSource, drawnExtent, enterFrame, gatherSources, Sources, WorkingFrame,
};
import package::assemble::write::writeModel;
import package::gmm::class_scales::classScales;
import package::gmm::em::{Components, maximise, MaximiseRules, Sums};
import package::gmm::model::{emptyModel, Model, packModel, unpackModel};
import package::gmm::prior::addPrior;
import package::gmm::status::{STATUS_DEGENERATE, STATUS_NON_FINITE, STATUS_OVERFLOW};
import package::gmm::wishart::WishartPlace;
import package::math::exponent::scaleBy;
import package::math::triangular::packedIndex;
import package::set::SourceSet;

@group(0) @binding(0) var<uniform> dispatch: Dispatch;
@group(0) @binding(1) var<storage, read> chunkOf: array<u32>;
@group(0) @binding(2) var<storage, read> chunks: array<ChunkRow>;
@group(0) @binding(3) var<storage, read> cells: array<CellParams>;
@group(0) @binding(4) var<storage, read> truthModels: array<u32>;
@group(0) @binding(5) var<storage, read_write> ring: array<u32>;
// Models of the past, [((generation % HISTORY) * HISTORY_WORDS + word) * lineages + lineage]; after
// them tallies of a pool, [(POOL_AT + tally * TALLY_WORDS + value) * lineages + lineage]: how many points,
// their mean and their scatter, in the latest model's frame.
@group(0) @binding(6) var<storage, read_write> history: array<u32>;

const TALLY_WORDS: u32 = 1u + D + TRI;

/// A training set as it is drawn: what comes from models and from an adversary, and what is real.
struct GroupedSet {
  cell: CellParams,
  // Where the cell's rows begin, and segments of its archive.
  firstRow: u32,
  segments: u32,
  place: WishartPlace,
  lineage: u32,
  points: u32,
  counts: BatchCounts,
  frame: WorkingFrame,
  sources: Sources,
  weights: array<f32, SOURCES>,
  rest: Tally,
  real: Tally,
  // Copies since a human of the new points, summed and divided by the number of all.
  copies: f32,
}

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
  for (var g = 0u; g < dispatch.generationCount; g++) {
    let generation = dispatch.firstGeneration + g;
    if (PHASED == 1) {
      cell = cells[phaseRow(chunk.cell, generation)];
    }
    var job = GroupedSet();
    job.cell = cell;
    job.firstRow = chunk.cell;
    if (SEGMENTED == 1) {
      job.segments = segmentCount(chunk.cell);
    }
    job.place = WishartPlace(key, replicate, generation, 0u);
    job.lineage = lineage;
    parent = groupedStep(&job, &parent);
    storeModel(dispatch.firstSlot + g, lineage, &parent);
    if (MEMORY == 1) {
      keepPast(generation, lineage, &parent);
    }
  }
}

fn historyWord(generation: u32, word: u32, lineage: u32) -> u32 {
  return ((generation % HISTORY) * HISTORY_WORDS + word) * dispatch.lineageCount + lineage;
}

fn keepPast(generation: u32, lineage: u32, model: ptr<function, Model>) {
  var packed = packModel(model);
  for (var w = 0u; w < MODEL_WORDS; w++) {
    history[historyWord(generation, w, lineage)] = packed[w];
  }
}

fn loadPast(generation: u32, lineage: u32) -> Model {
  var packed = array<u32, MODEL_WORDS>();
  for (var w = 0u; w < MODEL_WORDS; w++) {
    packed[w] = history[historyWord(generation, w, lineage)];
  }
  return unpackModel(&packed);
}

fn poolWord(tally: u32, value: u32, lineage: u32) -> u32 {
  return (POOL_AT + tally * TALLY_WORDS + value) * dispatch.lineageCount + lineage;
}

/// A tally of the points before, in the frame of the training set.
fn heldTally(job: ptr<function, GroupedSet>, which: u32, parent: ptr<function, Model>) -> Tally {
  var tally = Tally();
  let lineage = (*job).lineage;
  if ((*job).place.generation > 1u) {
    tally.points = history[poolWord(which, 0u, lineage)];
  }
  // No points are nowhere.
  if (tally.points > 0u) {
    let frame = (*job).frame;
    var origin = frame.origin;
    var low = frame.originLow;
    let scale = (*parent).scale - frame.scale;
    for (var a = 0u; a < D; a++) {
      let shift = ((*parent).origin[a] - origin[a]) + ((*parent).originLow[a] - low[a]);
      let own = bitcast<f32>(history[poolWord(which, 1u + a, lineage)]);
      tally.mean[a] = scaleBy(shift, -frame.scale) + scaleBy(own, scale);
    }
    for (var e = 0u; e < TRI; e++) {
      let entry = bitcast<f32>(history[poolWord(which, 1u + D + e, lineage)]);
      tally.scatter[e] = scaleBy(scaleBy(entry, scale), scale);
    }
  }
  return tally;
}

/// Keeps a tally of all points so far in the frame that the model is going to have.
fn keepTally(which: u32, lineage: u32, tally: ptr<function, Tally>) {
  history[poolWord(which, 0u, lineage)] = (*tally).points;
  for (var a = 0u; a < D; a++) {
    history[poolWord(which, 1u + a, lineage)] = bitcast<u32>((*tally).mean[a]);
  }
  for (var e = 0u; e < TRI; e++) {
    history[poolWord(which, 1u + D + e, lineage)] = bitcast<u32>((*tally).scatter[e]);
  }
}

/// Keeps both kinds of points apart, of which a fit has `joined`: at first all are real.
fn keepKinds(job: ptr<function, GroupedSet>, joined: Tally) {
  var rest = (*job).rest;
  var real = (*job).real;
  if ((*job).place.generation == 1u) {
    rest = Tally();
    real = joined;
    real.points = (*job).points;
  }
  keepTally(0u, (*job).lineage, &rest);
  keepTally(1u, (*job).lineage, &real);
}

fn groupedStep(job: ptr<function, GroupedSet>, parent: ptr<function, Model>) -> Model {
  let cell = (*job).cell;
  let place = (*job).place;
  let first = place.generation == 1u;
  let points = trainingSize(cell, place.generation);
  (*job).points = points;
  var archive = select(0u, cell.quota, FIXED == 1);
  if (SEGMENTED == 1) {
    archive = archivePoints((*job).firstRow, (*job).segments);
  }
  (*job).counts = batchCounts(place, cell, archive);
  enterGroups(job, parent);
  groupTally(job, parent);
  var tally = joinTallies(job);
  if (POOL == 2) {
    keepTally(0u, (*job).lineage, &tally);
  }
  if (POOL == 3) {
    keepKinds(job, tally);
  }
  var components = Components();
  var sums = Sums();
  sums.zeroth[0] = f32(points);
  for (var a = 0u; a < D; a++) {
    components.means[a] = tally.mean[a];
  }
  for (var e = 0u; e < TRI; e++) {
    sums.second[e] = tally.scatter[e];
  }
  // About the parent there is no prior in the first fit.
  let held = (PRIOR == 2) | ((PRIOR == 1) & !first);
  let strength = select(0.0, cell.strength, held);
  if (PRIOR > 0) {
    addCentre(job, &components, strength, &sums);
  }
  let frame = (*job).frame;
  let flat = (COVARIANCE == 0u) & (cell.floor == 0.0) & (strength == 0.0);
  let rules = MaximiseRules(
    f32(points) + strength, besselOf(cell, points),
    scaleBy(scaleBy(cell.floor, -frame.scale), -frame.scale),
    select(u32(D), points - 1u, flat),
  );
  maximise(&components, &sums, rules);
  let few = (cell.floor == 0.0) & (strength == 0.0) & (points <= D);
  var trace = 0.0;
  for (var a = 0u; a < D; a++) {
    trace += tally.scatter[packedIndex(a, a)];
  }
  let sd = sqrt(trace / (f32(points) * f32(D)));
  let status = (*parent).status | select(0u, STATUS_DEGENERATE, few);
  var model = writeModel(&components, sd, status);
  model.scale = frame.scale;
  model.origin = frame.origin;
  model.originLow = frame.originLow;
  if (ANCESTRY == 1) {
    let pool = f32(points - cell.sampleSize) / f32(points);
    model.ancestry = select(pool * (*parent).ancestry + (*job).copies, 0.0, first);
  }
  return model;
}

/// Truth and parent as sources, in the frame of the training set.
fn enterGroups(job: ptr<function, GroupedSet>, parent: ptr<function, Model>) {
  let cell = (*job).cell;
  let counts = (*job).counts;
  let first = (*job).place.generation == 1u;
  var sources = Sources();
  var weights = array<f32, SOURCES>();
  // A truth is packed as a model of J components: header, weights, means, factors, exponents.
  let offset = cell.truthModelOffset + 2u + 2u * D;
  for (var j = 0u; j < J; j++) {
    weights[j] = bitcast<f32>(truthModels[offset + j]);
    sources.exponents[j] = bitcast<i32>(truthModels[offset + J * (1u + D + TRI) + j]);
  }
  for (var e = 0u; e < J * D; e++) {
    sources.means[e] = bitcast<f32>(truthModels[offset + J + e]);
  }
  for (var e = 0u; e < J * TRI; e++) {
    sources.factors[e] = bitcast<f32>(truthModels[offset + J + J * D + e]);
  }
  weights[J] = (*parent).weights[0];
  sources.exponents[J] = (*parent).exponents[0];
  for (var a = 0u; a < D; a++) {
    sources.means[J * D + a] = (*parent).means[a];
  }
  for (var e = 0u; e < TRI; e++) {
    sources.factors[J * TRI + e] = (*parent).factors[e];
  }
  var frame = WorkingFrame((*parent).origin, (*parent).originLow, (*parent).scale);
  let real = first | (counts.real + counts.poison > 0u) | (cell.noise > 0.0);
  let modelled = !first & ((counts.rest > 0u) | ((*job).points > cell.sampleSize));
  let none = SourceSet();
  let truth = select(none, livingSources(&weights, 0u, J), real);
  let possible = truth | select(none, livingSources(&weights, J, K), modelled);
  gatherSources(&sources, &frame, real);
  let anchor = anchorSource(&sources, possible);
  enterFrame(&sources, &frame, anchor, drawnExtent(&sources, possible, anchor));
  (*job).sources = sources;
  (*job).weights = weights;
  (*job).frame = frame;
}

/// What one draw adds: a group's number of points, how often it is there, its words, and the Gaussian
/// that it is of.
struct GroupPart {
  points: u32,
  times: u32,
  place: WishartPlace,
  mean: array<f32, D>,
  factor: array<f32, TRI>,
}

/// Mean and factor of source s as those of a part.
fn fromSource(job: ptr<function, GroupedSet>, s: u32, part: ptr<function, GroupPart>) {
  // Chosen, not indexed: arrays that a variable indexes are in memory.
  for (var o = 0u; o < SOURCES; o++) {
    for (var a = 0u; a < D; a++) {
      (*part).mean[a] = select((*part).mean[a], (*job).sources.means[o * D + a], o == s);
    }
    for (var e = 0u; e < TRI; e++) {
      (*part).factor[e] = select((*part).factor[e], (*job).sources.factors[o * TRI + e], o == s);
    }
  }
}

/// Number, mean and scatter of what is real and of the rest. Parts in the order of the twin: those of
/// modes or models, those of real modes, segment by segment, the adversary's. One draw's text serves
/// them all.
fn groupTally(job: ptr<function, GroupedSet>, parent: ptr<function, Model>) {
  let cell = (*job).cell;
  let place = (*job).place;
  let counts = (*job).counts;
  let first = place.generation == 1u;
  var rest = Tally();
  var real = Tally();
  if (POOL == 1) {
    let pool = (*job).points - cell.sampleSize;
    let bessel = besselOf(cell, pool);
    let weight = select(0.0, f32(pool) / bessel, bessel > 0.0);
    var held = GroupPart();
    fromSource(job, u32(J), &held);
    mergeTally(&rest, pool, held.mean, scatterOf(held.factor, weight));
  }
  if (POOL == 2) {
    rest = heldTally(job, 0u, parent);
  }
  if (POOL == 3) {
    rest = heldTally(job, 0u, parent);
    real = heldTally(job, 1u, parent);
  }
  let models = min(cell.memory, place.generation - 1u);
  let restParts = select(models, u32(J), first);
  var realParts = u32(J);
  if (SEGMENTED == 1) {
    realParts *= (*job).segments;
  }
  var left = counts.rest;
  var realLeft = counts.real;
  let parts = restParts + realParts + POISONED;
  for (var p = 0u; p < parts; p++) {
    let ofRest = p < restParts;
    let ofReal = !ofRest & (p < restParts + realParts);
    var mode = select(p - restParts, p, ofRest);
    var drawnAt = select(place.generation, 1u, FIXED == 1);
    let modelled = ofRest & !first;
    var part = GroupPart();
    part.points = counts.poison;
    part.times = 1u;
    part.place = inPart(place, GROUP_POISON, 0u);
    if (SEGMENTED == 1) {
      if (ofReal) {
        let s = mode / u32(J);
        mode %= u32(J);
        drawnAt = 1u + s;
        part.times = segmentTimes((*job).firstRow, s, place.generation, cell.quota);
        let points = segmentPoints((*job).firstRow, s);
        realLeft = select(realLeft, select(points, 0u, part.times == 0u), mode == 0u);
      }
    }
    if (ofRest | ofReal) {
      let among = select(realLeft, left, ofRest);
      if (among == 0u) {
        continue;
      }
      var chance = 1.0 / f32(max(models, p + 1u) - p);
      if (!modelled) {
        chance = modeChance(job, mode);
      }
      let own = WishartPlace(
        place.key, place.lineage, select(drawnAt, place.generation, ofRest), 0u,
      );
      let counted = select(GROUP_REAL_MODES, GROUP_REST_PARTS, ofRest);
      part.points = partCount(own, counted, mode, among, chance);
      part.place = inPart(own, select(GROUP_REAL, GROUP_REST, ofRest), mode);
      left -= select(0u, part.points, ofRest);
      realLeft -= select(part.points, 0u, ofRest);
    }
    if (part.points == 0u) {
      continue;
    }
    if (modelled) {
      fromModel(job, mode, parent, &part);
    } else if (ofRest | ofReal) {
      fromSource(job, mode, &part);
    } else {
      fromPoison(job, &part);
    }
    // The two are one variable to the draw: its text is there once.
    var tally = rest;
    if (ofReal) {
      tally = real;
    }
    mergePart(&tally, &part);
    if (ofReal) {
      real = tally;
    } else {
      rest = tally;
    }
  }
  (*job).rest = rest;
  (*job).real = real;
}

fn mergePart(tally: ptr<function, Tally>, part: ptr<function, GroupPart>) {
  if (SEGMENTED == 0) {
    mergeDraw(tally, (*part).place, (*part).points, (*part).mean, (*part).factor);
    return;
  }
  var once = Tally();
  mergeDraw(&once, (*part).place, (*part).points, (*part).mean, (*part).factor);
  for (var e = 0u; e < TRI; e++) {
    once.scatter[e] *= f32((*part).times);
  }
  mergeTally(tally, (*part).times * (*part).points, once.mean, once.scatter);
}

fn inPart(place: WishartPlace, group: u32, part: u32) -> WishartPlace {
  return WishartPlace(place.key, place.lineage, place.generation, partOfGroup(group, part));
}

/// Probability of mode j among the modes from it on; 1 for the last that lives.
fn modeChance(job: ptr<function, GroupedSet>, mode: u32) -> f32 {
  var rest = 0.0;
  var own = 0.0;
  for (var j = 0u; j < J; j++) {
    rest += select(0.0, (*job).weights[j], j >= mode);
    own = select(own, (*job).weights[j], j == mode);
  }
  return select(0.0, own / max(rest, 1e-30), own > 0.0);
}

/// What the model so many generations before the last is sampled as.
fn fromModel(
  job: ptr<function, GroupedSet>, back: u32, parent: ptr<function, Model>,
  part: ptr<function, GroupPart>,
) {
  let cell = (*job).cell;
  fromSource(job, u32(J), part);
  var ancestry = (*parent).ancestry;
  if (MEMORY == 1) {
    if (back > 0u) {
      var model = loadPast((*job).place.generation - 1u - back, (*job).lineage);
      ancestry = model.ancestry;
      let frame = (*job).frame;
      var origin = frame.origin;
      var low = frame.originLow;
      let scale = model.scale - frame.scale;
      for (var a = 0u; a < D; a++) {
        let shift = (model.origin[a] - origin[a]) + (model.originLow[a] - low[a]);
        (*part).mean[a] = scaleBy(shift, -frame.scale) + scaleBy(model.means[a], scale);
      }
      for (var e = 0u; e < TRI; e++) {
        (*part).factor[e] = scaleBy(model.factors[e], model.exponents[0] + scale);
      }
    }
  }
  if (ANCESTRY == 1) {
    (*job).copies += f32((*part).points) / f32((*job).points) * (ancestry + 1.0);
  }
  if (NOISY == 1) {
    // Root of the truth's covariance, after its packed model.
    let at = cell.truthModelOffset + 2u + 2u * D + J * (2u + D + TRI);
    var noise = array<f32, TRI>();
    for (var e = 0u; e < TRI; e++) {
      noise[e] = scaleBy(bitcast<f32>(truthModels[at + e]), -(*job).frame.scale);
    }
    (*part).factor = addFactors((*part).factor, cell.spread, noise, cell.noise);
  } else {
    for (var e = 0u; e < TRI; e++) {
      (*part).factor[e] *= cell.spread;
    }
  }
}

/// An adversary's Gaussian, in the frame.
fn fromPoison(job: ptr<function, GroupedSet>, part: ptr<function, GroupPart>) {
  let cell = (*job).cell;
  let frame = (*job).frame;
  var origin = frame.origin;
  var low = frame.originLow;
  let centre = vec4<f32>(cell.poisonMean0, cell.poisonMean1, cell.poisonMean2, cell.poisonMean3);
  for (var a = 0u; a < D; a++) {
    (*part).mean[a] = scaleBy((centre[a] - origin[a]) - low[a], -frame.scale);
    (*part).factor[packedIndex(a, a)] = scaleBy(cell.poisonScale, -frame.scale);
  }
}

/// Two kinds of points as one, each point of a kind weighing the same.
fn joinTallies(job: ptr<function, GroupedSet>) -> Tally {
  var joined = (*job).rest;
  if (WEIGHED == 0) {
    mergeTally(&joined, (*job).real.points, (*job).real.mean, (*job).real.scatter);
    return joined;
  }
  let cell = (*job).cell;
  let first = (*job).place.generation == 1u;
  let rest = f32(joined.points);
  let real = f32((*job).real.points);
  let share = select(cell.realWeight, -1.0, first);
  let scales = classScales(rest, real, share, f32((*job).points));
  let total = scales.x * rest + scales.y * real;
  let part = scales.y * real / total;
  let between = scales.x * rest * part;
  var apart = (*job).real.mean;
  for (var a = 0u; a < D; a++) {
    apart[a] = (*job).real.mean[a] - joined.mean[a];
  }
  for (var a = 0u; a < D; a++) {
    for (var b = 0u; b <= a; b++) {
      let e = packedIndex(a, b);
      joined.scatter[e] = scales.x * joined.scatter[e] + scales.y * (*job).real.scatter[e]
        + between * apart[a] * apart[b];
    }
    joined.mean[a] += part * apart[a];
  }
  return joined;
}

/// Adds the prior's points, of the parent or of the truth's one component.
fn addCentre(
  job: ptr<function, GroupedSet>, components: ptr<function, Components>, strength: f32,
  sums: ptr<function, Sums>,
) {
  var centre = Components();
  let s = select(u32(J), 0u, PRIOR == 2);
  centre.weights[0] = 1.0;
  for (var a = 0u; a < D; a++) {
    centre.means[a] = (*job).sources.means[s * D + a];
  }
  for (var e = 0u; e < TRI; e++) {
    centre.factors[e] = (*job).sources.factors[s * TRI + e];
  }
  addPrior(components, &centre, strength, sums);
}
