// Makes the training set of one generation, point by point and from any generation of the past, in
// the frame that evolve then fits it in. An invocation has the points of one lane's tile.
// Twin: src/model/assemble/batch.ts and src/model/assemble/training-set.ts.
import package::constants::{
  ANCESTRY, BLOCK_POINTS, D, DISTILLED, FIXED, HAS_REAL, HISTORY, HISTORY_WORDS, J, K, KEPT_VALUES,
  LANE_POINTS, LOOKED, MEMORY, MODEL_WORDS, NOISY, PHASED, POISONED, PROTECTS, REAL_ROWS, RETENTION,
  SOURCES, STATE_WORDS, TEAM, TILES, TRI, WEIGHED,
};
import package::phases::phaseRow;
import package::layout::{CellParams, ChunkRow, Dispatch};
import package::assemble::batch::{
  Batch, enterModel, intoFrame, isPoisoned, MAX_ATTEMPTS, modelDensity, plainNormals, poisonPoint,
  Screen, screenOf, shareOf, truthDensity,
};
import package::assemble::draws::{
  blockNormals, choiceWord, cumulate, Cumulative, isReal, Mix, normalBlock, pickComponent, Place,
  placeWords, pointNormals, sharpenWeights,
};
import package::assemble::permutation::{permutationOf, Permutation, permute};
import package::assemble::sources::{
  anchorSource, drawnExtent, enterFrame, gatherSources, sourcePoint, Sources, WorkingFrame,
};
import package::assemble::possible::{
  coresetEntries, poolCount, possibleSources, trainingSize,
};
import package::gmm::model::{emptyModel, Model, unpackModel};
import package::gmm::status::STATUS_ATTEMPTS_EXHAUSTED;
import package::math::exponent::scaleBy;
import package::math::triangular::packedIndex;
import package::rng::coordinates::{STREAM_PARAPHRASE, STREAM_PROTECT, STREAM_SCREEN};
import package::rng::normal::{unitUniform, wordBelow};
import package::set::{firstSources, meets};
import package::statistics::density::{LN2, SILENT};

@group(0) @binding(0) var<uniform> dispatch: Dispatch;
@group(0) @binding(1) var<storage, read> chunkOf: array<u32>;
@group(0) @binding(2) var<storage, read> chunks: array<ChunkRow>;
@group(0) @binding(3) var<storage, read> cells: array<CellParams>;
@group(0) @binding(4) var<storage, read> truthModels: array<u32>;
@group(0) @binding(5) var<storage, read> rows: array<f32>;
// Models of the past, [((generation % HISTORY) * HISTORY_WORDS + word) * lineages + lineage]; the
// last word is the verifier's threshold. After them coresets, as kernels/coreset.wgsl leaves them.
@group(0) @binding(6) var<storage, read> history: array<u32>;
@group(0) @binding(7) var<storage, read_write> kept: array<f32>;
// Status bits of the points, in the last word of each slot's state.
@group(0) @binding(8) var<storage, read_write> marks: array<atomic<u32>>;

const WORKGROUP: u32 = 64u;
// What a point weighs that stands for none.
const LEAST_MASS: f32 = 1e-30;

// 1 where the point made last is real, else 0; of a coreset's, how many points it stands for.
var<private> realMade: f32 = 0.0;
// Copies since a human of the point made last, and of the model among the sources.
var<private> copiesMade: f32 = 0.0;
var<private> copiesHeld: f32 = 0.0;
// The parent among the sources, as it was entered first: what is entered once more is a copy.
var<private> parentSources: Sources = Sources();
var<private> parentWeights: array<f32, SOURCES> = array<f32, SOURCES>();
var<private> parentCopies: f32 = 0.0;

