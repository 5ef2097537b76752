// Fits and samples: a team of lanes takes one lineage through the generations of the window, each
// generation in passes over its points, pass by pass in tiles of LANE_POINTS points a lane. Where
// one tile holds all points it stays in registers; else points are kept in storage, or drawn again
// on every pass. Twin: src/model/lineage.ts.
import package::constants::{
  ANCESTRY, ASSEMBLED, BIASED, BLOCK_POINTS, BY_PART, COVARIANCE, D, DISTILLED, HAS_REAL, INIT, J,
  K, KEPT_VALUES, KMEANS, LANE_BLOCKS, LANE_POINTS, MASK_FROM, PHASED, PICK_WORDS,
  PRIOR, REAL_ROWS, RESIDENT, RESPAWN, SHARPENED, SOURCES, STANDARDISED, STATE_WORDS, STORED, TEAM,
  TILES, TOLERANCE, TRI, WEIGHED, WEIGHT_COUNT, WORKGROUP,
};
import package::phases::phaseRow;
import package::ring::{loadModel, storeModel};
import package::layout::{CellParams, ChunkRow, Dispatch};
import package::assemble::compose::composeModel;
import package::assemble::draws::{
  blockNormals, choiceWord, cumulate, Cumulative, isReal, Mix, normalBlock, pickComponent, Place,
  pointNormals, sharpenWeights,
};
import package::assemble::possible::{
  coresetEntries, livingSources, possibleSources, trainingSize,
};
import package::assemble::sources::{
  anchorSource, drawnExtent, enterFrame, gatherSources, sourcePoint, Sources, WorkingFrame,
};
import package::assemble::write::{DEGENERATE_WIDTH, writeModel};
import package::gmm::em::{
  accumulate, addToPart, Components, fold, joinPart, logLikelihood, maximise, MaximiseRules,
  partNearness, partOf, PartSums, partTerm, Precision, prepare, responsibilities, Sums,
};
import package::gmm::kmeans::{LLOYD_LIMIT, nearestCentre, NEVER, raceTime, SETTLED, squaredDistance};
import package::gmm::model::{emptyModel, Model};
import package::gmm::prior::addPrior;
import package::gmm::status::{
  STATUS_COMPONENT_LOST, STATUS_DEGENERATE, STATUS_NON_FINITE, STATUS_OVERFLOW,
  STATUS_UNCONVERGED,
};
import package::gmm::weights::{classScales, DENSITY_WIDTH, tailLog};
import package::math::exponent::scaleBy;
import package::math::ln::{ln, LOG2_E};
import package::math::triangular::packedIndex;
import package::rng::coordinates::{words, STREAM_KMEANS, STREAM_RESPAWN};
import package::rng::normal::{exponential, unitUniform, wordBelow};
import package::set::{firstSources, isSame, meets, ofWords, setOf, SourceSet, wordsOf};
import package::team::{anyTeam, enterTeam, teamFirst, teamMost, teamOr, teamSum};

@group(0) @binding(0) var<uniform> dispatch: Dispatch;
@group(0) @binding(1) var<storage, read> chunkOf: array<u32>;
@group(0) @binding(2) var<storage, read> chunks: array<ChunkRow>;
@group(0) @binding(3) var<storage, read> cells: array<CellParams>;
@group(0) @binding(4) var<storage, read> truthModels: array<u32>;
@group(0) @binding(5) var<storage, read> rows: array<f32>;
@group(0) @binding(6) var<storage, read_write> ring: array<u32>;
// Training sets that are kept, [((slot * TILES + tile) * KEPT_VALUES + value) * TEAM + lane]: points,
// and where these weigh unlike their weights.
@group(0) @binding(7) var<storage, read_write> kept: array<f32>;
// Fits broken off between two passes, [slot * STATE_WORDS + word].
@group(0) @binding(8) var<storage, read_write> states: array<u32>;

// 1 / FRAME_LIMIT: the least width at which squares of frame-limited offsets stay finite.
const LEAST_WIDTH: f32 = 0x1p-59f;
// A pick that is a row of the data set and no source.
const ROW_PICK: u32 = 255u;
const TEAMS: u32 = u32(WORKGROUP) / u32(TEAM);

// The lane's points of the tile at hand, LANE_POINTS of D values. They stay registers as long as
// every index is a constant where it stands: not the argument of a function.
var<private> points: array<f32, LANE_POINTS * D> = array<f32, LANE_POINTS * D>();
// What each was drawn from, a byte a point.
var<private> picks: array<u32, PICK_WORDS> = array<u32, PICK_WORDS>();
// What each weighs in the fit, where they weigh unlike; until then 0, and where it is real what it
// stands for.
var<private> pointWeights: array<f32, WEIGHT_COUNT> = array<f32, WEIGHT_COUNT>();
// Whether the team has no lineage of its own.
var<private> repeats: bool = false;
// What a prior holds the fit to, in the working frame, and the points it stands for.
var<private> centre: Components = Components();
var<private> strength: f32 = 0.0;
// Copies since a human, the mean of the training set: of an assembled one as its points brought it,
// else the share of synthetic points, each one copy further than the parent.
var<private> copies: f32 = 0.0;

// The width of a K-th of a volume.
const RESPAWN_WIDTH: f32 = pow(f32(K), -1.0 / f32(D));
// Under every logarithm of a weight.
const LEAST_LOG: f32 = -3e38;

/// Where one generation of one lineage stands, and what it follows.
struct Step {
  lane: u32,
  slot: u32,
  cell: CellParams,
  place: Place,
  mix: Mix,
}

/// Passes over the points that one generation needs, and where its kinds begin.
struct Passes {
  // Centres of k-means++, one pass each; then Lloyd's; then the labels.
  lloyd: u32,
  labels: u32,
  // E- and M-steps, or the two passes of the closed fit.
  steps: u32,
  end: u32,
}

