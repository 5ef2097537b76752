// Fits and samples: each invocation takes one lineage through the generations of the window,
// drawing a batch, choosing its frame, fitting it, and appending the model to the ring.
// Twin: src/model/lineage.ts.
import package::constants::{D, INIT, J, K, MODEL_WORDS, REAL_ROWS, SOURCES, TRI};
import package::layout::{CellParams, ChunkRow, Dispatch};
import package::assemble::draws::{
  blockNormals, choiceWord, isReal, Mix, normalBlock, pickComponent, Place, pointNormals,
};
import package::assemble::sources::{
  anchorSource, drawnExtent, enterFrame, gatherSources, moveOrigin, sourcePoint, Sources,
  WorkingFrame,
};
import package::gmm::em::{
  accumulate, BLOCK, Components, fold, maximise, MaximiseRules, prepare, responsibilities, Sums,
};
import package::gmm::kmeans::{LLOYD_LIMIT, nearestCentre, NEVER, raceTime, squaredDistance};
import package::gmm::model::{emptyModel, Model, packModel, setFactor, unpackModel};
import package::gmm::status::{
  STATUS_COMPONENT_LOST, STATUS_DEGENERATE, STATUS_NON_FINITE, STATUS_OVERFLOW,
};
import package::math::exponent::{scaleBy, ZERO_EXPONENT};
import package::math::triangular::{multiplyLower, multiplyVector, packedIndex};
import package::rng::coordinates::{words, STREAM_KMEANS};
import package::rng::normal::{exponential, unitUniform, wordBelow};

@group(0) @binding(0) var<uniform> dispatch: Dispatch;
@group(0) @binding(1) var<storage, read> chunkOf: array<u32>;
@group(0) @binding(2) var<storage, read> chunks: array<ChunkRow>;
@group(0) @binding(3) var<storage, read> cells: array<CellParams>;
@group(0) @binding(4) var<storage, read> truthModels: array<u32>;
@group(0) @binding(5) var<storage, read> rows: array<f32>;
@group(0) @binding(6) var<storage, read_write> ring: array<u32>;
// The slice's training sets, [(point * D + axis) * slice + lane].
@group(0) @binding(7) var<storage, read_write> points: array<f32>;

const START_TRUTH: u32 = 1u;
const START_KMEANS: u32 = 2u;
// A parent start has no parent at generation 1 and, where K is not J, no truth to start from.
const USES_KMEANS: bool = INIT == 2 || (INIT == 0 && K != J);
// 2^-20: components narrower than this share of the sample's sd are degenerate.
const DEGENERATE_WIDTH: f32 = 0x1p-20f;
// 1 / FRAME_LIMIT: the least width at which squares of frame-limited offsets stay finite.
const LEAST_WIDTH: f32 = 0x1p-59f;