/// The lineage, and the generation that trains, in whose frame all points are made.
struct Job {
  lineage: u32,
  // First row of the cell, and the one of this generation.
  firstRow: u32,
  row: u32,
  generation: u32,
  frame: WorkingFrame,
  // Of the pool, where some of its points are taken.
  permutation: Permutation,
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) position: u32,
) {
  let index = (group.x + group.y * groups.x) * WORKGROUP + position;
  let lane = index % TEAM;
  let tile = (index / TEAM) % TILES;
  let slot = index / (TEAM * TILES);
  if (slot >= dispatch.sliceLineages) {
    return;
  }
  let lineage = dispatch.firstLineage + slot;
  let chunk = chunks[chunkOf[lineage]];
  let generation = dispatch.firstGeneration;
  let row = phaseRow(chunk.cell, generation);
  let cell = cells[row];
  let count = trainingSize(cell, generation);
  if (pointNumber(tile, lane, 0u) >= count) {
    return;
  }
  let key = vec4<u32>(cell.keyLow, cell.keyHigh, cell.keyCell, cell.keyVersion);
  let replicate = chunk.firstReplicate + (lineage - chunk.firstLineage);
  var job = Job(lineage, chunk.cell, row, generation, WorkingFrame(), Permutation());
  if (RETENTION == 2) {
    let pool = cell.poolBefore + poolCount(cell, generation);
    job.permutation = permutationOf(key, replicate, generation, pool);
  }
  var sources = Sources();
  var weights = array<f32, SOURCES>();
  enterParent(&job, &sources, &weights);
  parentSources = sources;
  parentWeights = weights;
  parentCopies = copiesHeld;
  var screen = Screen();
  var batch = Batch(
    cell, Place(key, replicate, 0u, 0u), Mix(0u, 0.0),
    Cumulative(array<f32, SOURCES>(), 0u, J), generation - 1u,
  );
  if (RETENTION == 0) {
    // Not in the loop: drivers that mask lanes do for every point what stands there for some.
    openBatch(&job, generation, &batch, &sources, &weights, &screen);
  }
  var status = 0u;
  var copies = 0.0;
  // A bound that only the run knows: the linker is not to copy this body.
  let points = min(u32(LANE_POINTS), count);
  for (var j = 0u; j < points; j++) {
    let e = pointNumber(tile, lane, j);
    if (e >= count) {
      break;
    }
    let entry = entryOf(&job, cell.phaseCount, e);
    if (DISTILLED == 1) {
      if (entry.x == 0u) {
        keepPoint(slot, tile, lane, j, coresetPoint(&job, cell, entry.y));
        continue;
      }
    }
    if (RETENTION != 0) {
      if (entry.x != batch.place.generation) {
        openBatch(&job, entry.x, &batch, &sources, &weights, &screen);
      }
    }
    var y = array<f32, D>();
    status |= batchPoint(&job, entry.y, &batch, &sources, &weights, &screen, &y);
    keepPoint(slot, tile, lane, j, y);
    if (ANCESTRY == 1) {
      copies += copiesMade;
    }
  }
  if (ANCESTRY == 1) {
    // After the points and their weights: what evolve needs is the sum.
    let value = KEPT_VALUES - 1u;
    kept[((slot * TILES + tile) * KEPT_VALUES + value) * TEAM + lane] = copies;
  }
  if (status != 0u) {
    atomicOr(&marks[slot * STATE_WORDS + STATE_WORDS - 1u], status);
  }
}

/// Number in the training set of point j of a lane's tile.
fn pointNumber(tile: u32, lane: u32, j: u32) -> u32 {
  let block = (tile * (LANE_POINTS / BLOCK_POINTS) + j / BLOCK_POINTS) * TEAM + lane;
  return block * BLOCK_POINTS + j % BLOCK_POINTS;
}

/// Point j of a lane's tile, and what it weighs to begin with.
fn keepPoint(slot: u32, tile: u32, lane: u32, j: u32, point: array<f32, D>) {
  var y = point;
  let first = (slot * TILES + tile) * KEPT_VALUES;
  for (var a = 0u; a < D; a++) {
    kept[(first + j * D + a) * TEAM + lane] = y[a];
  }
  if (WEIGHED == 1) {
    kept[(first + LANE_POINTS * D + j) * TEAM + lane] = realMade;
  }
}