/// What a fit carries from pass to pass.
struct Fit {
  // Root of the sample's trace over D.
  sd: f32,
  // Components with weight at the start, bit k.
  living: u32,
  // Mean log-likelihood of the step before.
  likelihood: f32,
  converged: bool,
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) position: u32,
) {
  enterTeam(position);
  let lane = position % TEAM;
  let team = (group.x + group.y * groups.x) * TEAMS + position / TEAM;
  // Nobody leaves early: teams without a lineage repeat the last one's work and write nothing.
  let slot = min(team, dispatch.sliceLineages - 1u);
  if (WEIGHED == 1) {
    repeats = team >= dispatch.sliceLineages;
  }
  let writes = team < dispatch.sliceLineages && lane == 0u;
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
  if (writes && dispatch.firstSlot == 1u && dispatch.firstPass == 0u) {
    storeModel(0u, lineage, &parent);
  }
  for (var g = 0u; g < dispatch.generationCount; g++) {
    // Handed down beside the step: what is the same for the whole workgroup has to be seen to be.
    let generation = dispatch.firstGeneration + g;
    if (PHASED == 1) {
      cell = cells[phaseRow(chunk.cell, generation)];
    }
    let mix = Mix(
      select(cell.quota, cell.sampleSize, generation == 1u),
      select(cell.share, 0.0, generation == 1u),
    );
    if (ASSEMBLED == 1) {
      let batch = f32(cell.sampleSize);
      cell.sampleSize = trainingSize(cell, generation);
      if (DISTILLED == 1) {
        // Points weigh as many together as there are: a prior's in proportion.
        cell.strength *= f32(cell.sampleSize) / batch;
      }
      let points = f32(cell.sampleSize);
      cell.bessel = select(points / (points - 1.0), 1.0, cell.bessel == 1.0);
    }
    let step = Step(lane, slot, cell, Place(key, replicate, generation, 0u), mix);
    var model = nextModel(step, generation, &parent, writes);
    if (writes && dispatch.endPass == 0u) {
      storeModel(dispatch.firstSlot + g, lineage, &model);
    }
    parent = model;
  }
}

/// Whether a generation is fitted on standard normals and multiplied on.
fn isStandardised(generation: u32) -> bool {
  return STANDARDISED == 1 && generation > 1u;
}

/// q_t from q_{t-1}; at generation 1 every point is real. Sources into one frame, points, fit, and
/// the frame kept. A dispatch that ends between two passes leaves its fit in `states`.
fn nextModel(
  step: Step, generation: u32, parent: ptr<function, Model>, writes: bool,
) -> Model {
  var weights = sourceWeights(step.cell.truthModelOffset, parent);
  var frame = WorkingFrame((*parent).origin, (*parent).originLow, (*parent).scale);
  var anchorMean = array<f32, D>();
  var extent = 0;
  var chosenBy = weights;
  if (SHARPENED == 1) {
    sharpenWeights(&chosenBy, step.cell.sharpening);
  }
  var cumulative = cumulate(&chosenBy);
  let drawn = drawnSources(step, &chosenBy, &cumulative);
  // Not before: what a point is drawn from is known by the weights, and registers are few.
  var sources = loadSources(step.cell.truthModelOffset, parent);
  if (isStandardised(generation)) {
    unitSource(&sources);
  } else {
    gatherSources(&sources, &frame, meets(drawn, firstSources(J)));
    let anchor = anchorSource(&sources, drawn);
    for (var s = 0u; s < SOURCES; s++) {
      for (var a = 0u; a < D; a++) {
        anchorMean[a] = select(anchorMean[a], sources.means[s * D + a], s == anchor);
      }
    }
    extent = drawnExtent(&sources, drawn, anchor);
    enterFrame(&sources, &frame, anchor, extent);
  }
  let ground = Ground(anchorMean, extent);
  let passes = passesOf(generation);
  if (PRIOR != 0) {
    centre = sourceComponents(&sources, &weights, PRIOR == 1);
    strength = select(step.cell.strength, 0.0, PRIOR == 1 && generation == 1u);
  }
  var components = Components();
  var fit = Fit();
  if (dispatch.firstPass == 0u) {
    fit.sd = placePoints(step, &sources, &cumulative, ground);
    if (WEIGHED == 1) {
      weighPoints(step, &sources, &weights, &cumulative, ground);
    }
    startFit(step, &sources, &weights, &components);
    if (RESPAWN == 1) {
      respawn(step, fit.sd, ground, &sources, &cumulative, &components);
    }
    fit.living = livingComponents(&components);
  } else {
    loadState(step.slot, &components, &fit);
  }
  let end = select(min(dispatch.endPass, passes.end), passes.end, dispatch.endPass == 0u);
  fitPasses(
    step, passes, dispatch.firstPass, end, frame.scale, ground, &sources, &cumulative, &components,
    &fit,
  );
  if (dispatch.endPass != 0u) {
    if (writes) {
      storeState(step.slot, &components, &fit);
    }
    // Nobody asks for it; the parent would take registers to here.
    return Model();
  }
  var status = (*parent).status | shortSample(step.cell) | fitStatus(&components, fit);
  if (ASSEMBLED == 1) {
    // What was raised while the points were made; the next generation's begin with none.
    status |= states[markOf(step.slot)];
    if (writes) {
      states[markOf(step.slot)] = 0u;
    }
  }
  if (isStandardised(generation)) {
    stretch(&components, step.cell.spread);
    var composed = composeModel(parent, components.means, components.factors, status);
    if (ANCESTRY == 1) {
      composed.ancestry = ancestryAfter(parent);
    }
    return composed;
  }
  var model = writeModel(&components, fit.sd, status);
  model.scale = frame.scale;
  model.origin = frame.origin;
  model.originLow = frame.originLow;
  if (ANCESTRY == 1) {
    model.ancestry = ancestryAfter(parent);
  }
  return model;
}

fn ancestryAfter(parent: ptr<function, Model>) -> f32 {
  return copies * select((*parent).ancestry + 1.0, 1.0, ASSEMBLED == 1);
}