/// Where one generation of one lineage stands, and what it follows.
struct Step {
  lane: u32,
  cell: CellParams,
  place: Place,
  mix: Mix,
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= dispatch.sliceLineages) {
    return;
  }
  let lineage = dispatch.firstLineage + id.x;
  let chunk = chunks[chunkOf[lineage]];
  let cell = cells[chunk.cell];
  let replicate = chunk.firstReplicate + (lineage - chunk.firstLineage);
  let key = vec4<u32>(cell.keyLow, cell.keyHigh, cell.keyCell, cell.keyVersion);
  var parent = emptyModel();
  if (dispatch.firstGeneration > 1u) {
    parent = loadModel(dispatch.parentSlot, lineage);
    // Raised by observe after the window: they belong to the generation they occurred in.
    parent.status &= ~(STATUS_OVERFLOW | STATUS_NON_FINITE);
  }
  storeModel(0u, lineage, &parent);
  for (var g = 0u; g < dispatch.generationCount; g++) {
    let place = Place(key, replicate, dispatch.firstGeneration + g);
    parent = nextModel(id.x, cell, place, &parent);
    storeModel(1u + g, lineage, &parent);
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

fn storeModel(slot: u32, lineage: u32, model: ptr<function, Model>) {
  var packed = packModel(model);
  for (var w = 0u; w < MODEL_WORDS; w++) {
    ring[ringWord(slot, w, lineage)] = packed[w];
  }
}

fn loadPoint(lane: u32, i: u32) -> array<f32, D> {
  var y = array<f32, D>();
  for (var a = 0u; a < D; a++) {
    y[a] = points[(i * D + a) * dispatch.sliceLineages + lane];
  }
  return y;
}

fn storePoint(lane: u32, i: u32, point: array<f32, D>) {
  var y = point;
  for (var a = 0u; a < D; a++) {
    points[(i * D + a) * dispatch.sliceLineages + lane] = y[a];
  }
}

/// q_t from q_{t-1}; at generation 1 every point is real.
fn nextModel(lane: u32, cell: CellParams, place: Place, parent: ptr<function, Model>) -> Model {
  let first = place.generation == 1u;
  let mix = Mix(select(cell.quota, cell.sampleSize, first), select(cell.share, 0.0, first));
  let step = Step(lane, cell, place, mix);
  if (K == 1 && cell.floor == 0.0 && mix.quota == 0u && mix.share == 0.0) {
    return standardisedStep(step, parent);
  }
  return framedStep(step, parent);
}

/// K = 1 from its own samples, fitted on the standard normals and multiplied on.
fn standardisedStep(step: Step, parent: ptr<function, Model>) -> Model {
  var normals = vec4<f32>();
  for (var i = 0u; i < step.cell.sampleSize; i++) {
    if (D != 1 || (i & 1u) == 0u) {
      normals = blockNormals(normalBlock(step.place, i));
    }
    storePoint(step.lane, i, pointNormals(i, normals));
  }
  var components = Components();
  closedFit(step, 0, &components);
  var left = array<f32, TRI>();
  var right = array<f32, TRI>();
  for (var e = 0u; e < TRI; e++) {
    left[e] = (*parent).factors[e];
    right[e] = components.factors[e];
  }
  var mean = array<f32, D>();
  for (var a = 0u; a < D; a++) {
    mean[a] = components.means[a];
  }
  var offset = multiplyVector(left, mean);
  var frame = WorkingFrame((*parent).origin, (*parent).originLow, (*parent).scale);
  var model = emptyModel();
  for (var a = 0u; a < D; a++) {
    moveOrigin(&frame, a, (*parent).means[a] + scaleBy(offset[a], (*parent).exponents[0]));
  }
  setFactor(&model, 0u, multiplyLower(left, right));
  let dead = model.exponents[0] == ZERO_EXPONENT || (*parent).exponents[0] == ZERO_EXPONENT;
  model.weights[0] = 1.0;
  model.origin = frame.origin;
  model.originLow = frame.originLow;
  model.scale = (*parent).scale
    + select((*parent).exponents[0] + model.exponents[0], 0, dead);
  model.exponents[0] = select(0, ZERO_EXPONENT, dead);
  model.status = (*parent).status | shortSample(step.cell) | select(0u, STATUS_DEGENERATE, dead);
  return model;
}

/// n <= D points span no volume.
fn shortSample(cell: CellParams) -> u32 {
  return select(0u, STATUS_DEGENERATE, K == 1 && cell.floor == 0.0 && cell.sampleSize <= D);
}

/// Any other generation: sources into one frame, points, fit, and the frame kept.
fn framedStep(step: Step, parent: ptr<function, Model>) -> Model {
  var sources = Sources();
  var weights = array<f32, SOURCES>();
  loadSources(step.cell.truthModelOffset, parent, &sources, &weights);
  var frame = WorkingFrame((*parent).origin, (*parent).originLow, (*parent).scale);
  let drawn = drawnSources(step, &weights);
  gatherSources(&sources, &frame, (drawn & ((1u << J) - 1u)) != 0u);
  let anchor = anchorSource(&sources, drawn);
  var anchorMean = array<f32, D>();
  for (var a = 0u; a < D; a++) {
    anchorMean[a] = sources.means[anchor * D + a];
  }
  let extent = drawnExtent(&sources, drawn, anchor);
  enterFrame(&sources, &frame, anchor, extent);
  let sd = drawPoints(step, &sources, &weights, anchorMean, extent);
  var components = Components();
  var status = (*parent).status | shortSample(step.cell);
  if (K == 1) {
    closedFit(step, frame.scale, &components);
  } else {
    startFit(step, frame.scale, &sources, &weights, &components);
    status |= mixtureFit(step, frame.scale, sd, &components);
  }
  var model = writeModel(&components, sd, status);
  model.scale = frame.scale;
  model.origin = frame.origin;
  model.originLow = frame.originLow;
  return model;
}

/// The truth's components, then the parent's, each in its own frame.
fn loadSources(
  offset: u32, parent: ptr<function, Model>, sources: ptr<function, Sources>,
  sourceWeights: ptr<function, array<f32, SOURCES>>,
) {
  // A truth is packed as a model of J components: header, weights, means, factors, exponents.
  let weights = offset + 2u + 2u * D;
  let means = weights + J;
  let factors = means + J * D;
  let exponents = factors + J * TRI;
  for (var s = 0u; s < J; s++) {
    (*sourceWeights)[s] = bitcast<f32>(truthModels[weights + s]);
    (*sources).exponents[s] = bitcast<i32>(truthModels[exponents + s]);
  }
  for (var e = 0u; e < J * D; e++) {
    (*sources).means[e] = bitcast<f32>(truthModels[means + e]);
  }
  for (var e = 0u; e < J * TRI; e++) {
    (*sources).factors[e] = bitcast<f32>(truthModels[factors + e]);
  }
  for (var k = 0u; k < K; k++) {
    (*sourceWeights)[J + k] = (*parent).weights[k];
    (*sources).exponents[J + k] = (*parent).exponents[k];
  }
  for (var e = 0u; e < K * D; e++) {
    (*sources).means[J * D + e] = (*parent).means[e];
  }
  for (var e = 0u; e < K * TRI; e++) {
    (*sources).factors[J * TRI + e] = (*parent).factors[e];
  }
}

/// Which source point i is drawn from.
fn sourceOf(
  step: Step, weights: ptr<function, array<f32, SOURCES>>, i: u32, real: bool, block: vec4<u32>,
) -> u32 {
  let first = select(J, 0u, real);
  let count = select(u32(K), u32(J), real);
  if (count == 1u) {
    return first;
  }
  let u = unitUniform(choiceWord(step.place, i, block));
  return first + pickComponent(weights, first, count, u);
}

fn livingMask(weights: ptr<function, array<f32, SOURCES>>, first: u32, count: u32) -> u32 {
  var mask = 0u;
  for (var s = first; s < first + count; s++) {
    mask |= select(0u, 1u << s, (*weights)[s] > 0.0);
  }
  return mask;
}

/// Which sources this batch draws from, bit s for source s; stops once all have been seen.
fn drawnSources(step: Step, weights: ptr<function, array<f32, SOURCES>>) -> u32 {
  let mix = step.mix;
  let sampleSize = step.cell.sampleSize;
  let realMask = livingMask(weights, 0u, J);
  let modelMask = livingMask(weights, J, K);
  let full = select(0u, realMask, mix.quota > 0u || mix.share > 0.0)
    | select(0u, modelMask, mix.quota < sampleSize);
  var drawn = 0u;
  for (var i = 0u; i < sampleSize && drawn != full; i++) {
    let block = normalBlock(step.place, i);
    let real = isReal(step.place, mix, i, block);
    // Rows spread over the whole truth: its frame must hold them all.
    if (real && REAL_ROWS == 1) {
      drawn |= realMask;
    } else {
      drawn |= 1u << sourceOf(step, weights, i, real, block);
    }
  }
  return drawn;
}

/// Fills the points; returns the sample's sd, sqrt(trace / D).
fn drawPoints(
  step: Step, sources: ptr<function, Sources>, weights: ptr<function, array<f32, SOURCES>>,
  anchorMean: array<f32, D>, extent: i32,
) -> f32 {
  let sampleSize = step.cell.sampleSize;
  var origin = anchorMean;
  var block = vec4<u32>();
  var normals = vec4<f32>();
  var sum = array<f32, D>();
  var squares = 0.0;
  for (var i = 0u; i < sampleSize; i++) {
    // At D = 1 the even point's block and normals are the odd one's too.
    if (D != 1 || (i & 1u) == 0u) {
      block = normalBlock(step.place, i);
      normals = blockNormals(block);
    }
    let real = isReal(step.place, step.mix, i, block);
    var y = array<f32, D>();
    if (real && REAL_ROWS == 1) {
      let row = wordBelow(choiceWord(step.place, i, block), step.cell.rowCount);
      for (var a = 0u; a < D; a++) {
        let x = rows[step.cell.rowOffset + row * D + a];
        y[a] = scaleBy(x - origin[a], -extent);
      }
    } else {
      let s = sourceOf(step, weights, i, real, block);
      y = sourcePoint(sources, s, pointNormals(i, normals));
    }
    for (var a = 0u; a < D; a++) {
      sum[a] += y[a];
      squares += y[a] * y[a];
    }
    storePoint(step.lane, i, y);
  }
  var spread = squares / f32(sampleSize);
  for (var a = 0u; a < D; a++) {
    let mean = sum[a] / f32(sampleSize);
    spread -= mean * mean;
  }
  return sqrt(max(spread, 0.0) / f32(D));
}

fn maximiseRules(cell: CellParams, scale: i32) -> MaximiseRules {
  let floor = scaleBy(scaleBy(cell.floor, -scale), -scale);
  let rank = select(D, cell.sampleSize - 1u, K == 1 && cell.floor == 0.0);
  return MaximiseRules(f32(cell.sampleSize), cell.bessel, floor, rank);
}

/// K = 1: mean and covariance in two passes, the second about the mean that the first found.
fn closedFit(step: Step, scale: i32, components: ptr<function, Components>) {
  (*components).weights[0] = 1.0;
  var shares = array<f32, K>();
  shares[0] = 1.0;
  for (var pass_ = 0u; pass_ < 2u; pass_++) {
    var total = Sums();
    var block = Sums();
    for (var first = 0u; first < step.cell.sampleSize; first += BLOCK) {
      let end = min(first + BLOCK, step.cell.sampleSize);
      for (var i = first; i < end; i++) {
        accumulate(components, loadPoint(step.lane, i), shares, &block);
      }
      fold(&total, &block);
    }
    maximise(components, &total, maximiseRules(step.cell, scale));
  }
}

/// K > 1: where EM starts from.
fn startFit(
  step: Step, scale: i32, sources: ptr<function, Sources>,
  weights: ptr<function, array<f32, SOURCES>>, components: ptr<function, Components>,
) {
  var start = u32(INIT);
  if (INIT == 0 && step.place.generation == 1u) {
    start = select(START_KMEANS, START_TRUTH, K == J);
  }
  if (USES_KMEANS && start == START_KMEANS) {
    kmeans(step, scale, components);
    return;
  }
  let first = select(J, 0u, start == START_TRUTH);
  for (var k = 0u; k < K; k++) {
    // The modulus only quiets a start that K < J leaves unused.
    let s = (first + k) % SOURCES;
    (*components).weights[k] = (*weights)[s];
    for (var a = 0u; a < D; a++) {
      (*components).means[k * D + a] = (*sources).means[s * D + a];
    }
    for (var e = 0u; e < TRI; e++) {
      (*components).factors[k * TRI + e] = (*sources).factors[s * TRI + e];
    }
  }
}

/// K > 1: `iterations` E and M steps.
fn mixtureFit(
  step: Step, scale: i32, sd: f32, components: ptr<function, Components>,
) -> u32 {
  let living = (*components).weights;
  let widthFloor = max(sd * DEGENERATE_WIDTH, LEAST_WIDTH);
  for (var iteration = 0u; iteration < step.cell.iterations; iteration++) {
    var widths = prepare(components, widthFloor);
    var total = Sums();
    var block = Sums();
    for (var first = 0u; first < step.cell.sampleSize; first += BLOCK) {
      let end = min(first + BLOCK, step.cell.sampleSize);
      for (var i = first; i < end; i++) {
        let y = loadPoint(step.lane, i);
        let shares = responsibilities(components, &widths, y);
        accumulate(components, y, shares, &block);
      }
      fold(&total, &block);
    }
    maximise(components, &total, maximiseRules(step.cell, scale));
  }
  var status = 0u;
  for (var k = 0u; k < K; k++) {
    if (living[k] > 0.0 && !((*components).weights[k] > 0.0)) {
      status |= STATUS_COMPONENT_LOST;
    }
  }
  return status;
}

/// k-means++ and Lloyd on the points, then weights, means and covariances of the labels.
fn kmeans(step: Step, scale: i32, components: ptr<function, Components>) {
  var centres = array<f32, K * D>();
  for (var k = 0u; k < K; k++) {
    var y = loadPoint(step.lane, raceWinner(step, &centres, k));
    for (var a = 0u; a < D; a++) {
      centres[k * D + a] = y[a];
    }
  }
  for (var sweep = 0u; sweep < LLOYD_LIMIT; sweep++) {
    if (!lloydPass(step, &centres)) {
      break;
    }
  }
  (*components).means = centres;
  var total = Sums();
  var block = Sums();
  for (var first = 0u; first < step.cell.sampleSize; first += BLOCK) {
    let end = min(first + BLOCK, step.cell.sampleSize);
    for (var i = first; i < end; i++) {
      let y = loadPoint(step.lane, i);
      var shares = array<f32, K>();
      shares[nearestCentre(&centres, K, y)] = 1.0;
      accumulate(components, y, shares, &block);
    }
    fold(&total, &block);
  }
  maximise(components, &total, maximiseRules(step.cell, scale));
}

/// The point that becomes centre k: the least E / D^2 to the centres chosen before it.
fn raceWinner(step: Step, centres: ptr<function, array<f32, K * D>>, k: u32) -> u32 {
  let place = step.place;
  var winner = 0u;
  var least = NEVER;
  for (var i = 0u; i < step.cell.sampleSize; i++) {
    let y = loadPoint(step.lane, i);
    let word = words(place.key, i, place.lineage, place.generation, STREAM_KMEANS, k).x;
    var square = 1.0;
    if (k > 0u) {
      square = squaredDistance(centres, nearestCentre(centres, k, y), y);
    }
    let time = raceTime(exponential(word), square);
    if (time < least) {
      least = time;
      winner = i;
    }
  }
  return winner;
}

/// Moves each centre to the mean of its points; an empty one stays. True while any moved.
fn lloydPass(step: Step, centres: ptr<function, array<f32, K * D>>) -> bool {
  var counts = array<f32, K>();
  var sums = array<f32, K * D>();
  for (var i = 0u; i < step.cell.sampleSize; i++) {
    var y = loadPoint(step.lane, i);
    let k = nearestCentre(centres, K, y);
    counts[k] += 1.0;
    for (var a = 0u; a < D; a++) {
      sums[k * D + a] += y[a] - (*centres)[k * D + a];
    }
  }
  var moved = false;
  for (var e = 0u; e < K * D; e++) {
    let count = counts[e / D];
    let next = (*centres)[e] + select(0.0, sums[e] / max(count, 1.0), count > 0.0);
    moved = moved || next != (*centres)[e];
    (*centres)[e] = next;
  }
  return moved;
}

/// The fitted components as a model in the working frame, its degenerate ones marked.
fn writeModel(components: ptr<function, Components>, sd: f32, status: u32) -> Model {
  var model = emptyModel();
  model.status = status;
  for (var k = 0u; k < K; k++) {
    let weight = (*components).weights[k];
    if (!(weight > 0.0)) {
      continue;
    }
    model.weights[k] = weight;
    var factor = array<f32, TRI>();
    for (var e = 0u; e < TRI; e++) {
      factor[e] = (*components).factors[k * TRI + e];
    }
    var thinnest = factor[0];
    for (var a = 0u; a < D; a++) {
      model.means[k * D + a] = (*components).means[k * D + a];
      thinnest = min(thinnest, factor[packedIndex(a, a)]);
    }
    if (thinnest < sd * DEGENERATE_WIDTH || sd == 0.0) {
      model.status |= STATUS_DEGENERATE;
    }
    setFactor(&model, k, factor);
  }
  return model;
}