/// Point j of the lineage's coreset, in the frame.
fn coresetPoint(job: ptr<function, Job>, cell: CellParams, j: u32) -> array<f32, D> {
  var x = array<f32, D>();
  for (var a = 0u; a < D; a++) {
    x[a] = bitcast<f32>(history[coresetWord(j, a, (*job).lineage)]);
  }
  let count = bitcast<f32>(history[coresetWord(j, D, (*job).lineage)]);
  let archive = f32(cells[(*job).firstRow].sampleSize);
  // Above 0, which is what a real point is known by, though it stand for none.
  realMade = max(count * (f32(cell.quota) / archive), LEAST_MASS);
  return intoFrame(x, (*job).frame);
}

fn coresetWord(j: u32, value: u32, lineage: u32) -> u32 {
  return (HISTORY * HISTORY_WORDS + j * (D + 1u) + value) * dispatch.lineageCount + lineage;
}

/// (generation, index) of a batch, of entry e of the training set; of generation 0 where it is the
/// coreset's.
fn entryOf(job: ptr<function, Job>, phaseCount: u32, e: u32) -> vec2<u32> {
  if (DISTILLED == 1) {
    let cell = cells[(*job).row];
    let distilled = coresetEntries(cell, (*job).generation);
    let rest = e - distilled + select(0u, cell.quota, distilled > 0u);
    let own = vec2<u32>((*job).generation, rest);
    return select(own, vec2<u32>(0u, e), e < distilled);
  }
  if (RETENTION == 0) {
    return vec2<u32>((*job).generation, e);
  }
  var place = e;
  if (RETENTION == 2) {
    place = permute((*job).permutation, e);
  }
  var low = (*job).firstRow;
  if (PHASED == 1) {
    var high = (*job).row;
    while (low < high) {
      let middle = (low + high + 1u) / 2u;
      if (cells[middle].poolBefore <= place) {
        low = middle;
      } else {
        high = middle - 1u;
      }
    }
  }
  let inPhase = place - cells[low].poolBefore;
  let size = cells[low].sampleSize;
  return vec2<u32>(cells[low].firstGeneration + inPhase / size, inPhase % size);
}

fn loadPast(generation: u32, lineage: u32) -> Model {
  var packed = array<u32, MODEL_WORDS>();
  for (var w = 0u; w < MODEL_WORDS; w++) {
    packed[w] = history[historyWord(generation, w, lineage)];
  }
  return unpackModel(&packed);
}

fn historyWord(generation: u32, word: u32, lineage: u32) -> u32 {
  return ((generation % HISTORY) * HISTORY_WORDS + word) * dispatch.lineageCount + lineage;
}

/// The truth's components, then the parent's, each in its own frame.
fn loadSources(
  offset: u32, parent: ptr<function, Model>, sources: ptr<function, Sources>,
  weights: ptr<function, array<f32, SOURCES>>,
) {
  // A truth is packed as a model of J components: header, weights, means, factors, exponents.
  let first = offset + 2u + 2u * D;
  for (var j = 0u; j < J; j++) {
    (*weights)[j] = bitcast<f32>(truthModels[first + j]);
    (*sources).exponents[j] = bitcast<i32>(truthModels[first + J * (1u + D + TRI) + j]);
  }
  for (var e = 0u; e < J * D; e++) {
    (*sources).means[e] = bitcast<f32>(truthModels[first + J + e]);
  }
  for (var e = 0u; e < J * TRI; e++) {
    (*sources).factors[e] = bitcast<f32>(truthModels[first + J + J * D + e]);
  }
  for (var k = 0u; k < K; k++) {
    (*weights)[J + k] = (*parent).weights[k];
    (*sources).exponents[J + k] = (*parent).exponents[k];
  }
  for (var e = 0u; e < K * D; e++) {
    (*sources).means[J * D + e] = (*parent).means[e];
  }
  for (var e = 0u; e < K * TRI; e++) {
    (*sources).factors[J * TRI + e] = (*parent).factors[e];
  }
}

/// Root of the truth's covariance, after its packed model.
fn truthFactor(offset: u32) -> array<f32, TRI> {
  let first = offset + 2u + 2u * D + J * (2u + D + TRI);
  var factor = array<f32, TRI>();
  for (var e = 0u; e < TRI; e++) {
    factor[e] = bitcast<f32>(truthModels[first + e]);
  }
  return factor;
}