/// A fit to standard normals becomes one to those of a wider or narrower sampler.
fn stretch(components: ptr<function, Components>, spread: f32) {
  for (var e = 0u; e < K * D; e++) {
    (*components).means[e] *= spread;
  }
  for (var e = 0u; e < K * TRI; e++) {
    (*components).factors[e] *= spread;
  }
}

/// n <= D points span no volume.
fn shortSample(cell: CellParams) -> u32 {
  if (PRIOR != 0) {
    if (strength > 0.0) {
      return 0u;
    }
  }
  return select(0u, STATUS_DEGENERATE, K == 1 && cell.floor == 0.0 && cell.sampleSize <= D);
}

/// Where a truth's weights are. It is packed as a model of J components: header, weights, means,
/// factors, exponents.
fn truthWeights(offset: u32) -> u32 {
  return offset + 2u + 2u * D;
}

/// Weights of the truth's components, then of the parent's.
fn sourceWeights(offset: u32, parent: ptr<function, Model>) -> array<f32, SOURCES> {
  var weights = array<f32, SOURCES>();
  for (var s = 0u; s < J; s++) {
    weights[s] = bitcast<f32>(truthModels[truthWeights(offset) + s]);
  }
  for (var k = 0u; k < K; k++) {
    weights[J + k] = (*parent).weights[k];
  }
  return weights;
}

/// The truth's components, then the parent's, each in its own frame.
fn loadSources(offset: u32, parent: ptr<function, Model>) -> Sources {
  var sources = Sources();
  let means = truthWeights(offset) + J;
  let factors = means + J * D;
  let exponents = factors + J * TRI;
  for (var s = 0u; s < J; s++) {
    sources.exponents[s] = bitcast<i32>(truthModels[exponents + s]);
  }
  for (var e = 0u; e < J * D; e++) {
    sources.means[e] = bitcast<f32>(truthModels[means + e]);
  }
  for (var e = 0u; e < J * TRI; e++) {
    sources.factors[e] = bitcast<f32>(truthModels[factors + e]);
  }
  for (var k = 0u; k < K; k++) {
    sources.exponents[J + k] = (*parent).exponents[k];
  }
  for (var e = 0u; e < K * D; e++) {
    sources.means[J * D + e] = (*parent).means[e];
  }
  for (var e = 0u; e < K * TRI; e++) {
    sources.factors[J * TRI + e] = (*parent).factors[e];
  }
  return sources;
}

/// All sources the standard normal.
fn unitSource(sources: ptr<function, Sources>) {
  *sources = Sources();
  for (var s = 0u; s < SOURCES; s++) {
    for (var a = 0u; a < D; a++) {
      (*sources).factors[s * TRI + packedIndex(a, a)] = 1.0;
    }
  }
}

/// Which sources this batch draws from; stops once all have been seen.
fn drawnSources(
  step: Step, weights: ptr<function, array<f32, SOURCES>>, cumulative: ptr<function, Cumulative>,
) -> SourceSet {
  if (ASSEMBLED == 1) {
    return possibleSources(step.cell, step.place.generation, weights);
  }
  let mix = step.mix;
  let none = SourceSet();
  let full = select(
    none, livingSources(weights, 0u, J), mix.quota > 0u || mix.share > 0.0,
  ) | select(none, livingSources(weights, J, K), mix.quota < step.cell.sampleSize);
  var drawn = SourceSet();
  for (var tile = 0u; tile < TILES; tile++) {
    drawn = teamSet(drawn | surveyTile(step, tile, cumulative));
    if (!anyTeam(!isSame(drawn, full))) {
      break;
    }
  }
  return drawn;
}

/// What is in the set of any lane of the team.
fn teamSet(own: SourceSet) -> SourceSet {
  var bits = wordsOf(own);
  bits.x = teamOr(bits.x);
  if (SOURCES > 32) {
    bits.y = teamOr(bits.y);
  }
  return ofWords(bits);
}

/// Number in the batch of the first point of block b of the lane's tile.
fn blockStart(step: Step, tile: u32, b: u32) -> u32 {
  return ((tile * LANE_BLOCKS + b) * TEAM + step.lane) * BLOCK_POINTS;
}

/// Number in the batch of point j of the lane's tile.
fn pointNumber(step: Step, tile: u32, j: u32) -> u32 {
  return blockStart(step, tile, j / BLOCK_POINTS) + j % BLOCK_POINTS;
}

/// Draws the tile's standard normals, or rows, and what each point comes from: the set of these.
fn surveyTile(
  step: Step, tile: u32, cumulative: ptr<function, Cumulative>,
) -> SourceSet {
  var drawn = SourceSet();
  for (var b = 0u; b < LANE_BLOCKS; b++) {
    let start = blockStart(step, tile, b);
    let block = normalBlock(step.place, start);
    let normals = blockNormals(block);
    for (var h = 0u; h < BLOCK_POINTS; h++) {
      let i = start + h;
      let real = isRealPoint(step, i, block);
      var y = pointNormals(i, normals);
      var pick = sourceOf(step, cumulative, i, real, block);
      let inside = i < step.cell.sampleSize;
      drawn |= select(SourceSet(), setOf(pick), inside);
      if (REAL_ROWS == 1) {
        var row = loadRow(step, i, block);
        for (var a = 0u; a < D; a++) {
          y[a] = select(y[a], row[a], real);
        }
        // Rows spread over the whole truth: its frame must hold them all.
        let spread = firstSources((*cumulative).lastReal + 1u);
        drawn |= select(SourceSet(), spread, inside & real);
        pick = select(pick, ROW_PICK, real);
      }
      for (var a = 0u; a < D; a++) {
        points[(b * BLOCK_POINTS + h) * D + a] = y[a];
      }
      const at = b * BLOCK_POINTS + h;
      if ((b * BLOCK_POINTS + h) % 4u == 0u) {
        picks[at / 4u] = pick;
      }
      if ((b * BLOCK_POINTS + h) % 4u != 0u) {
        picks[at / 4u] |= pick << (8u * (at % 4u));
      }
    }
  }
  return drawn;
}