/// Truth and parent as sources, and the frame of the training set.
fn enterParent(
  job: ptr<function, Job>, sources: ptr<function, Sources>,
  weights: ptr<function, array<f32, SOURCES>>,
) {
  let cell = cells[(*job).row];
  var parent = emptyModel();
  if ((*job).generation > 1u) {
    parent = loadPast((*job).generation - 1u, (*job).lineage);
  }
  if (ANCESTRY == 1) {
    copiesHeld = parent.ancestry;
  }
  loadSources(cell.truthModelOffset, &parent, sources, weights);
  var frame = WorkingFrame(parent.origin, parent.originLow, parent.scale);
  let possible = possibleSources(cell, (*job).generation, weights);
  gatherSources(sources, &frame, meets(possible, firstSources(J)));
  let anchor = anchorSource(sources, possible);
  enterFrame(sources, &frame, anchor, drawnExtent(sources, possible, anchor));
  (*job).frame = frame;
}

/// Makes the batch of a generation the one that points are made of, its newest model at hand.
fn openBatch(
  job: ptr<function, Job>, generation: u32, batch: ptr<function, Batch>,
  sources: ptr<function, Sources>, weights: ptr<function, array<f32, SOURCES>>,
  screen: ptr<function, Screen>,
) {
  let cell = cells[phaseRow((*job).firstRow, generation)];
  (*batch).cell = cell;
  (*batch).place.generation = generation;
  (*batch).mix = Mix(
    select(cell.quota, cell.sampleSize, generation == 1u),
    select(cell.share, 0.0, generation == 1u),
  );
  holdModel(job, generation - 1u, batch, sources, weights);
  chooseBy(batch, weights);
  if (LOOKED == 1) {
    // At generation 1 nothing is looked at.
    if (generation > 1u) {
      *screen = screenOf(sources, weights);
      let word = historyWord(generation - 1u, MODEL_WORDS, (*job).lineage);
      // The threshold is per truth unit, what it is held against per unit of the frame.
      let unit = f32(i32(D) * (*job).frame.scale) * LN2;
      (*screen).threshold = bitcast<f32>(history[word]) + unit;
    }
  }
}

/// Puts the model of a generation among the sources, where another one is there.
fn holdModel(
  job: ptr<function, Job>, generation: u32, batch: ptr<function, Batch>,
  sources: ptr<function, Sources>, weights: ptr<function, array<f32, SOURCES>>,
) {
  if (generation == (*batch).held || generation == 0u) {
    return;
  }
  (*batch).held = generation;
  if (generation + 1u == (*job).generation) {
    *sources = parentSources;
    *weights = parentWeights;
    copiesHeld = parentCopies;
  } else {
    var model = loadPast(generation, (*job).lineage);
    enterModel(&model, (*job).frame, sources, weights);
    if (ANCESTRY == 1) {
      copiesHeld = model.ancestry;
    }
  }
}

/// Weights that components are chosen by.
fn chooseBy(batch: ptr<function, Batch>, weights: ptr<function, array<f32, SOURCES>>) {
  var chosenBy = *weights;
  if ((*batch).cell.sharpening != 1.0) {
    sharpenWeights(&chosenBy, (*batch).cell.sharpening);
  }
  (*batch).cumulative = cumulate(&chosenBy);
}