fn loadRow(step: Step, i: u32, block: vec4<u32>) -> array<f32, D> {
  let row = wordBelow(choiceWord(step.place, i, block), step.cell.rowCount);
  var y = array<f32, D>();
  for (var a = 0u; a < D; a++) {
    y[a] = rows[step.cell.rowOffset + row * D + a];
  }
  return y;
}

fn isRealPoint(step: Step, i: u32, block: vec4<u32>) -> bool {
  if (HAS_REAL == 0) {
    return step.place.generation == 1u;
  }
  return isReal(step.place, step.mix, i, block);
}

/// Which source point i is drawn from.
fn sourceOf(
  step: Step, cumulative: ptr<function, Cumulative>, i: u32, real: bool, block: vec4<u32>,
) -> u32 {
  let first = select(u32(J), 0u, real);
  if (K == 1 && J == 1) {
    return first;
  }
  let u = unitUniform(choiceWord(step.place, i, block));
  let last = select((*cumulative).lastModel, (*cumulative).lastReal, real);
  return pickComponent(cumulative, first, last, u);
}

/// What moves a row into the working frame.
struct Ground {
  anchorMean: array<f32, D>,
  extent: i32,
}

/// Brings a surveyed tile into the working frame.
fn placeTile(sources: ptr<function, Sources>, ground: Ground, spread: f32) {
  var origin = ground.anchorMean;
  for (var j = 0u; j < LANE_POINTS; j++) {
    let pick = (picks[j / 4u] >> (8u * (j % 4u))) & 255u;
    var z = array<f32, D>();
    for (var a = 0u; a < D; a++) {
      z[a] = points[j * D + a];
      if (BIASED == 1) {
        z[a] *= select(1.0, spread, (pick >= J) & (pick != ROW_PICK));
      }
    }
    var y = sourcePoint(sources, pick, z);
    for (var a = 0u; a < D; a++) {
      let row = scaleBy(z[a] - origin[a], -ground.extent);
      points[j * D + a] = select(y[a], row, (REAL_ROWS == 1) & (pick == ROW_PICK));
    }
  }
}

/// Makes the tile's points those at hand: they are, or they were kept, or they are drawn again.
fn fetchTile(
  step: Step, tile: u32, sources: ptr<function, Sources>,
  cumulative: ptr<function, Cumulative>, ground: Ground,
) {
  if (RESIDENT + STORED == 0) {
    surveyTile(step, tile, cumulative);
    placeTile(sources, ground, step.cell.spread);
  }
  if (STORED == 1) {
    loadTile(step, tile);
  }
}

/// The tile's points from where they are kept.
fn loadTile(step: Step, tile: u32) {
  for (var e = 0u; e < LANE_POINTS * D; e++) {
    points[e] = kept[keptIndex(step, tile, e)];
  }
  if (WEIGHED == 1) {
    for (var j = 0u; j < LANE_POINTS; j++) {
      pointWeights[j] = kept[keptIndex(step, tile, LANE_POINTS * D + j)];
    }
  }
}

/// Whether a tile has no points: training sets that grow begin with fewer tiles than they end with.
fn isPast(step: Step, tile: u32) -> bool {
  return ASSEMBLED == 1 && tile * (TEAM * LANE_POINTS) >= step.cell.sampleSize;
}

fn keptIndex(step: Step, tile: u32, value: u32) -> u32 {
  return ((step.slot * TILES + tile) * KEPT_VALUES + value) * TEAM + step.lane;
}

/// A weight follows from the one that was there, which is why nobody but the lineage's own team may
/// put it down: those who repeat the last one's work come sooner or later than it.
fn keepWeight(at: u32, weight: f32) {
  if (!repeats) {
    kept[at] = weight;
  }
}

/// 1 for a point of the batch, 0 for what fills the last tile up.
fn presence(step: Step, tile: u32, j: u32) -> f32 {
  return select(0.0, 1.0, pointNumber(step, tile, j) < step.cell.sampleSize);
}

/// All points into the working frame; returns the sample's sd, sqrt(trace / D).
fn placePoints(
  step: Step, sources: ptr<function, Sources>, cumulative: ptr<function, Cumulative>,
  ground: Ground,
) -> f32 {
  var sum = array<f32, D>();
  var squares = 0.0;
  if (ANCESTRY == 1) {
    copies = 0.0;
  }
  for (var tile = 0u; tile < TILES; tile++) {
    if (!isPast(step, tile)) {
      if (ASSEMBLED == 1) {
        loadTile(step, tile);
      } else {
        if (RESIDENT == 0) {
          surveyTile(step, tile, cumulative);
        }
        placeTile(sources, ground, step.cell.spread);
      }
      var tileSum = array<f32, D>();
      var tileSquares = 0.0;
      for (var j = 0u; j < LANE_POINTS; j++) {
        var present = 1.0;
        if (j >= MASK_FROM) {
          present = presence(step, tile, j);
        }
        for (var a = 0u; a < D; a++) {
          let y = points[j * D + a];
          tileSum[a] += present * y;
          tileSquares += present * y * y;
          if (STORED == 1 && ASSEMBLED == 0) {
            kept[keptIndex(step, tile, j * D + a)] = y;
          }
        }
      }
      if (WEIGHED > ASSEMBLED) {
        for (var j = 0u; j < LANE_POINTS; j++) {
          let pick = (picks[j / 4u] >> (8u * (j % 4u))) & 255u;
          pointWeights[j] = select(0.0, 1.0, (pick < J) | (pick == ROW_PICK));
          if (STORED == 1) {
            keepWeight(keptIndex(step, tile, LANE_POINTS * D + j), pointWeights[j]);
          }
        }
      }
      if (ANCESTRY == 1) {
        copies += tileCopies(step, tile);
      }
      squares += tileSquares;
      for (var a = 0u; a < D; a++) {
        sum[a] += tileSum[a];
      }
    }
  }
  let sampleSize = f32(step.cell.sampleSize);
  if (ANCESTRY == 1) {
    copies = teamSum(copies) / sampleSize;
    if (DISTILLED == 1) {
      // A coreset has none, and stands for as many points as the batch has real ones.
      let distilled = f32(coresetEntries(step.cell, step.place.generation));
      let real = select(0.0, f32(step.cell.quota), distilled > 0.0);
      copies *= sampleSize / (sampleSize - distilled + real);
    }
  }
  var spread = teamSum(squares) / sampleSize;
  for (var a = 0u; a < D; a++) {
    let mean = teamSum(sum[a]) / sampleSize;
    spread -= mean * mean;
  }
  // A product that is fused leaves one point a spread of its rounding.
  return select(sqrt(max(spread, 0.0) / f32(D)), 0.0, step.cell.sampleSize == 1u);
}