/// Point i of the batch into y; returns status bits.
fn batchPoint(
  job: ptr<function, Job>, i: u32, batch: ptr<function, Batch>,
  sources: ptr<function, Sources>, weights: ptr<function, array<f32, SOURCES>>,
  screen: ptr<function, Screen>, y: ptr<function, array<f32, D>>,
) -> u32 {
  let later = (*batch).place.generation > 1u;
  if (ANCESTRY == 1) {
    // An adversary's point is nobody's copy.
    copiesMade = 0.0;
  }
  if (POISONED == 1) {
    if (later && isPoisoned((*batch).place, (*batch).cell.poison, i)) {
      *y = poisonPoint((*batch).place, (*batch).cell, i, (*job).frame);
      realMade = 0.0;
      return 0u;
    }
  }
  // Candidates until one is let in.
  for (var attempt = 0u; attempt < MAX_ATTEMPTS; attempt++) {
    (*batch).place.attempt = attempt;
    if (!later || isRealPoint(batch, i)) {
      *y = realPoint(job, i, batch, sources);
      realMade = 1.0;
      if (ANCESTRY == 1) {
        copiesMade = 0.0;
      }
    } else {
      realMade = 0.0;
      if (PROTECTS == 1) {
        if (protectedPoint(i, batch, sources, weights, y)) {
          realMade = 1.0;
          if (ANCESTRY == 1) {
            copiesMade = 0.0;
          }
          return 0u;
        }
      }
      let exhausted = bestCandidate(job, i, batch, sources, weights, screen, y);
      attempt = (*batch).place.attempt;
      if (exhausted) {
        return STATUS_ATTEMPTS_EXHAUSTED;
      }
    }
    if (!later || LOOKED == 0 || (*batch).cell.selectivity == 0.0) {
      return 0u;
    }
    let chance = (*batch).cell.selectivity * (modelDensity(screen, *y) - (*screen).peak);
    if (unitUniform(screenWords(batch, i).y) < exp(clamp(chance, -87.0, 0.0))) {
      return 0u;
    }
  }
  return STATUS_ATTEMPTS_EXHAUSTED;
}

fn isRealPoint(batch: ptr<function, Batch>, i: u32) -> bool {
  if (HAS_REAL == 0) {
    return false;
  }
  return isReal((*batch).place, (*batch).mix, i, normalBlock((*batch).place, i));
}

fn screenWords(batch: ptr<function, Batch>, i: u32) -> vec4<u32> {
  return placeWords((*batch).place, i, STREAM_SCREEN, (*batch).place.attempt);
}

/// A real point: a new one, or one of the first generation's.
fn realPoint(
  job: ptr<function, Job>, i: u32, batch: ptr<function, Batch>, sources: ptr<function, Sources>,
) -> array<f32, D> {
  var place = (*batch).place;
  var index = i;
  if (FIXED == 1) {
    if (place.generation > 1u) {
      let size = cells[(*job).firstRow].sampleSize;
      let any = wordBelow(choiceWord(place, i, normalBlock(place, i)), size);
      index = select(any, i % size, i < (*batch).mix.quota);
      place.generation = 1u;
      place.attempt = 0u;
    }
  }
  let block = normalBlock(place, index);
  let word = choiceWord(place, index, block);
  if (REAL_ROWS == 1) {
    let row = wordBelow(word, (*batch).cell.rowCount);
    var x = array<f32, D>();
    for (var a = 0u; a < D; a++) {
      x[a] = rows[(*batch).cell.rowOffset + row * D + a];
    }
    return intoFrame(x, (*job).frame);
  }
  var cumulative = (*batch).cumulative;
  let source = pickComponent(&cumulative, 0u, cumulative.lastReal, unitUniform(word));
  return sourcePoint(sources, source, pointNormals(index, blockNormals(block)));
}

/// In the place of a synthetic point: whether it is a real one of the protected modes.
fn protectedPoint(
  i: u32, batch: ptr<function, Batch>, sources: ptr<function, Sources>,
  weights: ptr<function, array<f32, SOURCES>>, y: ptr<function, array<f32, D>>,
) -> bool {
  let place = (*batch).place;
  let block = placeWords(place, i, STREAM_PROTECT, place.attempt);
  var total = 0.0;
  for (var j = 0u; j < J; j++) {
    total += select(0.0, (*weights)[j], isProtected((*batch).cell, j));
  }
  if (!(unitUniform(block.x) < total)) {
    return false;
  }
  let u = unitUniform(block.y) * total;
  var source = 0u;
  var sum = 0.0;
  for (var j = 0u; j < J; j++) {
    let own = select(0.0, (*weights)[j], isProtected((*batch).cell, j));
    source = select(source, j, (own > 0.0) & (u >= sum));
    sum += own;
  }
  let normals = blockNormals(normalBlock(place, i));
  *y = sourcePoint(sources, source, pointNormals(i, normals));
  return true;
}

fn isProtected(cell: CellParams, j: u32) -> bool {
  return (cell.protectedModes & (1u << j)) != 0u;
}

/// The best of so many synthetic candidates that the verifier and the protected modes let through,
/// into y; the place's attempt is left at the last one drawn. True where attempts ran out.
fn bestCandidate(
  job: ptr<function, Job>, i: u32, batch: ptr<function, Batch>,
  sources: ptr<function, Sources>, weights: ptr<function, array<f32, SOURCES>>,
  screen: ptr<function, Screen>, y: ptr<function, array<f32, D>>,
) -> bool {
  var best = SILENT;
  var found = 0u;
  for (var attempt = (*batch).place.attempt; attempt < MAX_ATTEMPTS; attempt++) {
    (*batch).place.attempt = attempt;
    var candidate = array<f32, D>();
    var passes = syntheticPoint(job, i, batch, sources, weights, &candidate);
    var density = 0.0;
    if (LOOKED == 1) {
      density = truthDensity(screen, candidate);
      passes = passes && isLetThrough(i, batch, screen, candidate, density);
    }
    // Where nothing has passed by the end, the last one drawn is taken.
    let last = attempt == MAX_ATTEMPTS - 1u;
    if ((passes && (found == 0u || density > best)) || (last && found == 0u)) {
      best = density;
      *y = candidate;
      if (ANCESTRY == 1) {
        copiesMade = copiesHeld + 1.0;
      }
    }
    found += select(0u, 1u, passes);
    if (found == (*batch).cell.candidates) {
      return false;
    }
  }
  return true;
}

/// A draw from one of the models; false where it lies beyond the truncation.
fn syntheticPoint(
  job: ptr<function, Job>, i: u32, batch: ptr<function, Batch>,
  sources: ptr<function, Sources>, weights: ptr<function, array<f32, SOURCES>>,
  y: ptr<function, array<f32, D>>,
) -> bool {
  let place = (*batch).place;
  if (MEMORY == 1) {
    let models = min((*batch).cell.memory, place.generation - 1u);
    let back = wordBelow(screenWords(batch, i).w, models);
    holdModel(job, place.generation - 1u - back, batch, sources, weights);
    chooseBy(batch, weights);
  }
  let block = normalBlock(place, i);
  var cumulative = (*batch).cumulative;
  let u = unitUniform(choiceWord(place, i, block));
  let source = pickComponent(&cumulative, u32(J), cumulative.lastModel, u);
  var z = pointNormals(i, blockNormals(block));
  var radius = 0.0;
  for (var a = 0u; a < D; a++) {
    radius += z[a] * z[a];
    z[a] *= (*batch).cell.spread;
  }
  var point = sourcePoint(sources, source, z);
  if (NOISY == 1) {
    var noise = plainNormals(placeWords(place, i, STREAM_PARAPHRASE, place.attempt));
    var factor = truthFactor((*batch).cell.truthModelOffset);
    for (var a = 0u; a < D; a++) {
      var sum = 0.0;
      for (var b = 0u; b <= a; b++) {
        sum += factor[packedIndex(a, b)] * noise[b];
      }
      point[a] += scaleBy((*batch).cell.noise * sum, -(*job).frame.scale);
    }
  }
  *y = point;
  return radius <= (*batch).cell.truncation * (*batch).cell.truncation;
}

/// The verifier's verdict, and whether the point falls to a mode that is not protected.
fn isLetThrough(
  i: u32, batch: ptr<function, Batch>, screen: ptr<function, Screen>, y: array<f32, D>,
  density: f32,
) -> bool {
  let cell = (*batch).cell;
  let block = screenWords(batch, i);
  if (cell.keep < 1.0 || cell.error > 0.0) {
    let flipped = unitUniform(block.x) < cell.error;
    let good = cell.keep == 1.0 || density >= (*screen).threshold;
    if (good == flipped) {
      return false;
    }
  }
  if (PROTECTS == 0) {
    return true;
  }
  return unitUniform(block.z) >= shareOf(screen, cell.protectedModes, y, density);
}