/// Of the lane's points of the tile at hand: what they have in copies since a human, or how many are
/// synthetic.
fn tileCopies(step: Step, tile: u32) -> f32 {
  if (ASSEMBLED == 1) {
    // Nobody writes for a lane without points.
    let sum = kept[keptIndex(step, tile, KEPT_VALUES - 1u)];
    return select(0.0, sum, presence(step, tile, 0u) > 0.0);
  }
  var synthetic = 0.0;
  for (var j = 0u; j < LANE_POINTS; j++) {
    let pick = (picks[j / 4u] >> (8u * (j % 4u))) & 255u;
    let counts = (pick >= J) & (pick != ROW_PICK);
    synthetic += select(0.0, presence(step, tile, j), counts);
  }
  return synthetic;
}

/// The truth or the parent as it stands among the sources.
fn sourceComponents(
  sources: ptr<function, Sources>, weights: ptr<function, array<f32, SOURCES>>, ofParent: bool,
) -> Components {
  var components = Components();
  for (var k = 0u; k < K; k++) {
    // The modulus only quiets a truth of fewer components, of which nobody asks.
    let real = k % J;
    components.weights[k] = select((*weights)[real], (*weights)[J + k], ofParent);
    for (var a = 0u; a < D; a++) {
      components.means[k * D + a] =
        select((*sources).means[real * D + a], (*sources).means[(J + k) * D + a], ofParent);
    }
    for (var e = 0u; e < TRI; e++) {
      components.factors[k * TRI + e] =
        select((*sources).factors[real * TRI + e], (*sources).factors[(J + k) * TRI + e], ofParent);
    }
  }
  return components;
}

/// Weights of all points, n together. At generation 1 there is no parent to judge them by.
fn weighPoints(
  step: Step, sources: ptr<function, Sources>, weights: ptr<function, array<f32, SOURCES>>,
  cumulative: ptr<function, Cumulative>, ground: Ground,
) {
  if (WEIGHED == 0) {
    return;
  }
  var parent = sourceComponents(sources, weights, true);
  var widths = prepare(&parent, DENSITY_WIDTH);
  let first = step.place.generation == 1u;
  let power = select(step.cell.tailWeight, 0.0, first);
  let share = select(step.cell.realWeight, -1.0, first);
  var greatest = vec2<f32>(LEAST_LOG);
  for (var tile = 0u; tile < TILES; tile++) {
    if (!isPast(step, tile)) {
      fetchTile(step, tile, sources, cumulative, ground);
      for (var j = 0u; j < LANE_POINTS; j++) {
        var y = array<f32, D>();
        for (var a = 0u; a < D; a++) {
          y[a] = points[j * D + a];
        }
        let log = tailLog(&parent, &widths, power, y);
        let shown = select(LEAST_LOG, log, presence(step, tile, j) > 0.0);
        let real = pointWeights[j] > 0.0;
        let own = select(vec2<f32>(shown, LEAST_LOG), vec2<f32>(LEAST_LOG, shown), real);
        greatest = max(greatest, own);
      }
    }
  }
  greatest = vec2<f32>(teamMost(greatest.x), teamMost(greatest.y));
  greatest = select(greatest, vec2<f32>(max(greatest.x, greatest.y)), share < 0.0);
  var masses = vec2<f32>();
  for (var tile = 0u; tile < TILES; tile++) {
    if (!isPast(step, tile)) {
      fetchTile(step, tile, sources, cumulative, ground);
      var tileMasses = vec2<f32>();
      for (var j = 0u; j < LANE_POINTS; j++) {
        var y = array<f32, D>();
        for (var a = 0u; a < D; a++) {
          y[a] = points[j * D + a];
        }
        let real = pointWeights[j] > 0.0;
        let log = tailLog(&parent, &widths, power, y) - select(greatest.x, greatest.y, real);
        // Of what fills the last tile up nothing is known.
        let shown = presence(step, tile, j) > 0.0;
        var weight = select(0.0, exp2(min(log, 0.0)), shown);
        if (DISTILLED == 1) {
          weight *= select(1.0, pointWeights[j], real);
        }
        tileMasses += select(vec2<f32>(weight, 0.0), vec2<f32>(0.0, weight), real);
        // Those of synthetic points are marked by their sign, until it is known what all come to.
        pointWeights[j] = select(-weight, weight, real);
        if (STORED == 1) {
          keepWeight(keptIndex(step, tile, LANE_POINTS * D + j), pointWeights[j]);
        }
      }
      masses += tileMasses;
    }
  }
  let scales =
    classScales(teamSum(masses.x), teamSum(masses.y), share, f32(step.cell.sampleSize));
  for (var tile = 0u; tile < TILES; tile++) {
    if (!isPast(step, tile)) {
      fetchTile(step, tile, sources, cumulative, ground);
      for (var j = 0u; j < LANE_POINTS; j++) {
        pointWeights[j] *= select(-scales.x, scales.y, pointWeights[j] > 0.0);
        if (STORED == 1) {
          keepWeight(keptIndex(step, tile, LANE_POINTS * D + j), pointWeights[j]);
        }
      }
    }
  }
}

/// Dead components on a point each, taken at random of all, with the width of a K-th of the sample's
/// volume and 1/K of the weight.
fn respawn(
  step: Step, sd: f32, ground: Ground, sources: ptr<function, Sources>,
  cumulative: ptr<function, Cumulative>, components: ptr<function, Components>,
) {
  let place = step.place;
  var chosen = array<u32, K>();
  var dead = 0.0;
  for (var k = 0u; k < K; k++) {
    let word = words(place.key, k, place.lineage, place.generation, STREAM_RESPAWN, 0u).x;
    chosen[k] = wordBelow(word, step.cell.sampleSize);
    dead += select(1.0, 0.0, (*components).weights[k] > 0.0);
  }
  var places = array<f32, K * D>();
  for (var tile = 0u; tile < TILES; tile++) {
    if (!isPast(step, tile)) {
      fetchTile(step, tile, sources, cumulative, ground);
      for (var j = 0u; j < LANE_POINTS; j++) {
        let i = pointNumber(step, tile, j);
        for (var k = 0u; k < K; k++) {
          for (var a = 0u; a < D; a++) {
            places[k * D + a] += select(0.0, points[j * D + a], i == chosen[k]);
          }
        }
      }
    }
  }
  for (var k = 0u; k < K; k++) {
    let lives = (*components).weights[k] > 0.0;
    let left = (*components).weights[k] * (1.0 - dead / f32(K));
    (*components).weights[k] = select(1.0 / f32(K), left, lives);
    for (var a = 0u; a < D; a++) {
      let at = teamSum(places[k * D + a]);
      (*components).means[k * D + a] = select(at, (*components).means[k * D + a], lives);
      for (var b = 0u; b <= a; b++) {
        let e = k * TRI + packedIndex(a, b);
        let width = select(0.0, sd * RESPAWN_WIDTH, a == b);
        (*components).factors[e] = select(width, (*components).factors[e], lives);
      }
    }
  }
}

fn startsByKmeans(generation: u32) -> bool {
  return K > 1 && KMEANS == 1 && (INIT >= 2 || generation == 1u);
}

fn passesOf(generation: u32) -> Passes {
  var passes = Passes(0u, 0u, 0u, 2u);
  if (startsByKmeans(generation)) {
    passes.lloyd = u32(K);
    passes.labels = u32(K) + LLOYD_LIMIT;
    if (INIT == 3) {
      passes.labels = u32(K);
    }
    passes.steps = passes.labels + 1u;
  }
  if (K > 1) {
    passes.end = passes.steps + dispatch.iterations;
  }
  return passes;
}

/// K > 1: where EM starts from, if not from k-means. K = 1: the frame's origin.
fn startFit(
  step: Step, sources: ptr<function, Sources>, weights: ptr<function, array<f32, SOURCES>>,
  components: ptr<function, Components>,
) {
  if (K == 1) {
    (*components).weights[0] = 1.0;
    return;
  }
  if (startsByKmeans(step.place.generation)) {
    return;
  }
  let fromTruth = K == J && (INIT == 1 || step.place.generation == 1u);
  *components = sourceComponents(sources, weights, !fromTruth);
}

fn livingComponents(components: ptr<function, Components>) -> u32 {
  var mask = 0u;
  for (var k = 0u; k < K; k++) {
    mask |= select(0u, 1u << k, (*components).weights[k] > 0.0);
  }
  return mask;
}

fn maximiseRules(cell: CellParams, scale: i32) -> MaximiseRules {
  let floor = scaleBy(scaleBy(cell.floor, -scale), -scale);
  // Points that span no volume have a width along every axis all the same.
  let isFlat = K == 1 && cell.floor == 0.0 && COVARIANCE == 0u;
  let rank = select(D, cell.sampleSize - 1u, isFlat);
  return MaximiseRules(f32(cell.sampleSize), cell.bessel, floor, rank);
}

/// Passes [first, end) over the points.
fn fitPasses(
  step: Step, passes: Passes, first: u32, end: u32, scale: i32, ground: Ground,
  sources: ptr<function, Sources>, cumulative: ptr<function, Cumulative>,
  components: ptr<function, Components>, fit: ptr<function, Fit>,
) {
  var rules = maximiseRules(step.cell, scale);
  if (PRIOR != 0) {
    rules.sampleSize += strength;
    rules.rank = select(rules.rank, D, strength > 0.0);
  }
  for (var number = first; number < end; number++) {
    if (KMEANS == 1) {
      if (number < passes.lloyd) {
        racePass(step, number, ground, sources, cumulative, components);
      } else if (number < passes.labels) {
        let moved = lloydPass(step, ground, sources, cumulative, components);
        if (!anyTeam(moved)) {
          number = passes.labels - 1u;
        }
      }
    }
    if (number >= passes.labels) {
      let labels = number < passes.steps;
      stepPass(step, number - passes.steps, labels, rules, ground, sources, cumulative, components, fit);
      if (labels) {
        (*fit).living = livingComponents(components);
      } else if (TOLERANCE == 1 && !anyTeam(!(*fit).converged)) {
        number = end;
      }
    }
  }
}

/// One E- and M-step; or, by k-means' labels, the first M-step; or, for K = 1, a pass of the closed
/// fit, the second about the mean that the first has found.
fn stepPass(
  step: Step, iteration: u32, labels: bool, rules: MaximiseRules, ground: Ground,
  sources: ptr<function, Sources>, cumulative: ptr<function, Cumulative>,
  components: ptr<function, Components>, fit: ptr<function, Fit>,
) {
  var held = *components;
  var widths = prepare(&held, max((*fit).sd * DEGENERATE_WIDTH, LEAST_WIDTH));
  var total = Sums();
  var likelihood = 0.0;
  for (var tile = 0u; tile < TILES; tile++) {
    if (!isPast(step, tile)) {
      fetchTile(step, tile, sources, cumulative, ground);
      if (BY_PART == 1) {
        likelihood += sumByPart(step, tile, labels, &held, &widths, &total);
      }
      if (BY_PART == 0) {
        var block = Sums();
        for (var j = 0u; j < LANE_POINTS; j++) {
          var y = array<f32, D>();
          for (var a = 0u; a < D; a++) {
            y[a] = points[j * D + a];
          }
          var shares = array<f32, K>();
          shares[0] = 1.0;
          if (K > 1) {
            shares = responsibilities(&held, &widths, y);
          }
          if (KMEANS == 1) {
            if (labels) {
              shares = labelOf(&held, y);
            }
          }
          var present = 1.0;
          if (j >= MASK_FROM) {
            present = presence(step, tile, j);
            for (var k = 0u; k < K; k++) {
              shares[k] *= present;
            }
          }
          if (WEIGHED == 1) {
            present = pointWeights[j];
            for (var k = 0u; k < K; k++) {
              shares[k] *= present;
            }
          }
          accumulate(&held, y, shares, &block);
          if (TOLERANCE == 1) {
            likelihood += present * logLikelihood(&held, &widths, y);
          }
        }
        fold(&total, &block);
      }
    }
  }
  sumOverTeam(&total);
  if (PRIOR != 0) {
    var heldTo = centre;
    addPrior(&held, &heldTo, strength, &total);
  }
  if (TOLERANCE == 1) {
    likelihood = teamSum(likelihood) / f32(step.cell.sampleSize);
  }
  // Cells of one dispatch may take different numbers of steps, and lineages may be done.
  if (labels || K == 1 || (iteration < step.cell.iterations && !(*fit).converged)) {
    maximise(components, &total, rules);
    if (TOLERANCE == 1 && !labels) {
      (*fit).converged =
        iteration > 0u && abs(likelihood - (*fit).likelihood) < step.cell.tolerance;
      (*fit).likelihood = likelihood;
    }
  }
}

/// Adds a tile's points to the sums, where these are more than the linker writes out, and so in
/// memory: component by component, each fetched once for all the lane's points, whose best terms are
/// in registers. Gives the points' log-likelihood.
fn sumByPart(
  step: Step, tile: u32, labels: bool, held: ptr<function, Components>,
  widths: ptr<function, Precision>, total: ptr<function, Sums>,
) -> f32 {
  if (BY_PART == 0) {
    return 0.0;
  }
  var best = array<f32, LANE_POINTS>();
  var sum = array<f32, LANE_POINTS>();
  var nearest = array<u32, LANE_POINTS>();
  for (var j = 0u; j < LANE_POINTS; j++) {
    best[j] = LEAST_LOG;
  }
  for (var k = 0u; k < K; k++) {
    var part = partOf(held, widths, k);
    for (var j = 0u; j < LANE_POINTS; j++) {
      var y = array<f32, D>();
      for (var a = 0u; a < D; a++) {
        y[a] = points[j * D + a];
      }
      var term = partTerm(&part, y);
      if (KMEANS == 1) {
        // By labels a point is wholly its nearest centre's.
        term = select(term, partNearness(&part, y), labels);
        nearest[j] = select(nearest[j], k, term > best[j]);
      }
      // One exponential a term: of what it is over the best before it, or under.
      let over = term - best[j];
      let other = exp2(-abs(over));
      sum[j] = select(sum[j] + other, sum[j] * other + 1.0, over > 0.0);
      best[j] = max(best[j], term);
    }
  }
  var likelihood = 0.0;
  for (var j = 0u; j < LANE_POINTS; j++) {
    var present = 1.0;
    if (j >= MASK_FROM) {
      present = presence(step, tile, j);
    }
    if (WEIGHED == 1) {
      present = pointWeights[j];
    }
    if (TOLERANCE == 1) {
      likelihood += present * (best[j] / LOG2_E + ln(sum[j]));
    }
    sum[j] = present / select(sum[j], 1.0, labels);
  }
  for (var k = 0u; k < K; k++) {
    var part = partOf(held, widths, k);
    var sums = PartSums();
    for (var j = 0u; j < LANE_POINTS; j++) {
      var y = array<f32, D>();
      for (var a = 0u; a < D; a++) {
        y[a] = points[j * D + a];
      }
      var share = exp2(partTerm(&part, y) - best[j]);
      if (KMEANS == 1) {
        share = select(share, select(0.0, 1.0, k == nearest[j]), labels);
      }
      addToPart(&part, y, share * sum[j], &sums);
    }
    joinPart(total, k, &sums);
  }
  return likelihood;
}

fn sumOverTeam(sums: ptr<function, Sums>) {
  for (var k = 0u; k < K; k++) {
    (*sums).zeroth[k] = teamSum((*sums).zeroth[k]);
  }
  for (var e = 0u; e < K * D; e++) {
    (*sums).first[e] = teamSum((*sums).first[e]);
  }
  for (var e = 0u; e < K * TRI; e++) {
    (*sums).second[e] = teamSum((*sums).second[e]);
  }
}

/// The whole of a point to its nearest centre.
fn labelOf(components: ptr<function, Components>, y: array<f32, D>) -> array<f32, K> {
  var centres = (*components).means;
  let nearest = nearestCentre(&centres, K, y);
  var shares = array<f32, K>();
  for (var k = 0u; k < K; k++) {
    shares[k] = select(0.0, 1.0, k == nearest);
  }
  return shares;
}

/// The point that becomes centre k: the least E / D^2 to the centres chosen before it; at random, the
/// least E of those that are none.
fn racePass(
  step: Step, k: u32, ground: Ground, sources: ptr<function, Sources>,
  cumulative: ptr<function, Cumulative>, components: ptr<function, Components>,
) {
  var centres = (*components).means;
  let place = step.place;
  var winner = 0u;
  var least = NEVER;
  var chosen = array<f32, D>();
  for (var tile = 0u; tile < TILES; tile++) {
    if (!isPast(step, tile)) {
      fetchTile(step, tile, sources, cumulative, ground);
      for (var j = 0u; j < LANE_POINTS; j++) {
        let i = pointNumber(step, tile, j);
        var y = array<f32, D>();
        for (var a = 0u; a < D; a++) {
          y[a] = points[j * D + a];
        }
        let word = words(place.key, i, place.lineage, place.generation, STREAM_KMEANS, k).x;
        var square = 1.0;
        if (k > 0u) {
          square = squaredDistance(&centres, nearestCentre(&centres, k, y), y);
        }
        if (INIT == 3) {
          square = select(0.0, 1.0, square > 0.0);
        }
        let time = raceTime(exponential(word), square);
        // Point 0 stands where nobody can win.
        let wins = (i < step.cell.sampleSize) & ((time < least) | (i == 0u));
        least = select(least, time, wins);
        winner = select(winner, i, wins);
        for (var a = 0u; a < D; a++) {
          chosen[a] = select(chosen[a], y[a], wins);
        }
      }
    }
  }
  let first = teamFirst(least, winner);
  let own = first.x == bitcast<u32>(least) && first.y == winner && first.y < step.cell.sampleSize;
  let holds = own && holdsPoint(step, winner);
  for (var a = 0u; a < D; a++) {
    let coordinate = teamSum(select(0.0, chosen[a], holds));
    for (var c = 0u; c < K; c++) {
      if (c == k) {
        (*components).means[c * D + a] = coordinate;
      }
    }
  }
}

/// Whether point i is among the lane's.
fn holdsPoint(step: Step, i: u32) -> bool {
  return (i / BLOCK_POINTS) % TEAM == step.lane;
}

/// Moves each centre to the mean of its points; an empty one stays. True while any moved.
fn lloydPass(
  step: Step, ground: Ground, sources: ptr<function, Sources>,
  cumulative: ptr<function, Cumulative>, components: ptr<function, Components>,
) -> bool {
  var centres = (*components).means;
  var sums = Sums();
  for (var tile = 0u; tile < TILES; tile++) {
    if (!isPast(step, tile)) {
      fetchTile(step, tile, sources, cumulative, ground);
      for (var j = 0u; j < LANE_POINTS; j++) {
        let present = presence(step, tile, j);
        var y = array<f32, D>();
        for (var a = 0u; a < D; a++) {
          y[a] = points[j * D + a];
        }
        let nearest = nearestCentre(&centres, K, y);
        for (var k = 0u; k < K; k++) {
          let share = select(0.0, present, k == nearest);
          sums.zeroth[k] += share;
          for (var a = 0u; a < D; a++) {
            sums.first[k * D + a] += share * (y[a] - centres[k * D + a]);
          }
        }
      }
    }
  }
  var moved = false;
  for (var k = 0u; k < K; k++) {
    let count = teamSum(sums.zeroth[k]);
    for (var a = 0u; a < D; a++) {
      let shift = teamSum(sums.first[k * D + a]) / max(count, 1.0);
      let moves = count > 0.0 && abs(shift) > SETTLED;
      let change = select(0.0, shift, moves);
      moved = moved || moves;
      (*components).means[k * D + a] = centres[k * D + a] + change;
    }
  }
  return moved;
}

/// What the fit has to say of itself.
fn fitStatus(components: ptr<function, Components>, fit: Fit) -> u32 {
  if (K == 1) {
    return 0u;
  }
  let lost = (fit.living & ~livingComponents(components)) != 0u;
  return select(0u, STATUS_COMPONENT_LOST, lost)
    | select(0u, STATUS_UNCONVERGED, TOLERANCE == 1 && !fit.converged);
}

/// Of an assembled training set: the last word of the slot's state.
fn markOf(slot: u32) -> u32 {
  return slot * STATE_WORDS + STATE_WORDS - 1u;
}

const STATE_COMPONENTS: u32 = 4u;
const STATE_COPIES: u32 = STATE_COMPONENTS + K * (1u + D + TRI);

fn storeState(slot: u32, components: ptr<function, Components>, fit: ptr<function, Fit>) {
  let at = slot * STATE_WORDS;
  states[at] = bitcast<u32>((*fit).sd);
  states[at + 1u] = (*fit).living;
  states[at + 2u] = bitcast<u32>((*fit).likelihood);
  states[at + 3u] = select(0u, 1u, (*fit).converged);
  for (var k = 0u; k < K; k++) {
    states[at + STATE_COMPONENTS + k] = bitcast<u32>((*components).weights[k]);
  }
  for (var e = 0u; e < K * D; e++) {
    states[at + STATE_COMPONENTS + K + e] = bitcast<u32>((*components).means[e]);
  }
  for (var e = 0u; e < K * TRI; e++) {
    states[at + STATE_COMPONENTS + K + K * D + e] = bitcast<u32>((*components).factors[e]);
  }
  if (ANCESTRY == 1) {
    states[at + STATE_COPIES] = bitcast<u32>(copies);
  }
}

fn loadState(slot: u32, components: ptr<function, Components>, fit: ptr<function, Fit>) {
  let at = slot * STATE_WORDS;
  (*fit).sd = bitcast<f32>(states[at]);
  (*fit).living = states[at + 1u];
  (*fit).likelihood = bitcast<f32>(states[at + 2u]);
  (*fit).converged = states[at + 3u] == 1u;
  for (var k = 0u; k < K; k++) {
    (*components).weights[k] = bitcast<f32>(states[at + STATE_COMPONENTS + k]);
  }
  for (var e = 0u; e < K * D; e++) {
    (*components).means[e] = bitcast<f32>(states[at + STATE_COMPONENTS + K + e]);
  }
  for (var e = 0u; e < K * TRI; e++) {
    (*components).factors[e] = bitcast<f32>(states[at + STATE_COMPONENTS + K + K * D + e]);
  }
  if (ANCESTRY == 1) {
    copies = bitcast<f32>(states[at + STATE_COPIES]);
  }
}
