// K = 1 in many dimensions: a workgroup takes one lineage through the generations of the window, its
// fits drawn from their laws. Vectors are in workgroup memory, factors in storage. Every entry is
// added up by one invocation, in the twins' order, so that no number depends on how many there are.
// Twins: closedStep and groupedStep of src/model/lineage.ts.
import package::constants::{
  ANCESTRY, COUNTED, COVARIANCE, D, FIXED, GROUPED, HAS_REAL, HISTORY, HISTORY_WORDS, MEMORY,
  MODEL_WORDS, NOISY, PHASED, POISONED, POOL, POOL_AT, PRIOR, SEGMENTED, TRI, WEIGHED, WORKGROUP,
};
import package::archive::{archivePoints, segmentCount, segmentPoints, segmentTimes};
import package::phases::phaseRow;
import package::layout::{CellParams, ChunkRow, Dispatch};
import package::assemble::counts::{
  BatchCounts, batchCounts, GROUP_POISON, GROUP_REST_PARTS, partCount, partOfGroup,
};
import package::assemble::possible::{besselOf, groupAncestry, trainingSize};
import package::gmm::class_scales::classScales;
import package::gmm::status::{STATUS_DEGENERATE, STATUS_NON_FINITE, STATUS_OVERFLOW};
import package::gmm::wishart::{chiSquared, wishartBlock, WishartPlace};
import package::gmm::words::{
  WORD_EXPONENT, WORD_FACTOR, WORD_MEAN, WORD_ORIGIN, WORD_ORIGIN_LOW, WORD_SCALE, WORD_STATUS,
  WORD_WEIGHT,
};
import package::math::exponent::{exponentOf, scaleBy, ZERO_EXPONENT};
import package::math::triangular::{packedIndex, PIVOT_FLOOR};
import package::rng::normal::normalPair;
import package::wide_ring::{integerAt, numberAt, ringWord};

@group(0) @binding(0) var<uniform> dispatch: Dispatch;
@group(0) @binding(1) var<storage, read> chunkOf: array<u32>;
@group(0) @binding(2) var<storage, read> chunks: array<ChunkRow>;
@group(0) @binding(3) var<storage, read> cells: array<CellParams>;
@group(0) @binding(4) var<storage, read> truthModels: array<u32>;
@group(0) @binding(5) var<storage, read_write> ring: array<u32>;
@group(0) @binding(6) var<storage, read_write> kept: array<f32>;
// Models of the past, [((generation % HISTORY) * lineages + lineage) * HISTORY_WORDS + word]; after
// them tallies of a pool, [lineages * POOL_AT + (lineage * TALLIES + tally) * TALLY_WORDS + value]:
// how many points, their mean and their scatter, in the latest model's frame.
@group(0) @binding(7) var<storage, read_write> history: array<u32>;

// Triangles that a lineage has in `kept`: a factor that is drawn with, the draw (its diagonal apart),
// their product, and the scatter of all groups. A last block of normals may pass the draw's entries
// under the diagonal by three, which it has room for from D = 3 on. Noise is added through the draw
// and the product, which nobody needs then.
const FACTOR: u32 = 0u;
const DRAW: u32 = TRI;
const PRODUCT: u32 = 2u * TRI;
const SCATTER: u32 = 3u * TRI;
const TRIANGLES: u32 = 4u * TRI;
/// Entries under the diagonal.
const BELOW: u32 = u32(D) * (D - 1u) / 2u;

/// Tallies that a lineage keeps, where it keeps any.
const TALLIES: u32 = select(1u, 2u, POOL == 3);
const TALLY_WORDS: u32 = 1u + D + TRI;

const GROUP_REST: u32 = 0u;
const GROUP_REAL: u32 = 1u;
// 2^-20: fits narrower than this share of the sample's sd are degenerate.
const DEGENERATE_WIDTH: f32 = 0x1p-20f;

var<workgroup> normals: array<f32, D>;
var<workgroup> diagonal: array<f32, D>;
var<workgroup> origin: array<f32, D>;
var<workgroup> originLow: array<f32, D>;
var<workgroup> truthMean: array<f32, D>;
var<workgroup> parentMean: array<f32, D>;
var<workgroup> ownMean: array<f32, D>;
var<workgroup> mean: array<f32, D>;
var<workgroup> largest: array<f32, WORKGROUP>;

/// Where a lineage's models and triangles are, and which invocation of its workgroup this is.
struct Site {
  parent: u32,
  next: u32,
  triangles: u32,
  truth: u32,
  lineage: u32,
  lane: u32,
}

/// The frame that a training set is made in, and what takes the factors of both sources into it.
struct Frame {
  scale: i32,
  truthShift: i32,
  parentShift: i32,
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let place = group.x + group.y * groups.x;
  if (place >= dispatch.sliceLineages) {
    return;
  }
  let lineage = dispatch.firstLineage + place;
  let chunk = chunks[chunkOf[lineage]];
  var cell = cells[chunk.cell];
  let replicate = chunk.firstReplicate + (lineage - chunk.firstLineage);
  let key = vec4<u32>(cell.keyLow, cell.keyHigh, cell.keyCell, cell.keyVersion);
  if (dispatch.firstSlot == 1u) {
    openWindow(cell.truthModelOffset, lineage, lane);
  }
  for (var g = 0u; g < dispatch.generationCount; g++) {
    let generation = dispatch.firstGeneration + g;
    if (PHASED == 1) {
      cell = cells[phaseRow(chunk.cell, generation)];
    }
    let parent = ringWord(dispatch.firstSlot + g - 1u, lineage);
    let next = ringWord(dispatch.firstSlot + g, lineage);
    let site = Site(parent, next, place * TRIANGLES, cell.truthModelOffset, lineage, lane);
    let draw = WishartPlace(key, replicate, generation, 0u);
    if (GROUPED == 1) {
      groupedStep(cell, chunk.cell, draw, site);
    } else {
      closedStep(cell, draw, site);
    }
    if (ANCESTRY == 1) {
      if (COUNTED == 0) {
        writeAncestry(cell, generation, site);
      }
    }
    if (MEMORY == 1) {
      meet();
      keepPast(generation, site);
    }
    meet();
  }
}

/// What others have written may be read.
fn meet() {
  storageBarrier();
  workgroupBarrier();
}

fn keepNumber(word: u32, value: f32) {
  ring[word] = bitcast<u32>(value);
}

/// Slot 0 has the window's parent, which at generation 1 is the truth's one Gaussian.
fn openWindow(truth: u32, lineage: u32, lane: u32) {
  let parent = ringWord(dispatch.parentSlot, lineage);
  let first = dispatch.firstGeneration == 1u;
  for (var w = lane; w < MODEL_WORDS; w += WORKGROUP) {
    ring[ringWord(0u, lineage) + w] = select(ring[parent + w], truthModels[truth + w], first);
  }
  meet();
}

fn historyWord(generation: u32, lineage: u32) -> u32 {
  return ((generation % HISTORY) * dispatch.lineageCount + lineage) * HISTORY_WORDS;
}

fn keepPast(generation: u32, site: Site) {
  let at = historyWord(generation, site.lineage);
  for (var w = site.lane; w < MODEL_WORDS; w += WORKGROUP) {
    history[at + w] = ring[site.next + w];
  }
}

fn pastNumber(word: u32) -> f32 {
  return bitcast<f32>(history[word]);
}

/// The parent's status, without what was raised by measuring it.
fn statusOf(site: Site) -> u32 {
  return ring[site.parent + WORD_STATUS] & ~(STATUS_OVERFLOW | STATUS_NON_FINITE);
}

fn closedStep(cell: CellParams, place: WishartPlace, site: Site) {
  // The first sample is the truth's own.
  let spread = select(cell.spread, 1.0, place.generation == 1u);
  let root = spread / sqrt(f32(cell.sampleSize));
  drawStandard(place, cell.sampleSize, root * sqrt(cell.bessel), site);
  loadParent(site, FACTOR, 0, 1.0);
  meet();
  let scale = integerAt(site.parent + WORD_SCALE);
  let exponent = integerAt(site.parent + WORD_EXPONENT);
  for (var a = site.lane; a < D; a += WORKGROUP) {
    let offset = root * drawnOffset(site, a);
    let step = numberAt(site.parent + WORD_MEAN + a) + scaleBy(offset, exponent);
    let high = numberAt(site.parent + WORD_ORIGIN + a);
    let low = numberAt(site.parent + WORD_ORIGIN_LOW + a);
    let moved = movedOrigin(high, low, scaleBy(step, scale));
    keepNumber(site.next + WORD_ORIGIN + a, moved.x);
    keepNumber(site.next + WORD_ORIGIN_LOW + a, moved.y);
    keepNumber(site.next + WORD_MEAN + a, 0.0);
  }
  multiply(cell.sampleSize, site);
  constrainFactor(site);
  let grown = factorExponent(site.triangles + PRODUCT, site.lane);
  let dead = (grown == ZERO_EXPONENT) | (exponent == ZERO_EXPONENT);
  writeFactor(site, site.triangles + PRODUCT, grown);
  let short = select(0u, STATUS_DEGENERATE, dead | (cell.sampleSize <= D));
  writeScalars(
    site, select(scale + exponent + grown, scale, dead), statusOf(site) | short,
    select(0, ZERO_EXPONENT, dead),
  );
}

/// K = 1 on a batch in groups of points, after the pool of all batches before where that is kept: a
/// model of it has its mean and scatter.
fn groupedStep(cell: CellParams, firstRow: u32, place: WishartPlace, site: Site) {
  let first = place.generation == 1u;
  let points = trainingSize(cell, place.generation);
  let counts = numbersOf(cell, firstRow, place);
  let real = first | (counts.real + counts.poison > 0u) | (cell.noise > 0.0);
  let modelled = !first & ((counts.rest > 0u) | (points > cell.sampleSize));
  let frame = enterFrame(site, real, modelled);
  let copies = groupTally(cell, firstRow, place, points, counts, frame, site);
  let trace = scatterTrace(site);
  var strength = 0.0;
  if (PRIOR > 0) {
    // About the parent there is none in the first fit.
    strength = select(cell.strength, 0.0, (PRIOR == 1) & first);
    addCentre(f32(points), strength, frame, site);
  }
  covarianceOf(cell, points, f32(points) + strength, frame, site);
  let flat = (COVARIANCE == 0u) & (cell.floor == 0.0) & (strength == 0.0);
  factorise(site.triangles + SCATTER, select(u32(D), points - 1u, flat), site);
  let sd = sqrt(trace / (f32(points) * f32(D)));
  var thinnest = kept[site.triangles + FACTOR];
  for (var a = 0u; a < D; a++) {
    thinnest = min(thinnest, kept[site.triangles + FACTOR + packedIndex(a, a)]);
  }
  let thin = (thinnest < sd * DEGENERATE_WIDTH) | (sd == 0.0);
  let short = (cell.floor == 0.0) & (strength == 0.0) & (points <= D);
  let exponent = factorExponent(site.triangles + FACTOR, site.lane);
  writeFactor(site, site.triangles + FACTOR, exponent);
  for (var a = site.lane; a < D; a += WORKGROUP) {
    keepNumber(site.next + WORD_ORIGIN + a, origin[a]);
    keepNumber(site.next + WORD_ORIGIN_LOW + a, originLow[a]);
    keepNumber(site.next + WORD_MEAN + a, mean[a]);
  }
  let raised = select(0u, STATUS_DEGENERATE, thin | short);
  writeScalars(site, frame.scale, statusOf(site) | raised, exponent);
  if (ANCESTRY == 1) {
    if (COUNTED == 1) {
      writeCountedAncestry(cell.sampleSize, points, copies, first, site);
    }
  }
}

/// How many points of the batch are real, an adversary's, and of the rest.
fn numbersOf(cell: CellParams, firstRow: u32, place: WishartPlace) -> BatchCounts {
  if (SEGMENTED == 1) {
    return batchCounts(place, cell, archivePoints(firstRow, segmentCount(firstRow)));
  }
  if (COUNTED == 1) {
    return batchCounts(place, cell, select(0u, cell.quota, FIXED == 1));
  }
  // The archive is a group of its own in the first generation too.
  let real = select(cell.quota, 0u, (place.generation == 1u) & (FIXED == 0));
  return BatchCounts(0u, real, cell.sampleSize - real);
}

fn writeScalars(site: Site, scale: i32, status: u32, exponent: i32) {
  if (site.lane == 0u) {
    ring[site.next + WORD_SCALE] = bitcast<u32>(scale);
    ring[site.next + WORD_STATUS] = status;
    ring[site.next + WORD_EXPONENT] = bitcast<u32>(exponent);
    keepNumber(site.next + WORD_WEIGHT, 1.0);
  }
}

/// The model's last word. Own samples are a batch of copies.
fn writeAncestry(cell: CellParams, generation: u32, site: Site) {
  let ancestry = groupAncestry(cell, generation, numberAt(site.parent + MODEL_WORDS - 1u));
  if (site.lane == 0u) {
    keepNumber(site.next + MODEL_WORDS - 1u, ancestry);
  }
}

/// The same where points of the batch turned out to have so many `copies` together.
fn writeCountedAncestry(batch: u32, points: u32, copies: f32, first: bool, site: Site) {
  let all = f32(points - batch) * numberAt(site.parent + MODEL_WORDS - 1u) + copies;
  if (site.lane == 0u) {
    keepNumber(site.next + MODEL_WORDS - 1u, select(all / f32(points), 0.0, first));
  }
}

/// The triangle at `at`, its largest entry brought into [1/2, 1).
fn writeFactor(site: Site, at: u32, exponent: i32) {
  for (var e = site.lane; e < TRI; e += WORKGROUP) {
    keepNumber(site.next + WORD_FACTOR + e, scaleBy(kept[at + e], -exponent));
  }
}

/// Exponent of a triangle's largest entry; ZERO_EXPONENT where all are 0.
fn factorExponent(at: u32, lane: u32) -> i32 {
  var own = 0.0;
  for (var e = lane; e < TRI; e += WORKGROUP) {
    own = max(own, abs(kept[at + e]));
  }
  largest[lane] = own;
  workgroupBarrier();
  var most = 0.0;
  for (var l = 0u; l < WORKGROUP; l++) {
    most = max(most, largest[l]);
  }
  return exponentOf(most);
}

/// origin + step in two floats (Knuth's two-sum).
fn movedOrigin(high: f32, low: f32, offset: f32) -> vec2<f32> {
  let step = offset + low;
  let sum = high + step;
  let part = sum - high;
  return vec2<f32>(sum, (high - (sum - part)) + (step - part));
}

/// Normals of the mean of n standard normals, and the factor of their scatter, `width` times as wide.
fn drawStandard(place: WishartPlace, n: u32, width: f32, site: Site) {
  for (var a = site.lane; a < D; a += WORKGROUP) {
    let block = wishartBlock(place, a, 0u);
    normals[a] = normalPair(block.x, block.y).y;
    var square = 0.0;
    if (n > 1u + a) {
      square = chiSquared(place, a, n - 1u - a, block);
    }
    diagonal[a] = width * sqrt(square);
  }
  // Four normals to a block; the last ones may be past the end, within the triangle's room.
  for (var b = site.lane; 4u * b < BELOW; b += WORKGROUP) {
    let block = wishartBlock(place, D + b, 0u);
    let at = site.triangles + DRAW + 4u * b;
    let low = normalPair(block.x, block.y);
    let high = normalPair(block.z, block.w);
    kept[at] = width * low.x;
    kept[at + 1u] = width * low.y;
    kept[at + 2u] = width * high.x;
    kept[at + 3u] = width * high.y;
  }
}

/// Row a of the factor times the mean's normals.
fn drawnOffset(site: Site, a: u32) -> f32 {
  var offset = 0.0;
  for (var b = 0u; b <= a; b++) {
    offset += kept[site.triangles + FACTOR + packedIndex(a, b)] * normals[b];
  }
  return offset;
}

/// The product of factor and draw, whose columns from n - 1 on are 0.
fn multiply(n: u32, site: Site) {
  for (var a = 0u; a < D; a++) {
    let row = site.triangles + FACTOR + packedIndex(a, 0u);
    for (var b = site.lane; b <= a; b += WORKGROUP) {
      var dot = kept[row + b] * diagonal[b];
      for (var c = b + 1u; c <= a; c++) {
        dot += kept[row + c] * kept[site.triangles + DRAW + c * (c - 1u) / 2u + b];
      }
      kept[site.triangles + PRODUCT + packedIndex(a, b)] = select(0.0, dot, b + 1u < n);
    }
  }
  meet();
}

/// Entries of the covariance's diagonal from the product's rows, where that is all it has.
fn constrainFactor(site: Site) {
  if (COVARIANCE == 0) {
    return;
  }
  let at = site.triangles + PRODUCT;
  for (var a = site.lane; a < D; a += WORKGROUP) {
    var square = 0.0;
    for (var b = 0u; b <= a; b++) {
      let entry = kept[at + packedIndex(a, b)];
      square += entry * entry;
      kept[at + packedIndex(a, b)] = 0.0;
    }
    normals[a] = square;
  }
  meet();
  var trace = 0.0;
  for (var a = 0u; a < D; a++) {
    trace += normals[a];
  }
  for (var a = site.lane; a < D; a += WORKGROUP) {
    kept[at + packedIndex(a, a)] = sqrt(select(trace / f32(D), normals[a], COVARIANCE == 1));
  }
  meet();
}

/// The parent's factor into one of the triangles, times 2^shift and a width.
fn loadParent(site: Site, triangle: u32, shift: i32, width: f32) {
  for (var e = site.lane; e < TRI; e += WORKGROUP) {
    let entry = scaleBy(numberAt(site.parent + WORD_FACTOR + e), shift);
    kept[site.triangles + triangle + e] = width * entry;
  }
}

/// The truth's factor into one of the triangles, times 2^shift.
fn loadTruth(site: Site, triangle: u32, shift: i32) {
  for (var e = site.lane; e < TRI; e += WORKGROUP) {
    let entry = bitcast<f32>(truthModels[site.truth + WORD_FACTOR + e]);
    kept[site.triangles + triangle + e] = scaleBy(entry, shift);
  }
}

/// Both sources in one frame: the truth's where there is anything real, else the parent's; then about
/// the mean of the narrower of those that are drawn from, in a unit that holds them.
fn enterFrame(site: Site, real: bool, modelled: bool) -> Frame {
  let scale = integerAt(site.parent + WORD_SCALE);
  for (var a = site.lane; a < D; a += WORKGROUP) {
    let high = numberAt(site.parent + WORD_ORIGIN + a);
    let low = numberAt(site.parent + WORD_ORIGIN_LOW + a);
    let centre = high + low;
    let parent = numberAt(site.parent + WORD_MEAN + a);
    let truth = bitcast<f32>(truthModels[site.truth + WORD_MEAN + a]);
    parentMean[a] = select(parent, centre + scaleBy(parent, scale), real);
    truthMean[a] = select(scaleBy(truth - centre, -scale), truth, real);
    origin[a] = select(high, 0.0, real);
    originLow[a] = select(low, 0.0, real);
  }
  workgroupBarrier();
  let ofTruth = bitcast<i32>(truthModels[site.truth + WORD_EXPONENT]) + select(-scale, 0, real);
  let ofParent = integerAt(site.parent + WORD_EXPONENT) + select(0, scale, real);
  let atTruth = real & (!modelled | (ofTruth <= ofParent));
  var extent = max(
    select(ZERO_EXPONENT, ofTruth, real), select(ZERO_EXPONENT, ofParent, modelled),
  );
  if (real & modelled) {
    for (var a = 0u; a < D; a++) {
      extent = max(extent, exponentOf(truthMean[a] - parentMean[a]));
    }
  }
  extent = select(extent, 0, extent <= ZERO_EXPONENT / 2);
  workgroupBarrier();
  let unit = select(scale, 0, real);
  for (var a = site.lane; a < D; a += WORKGROUP) {
    let centre = select(parentMean[a], truthMean[a], atTruth);
    let moved = movedOrigin(origin[a], originLow[a], scaleBy(centre, unit));
    origin[a] = moved.x;
    originLow[a] = moved.y;
    truthMean[a] = scaleBy(truthMean[a] - centre, -extent);
    parentMean[a] = scaleBy(parentMean[a] - centre, -extent);
  }
  return Frame(unit + extent, ofTruth - extent, ofParent - extent);
}

/// Mean and scatter of a training set of `points` points; returns the copies since a human that its
/// new points have together.
fn groupTally(
  cell: CellParams, firstRow: u32, place: WishartPlace, points: u32, counts: BatchCounts,
  frame: Frame, site: Site,
) -> f32 {
  let pool = points - cell.sampleSize;
  var held = Held(pool, f32(pool));
  if (POOL > 1) {
    held = heldTally(0u, place.generation, frame, site);
  } else {
    clearTally(site);
  }
  if (POOL == 1) {
    let bessel = besselOf(cell, pool);
    loadParent(site, PRODUCT, frame.parentShift, 1.0);
    centreAt(false, site);
    meet();
    let size = f32(pool);
    mergeTally(0.0, size, size, select(0.0, size / bessel, bessel > 0.0), site);
  }
  let scales = kindScales(cell, place.generation == 1u, points, counts);
  var copies = 0.0;
  if (MEMORY == 1) {
    copies = mergeModels(cell, place, &held, counts.rest, scales.x, frame, site);
  } else {
    loadRest(cell, place, 0u, frame, site);
    mergeDraw(inPart(place, GROUP_REST, 0u), &held, counts.rest, 1u, scales.x, site);
    if (ANCESTRY == 1) {
      copies = f32(counts.rest) * (numberAt(site.parent + MODEL_WORDS - 1u) + 1.0);
    }
  }
  if (POOL == 3) {
    if (POISONED == 1) {
      mergePoison(cell, place, &held, counts.poison, scales.x, frame, site);
    }
    mergeKinds(cell, firstRow, place, points, held.points, counts.real, frame, site);
    return copies;
  }
  if (HAS_REAL == 1) {
    loadTruth(site, FACTOR, frame.truthShift);
    mergeReal(cell, firstRow, place, &held, counts.real, scales.y, site);
  }
  if (POISONED == 1) {
    mergePoison(cell, place, &held, counts.poison, scales.x, frame, site);
  }
  if (POOL == 2) {
    keepTally(0u, points, site);
  }
  return copies;
}

fn clearTally(site: Site) {
  for (var a = site.lane; a < D; a += WORKGROUP) {
    mean[a] = 0.0;
  }
  for (var e = site.lane; e < TRI; e += WORKGROUP) {
    kept[site.triangles + SCATTER + e] = 0.0;
  }
  meet();
}

fn poolWord(tally: u32, lineage: u32) -> u32 {
  return dispatch.lineageCount * POOL_AT + (lineage * TALLIES + tally) * TALLY_WORDS;
}

/// A tally of the points before becomes the scatter and the mean, in the frame of the training set.
fn heldTally(which: u32, generation: u32, frame: Frame, site: Site) -> Held {
  let at = poolWord(which, site.lineage);
  let points = select(history[at], 0u, generation == 1u);
  let shift = integerAt(site.parent + WORD_SCALE) - frame.scale;
  // No points are nowhere.
  let none = points == 0u;
  for (var a = site.lane; a < D; a += WORKGROUP) {
    let apart = numberAt(site.parent + WORD_ORIGIN + a) - origin[a];
    let low = numberAt(site.parent + WORD_ORIGIN_LOW + a) - originLow[a];
    let own = scaleBy(pastNumber(at + 1u + a), shift);
    mean[a] = select(scaleBy(apart + low, -frame.scale) + own, 0.0, none);
  }
  for (var e = site.lane; e < TRI; e += WORKGROUP) {
    let entry = scaleBy(scaleBy(pastNumber(at + 1u + D + e), shift), shift);
    kept[site.triangles + SCATTER + e] = select(entry, 0.0, none);
  }
  meet();
  return Held(points, f32(points));
}

/// Keeps the scatter and the mean as a tally of so many points, in the frame of the model to come.
fn keepTally(which: u32, points: u32, site: Site) {
  let at = poolWord(which, site.lineage);
  keepCount(which, points, site);
  for (var a = site.lane; a < D; a += WORKGROUP) {
    history[at + 1u + a] = bitcast<u32>(mean[a]);
  }
  for (var e = site.lane; e < TRI; e += WORKGROUP) {
    history[at + 1u + D + e] = bitcast<u32>(kept[site.triangles + SCATTER + e]);
  }
}

fn keepCount(which: u32, points: u32, site: Site) {
  if (site.lane == 0u) {
    history[poolWord(which, site.lineage)] = points;
  }
}

/// What is not real is merged, `rest` points of all batches; with what is, `reals` of them new, it
/// becomes one tally, each point of a kind weighing the same. The history has both apart: at first
/// all are real.
fn mergeKinds(
  cell: CellParams, firstRow: u32, place: WishartPlace, points: u32, rest: u32, reals: u32,
  frame: Frame, site: Site,
) {
  let first = place.generation == 1u;
  keepTally(0u, rest, site);
  var held = heldTally(1u, place.generation, frame, site);
  if (HAS_REAL == 1) {
    loadTruth(site, FACTOR, frame.truthShift);
    mergeReal(cell, firstRow, place, &held, reals, 1.0, site);
  }
  let real = held.points;
  keepTally(1u, real, site);
  meet();
  let share = select(cell.realWeight, -1.0, first);
  joinRest(classScales(f32(rest), f32(real), share, f32(points)), f32(rest), f32(real), site);
  if (first) {
    keepCount(0u, 0u, site);
    keepTally(1u, points, site);
  }
}

/// Adds the rest that is kept to what is real.
fn joinRest(scales: vec2<f32>, rest: f32, real: f32, site: Site) {
  let at = poolWord(0u, site.lineage) + 1u;
  let part = scales.y * real / (scales.x * rest + scales.y * real);
  let between = scales.x * rest * part;
  for (var a = site.lane; a < D; a += WORKGROUP) {
    let centre = pastNumber(at + a);
    ownMean[a] = mean[a] - centre;
    mean[a] = centre + part * ownMean[a];
  }
  workgroupBarrier();
  for (var a = 0u; a < D; a++) {
    for (var b = site.lane; b <= a; b += WORKGROUP) {
      let e = packedIndex(a, b);
      let entry = site.triangles + SCATTER + e;
      kept[entry] = scales.x * pastNumber(at + D + e) + scales.y * kept[entry]
        + between * ownMean[a] * ownMean[b];
    }
  }
  meet();
}

/// Adds `points` real points that weigh `scale` each: new ones, the first generation's, or what a
/// batch has of an archive's segments.
fn mergeReal(
  cell: CellParams, firstRow: u32, place: WishartPlace, held: ptr<function, Held>, points: u32,
  scale: f32, site: Site,
) {
  if (SEGMENTED == 0) {
    centreAt(true, site);
    let drawnAt = select(place.generation, 1u, FIXED == 1);
    let own = WishartPlace(place.key, place.lineage, drawnAt, GROUP_REAL);
    mergeDraw(own, held, points, 1u, scale, site);
    return;
  }
  let count = segmentCount(firstRow);
  for (var s = 0u; s < count; s++) {
    let times = segmentTimes(firstRow, s, place.generation, cell.quota);
    if (times > 0u) {
      centreAt(true, site);
      let own = WishartPlace(place.key, place.lineage, 1u + s, GROUP_REAL);
      mergeDraw(own, held, segmentPoints(firstRow, s), times, scale, site);
    }
  }
}

fn inPart(place: WishartPlace, group: u32, part: u32) -> WishartPlace {
  return WishartPlace(place.key, place.lineage, place.generation, partOfGroup(group, part));
}

/// What a point weighs that is not real, and one that is, where it is merged: kinds that are kept
/// are weighed when they are joined.
fn kindScales(cell: CellParams, first: bool, points: u32, counts: BatchCounts) -> vec2<f32> {
  if ((WEIGHED == 1) & (POOL != 3)) {
    let share = select(cell.realWeight, -1.0, first);
    return classScales(f32(counts.rest + counts.poison), f32(counts.real), share, f32(points));
  }
  return vec2<f32>(1.0);
}

/// Adds `points` points that weigh `scale` each and are from any of the models alike; returns their
/// copies.
fn mergeModels(
  cell: CellParams, place: WishartPlace, held: ptr<function, Held>, points: u32, scale: f32,
  frame: Frame, site: Site,
) -> f32 {
  let models = select(min(cell.memory, place.generation - 1u), 1u, place.generation == 1u);
  var left = points;
  var copies = 0.0;
  for (var back = 0u; back < models; back++) {
    let own = partCount(place, GROUP_REST_PARTS, back, left, 1.0 / f32(models - back));
    if (own == 0u) {
      continue;
    }
    loadRest(cell, place, back, frame, site);
    mergeDraw(inPart(place, GROUP_REST, back), held, own, 1u, scale, site);
    if (ANCESTRY == 1) {
      var ancestry = numberAt(site.parent + MODEL_WORDS - 1u);
      if (back > 0u) {
        let at = historyWord(place.generation - 1u - back, site.lineage);
        ancestry = pastNumber(at + MODEL_WORDS - 1u);
      }
      copies += f32(own) * (ancestry + 1.0);
    }
    left -= own;
  }
  return copies;
}

/// What synthetic points are drawn from: the model so many generations before the parent; at
/// generation 1 the truth.
fn loadRest(cell: CellParams, place: WishartPlace, back: u32, frame: Frame, site: Site) {
  let first = place.generation == 1u;
  centreAt(first, site);
  if (first) {
    loadTruth(site, FACTOR, frame.truthShift);
    return;
  }
  loadParent(site, FACTOR, frame.parentShift, cell.spread);
  if (MEMORY == 1) {
    if (back > 0u) {
      loadPast(historyWord(place.generation - 1u - back, site.lineage), cell.spread, frame, site);
    }
  }
  if (NOISY == 1) {
    addNoise(cell.noise, frame.truthShift, site);
  }
}

/// `ownMean` becomes the truth's mean, or the parent's.
fn centreAt(truth: bool, site: Site) {
  for (var a = site.lane; a < D; a += WORKGROUP) {
    ownMean[a] = select(parentMean[a], truthMean[a], truth);
  }
}

/// The factor becomes that of the model at a word of the history, `ownMean` its mean.
fn loadPast(at: u32, width: f32, frame: Frame, site: Site) {
  let scale = bitcast<i32>(history[at + WORD_SCALE]) - frame.scale;
  let shift = scale + bitcast<i32>(history[at + WORD_EXPONENT]);
  for (var e = site.lane; e < TRI; e += WORKGROUP) {
    let entry = scaleBy(pastNumber(at + WORD_FACTOR + e), shift);
    kept[site.triangles + FACTOR + e] = width * entry;
  }
  for (var a = site.lane; a < D; a += WORKGROUP) {
    let apart = pastNumber(at + WORD_ORIGIN + a) - origin[a];
    let low = pastNumber(at + WORD_ORIGIN_LOW + a) - originLow[a];
    let own = scaleBy(pastNumber(at + WORD_MEAN + a), scale);
    ownMean[a] = scaleBy(apart + low, -frame.scale) + own;
  }
}

/// Adds `points` of an adversary's points that weigh `scale` each.
fn mergePoison(
  cell: CellParams, place: WishartPlace, held: ptr<function, Held>, points: u32, scale: f32,
  frame: Frame, site: Site,
) {
  loadPoison(cell, frame, site);
  mergeDraw(inPart(place, GROUP_POISON, 0u), held, points, 1u, scale, site);
}

/// The factor becomes an adversary's, `ownMean` its mean, whose words are after the truth's root,
/// which is after its packed model.
fn loadPoison(cell: CellParams, frame: Frame, site: Site) {
  let at = site.truth + 2u + 2u * D + (2u + D + TRI) + TRI;
  for (var e = site.lane; e < TRI; e += WORKGROUP) {
    kept[site.triangles + FACTOR + e] = 0.0;
  }
  meet();
  for (var a = site.lane; a < D; a += WORKGROUP) {
    let centre = bitcast<f32>(truthModels[at + a]);
    ownMean[a] = scaleBy((centre - origin[a]) - originLow[a], -frame.scale);
    kept[site.triangles + FACTOR + packedIndex(a, a)] = scaleBy(cell.poisonScale, -frame.scale);
  }
}

/// Adds the truth's covariance, `noise` times as wide, to that of the factor.
fn addNoise(noise: f32, shift: i32, site: Site) {
  let factor = site.triangles + FACTOR;
  let truth = site.triangles + DRAW;
  loadTruth(site, DRAW, shift);
  meet();
  for (var a = 0u; a < D; a++) {
    for (var b = site.lane; b <= a; b += WORKGROUP) {
      var dot = 0.0;
      var more = 0.0;
      for (var c = 0u; c <= b; c++) {
        dot += kept[factor + packedIndex(a, c)] * kept[factor + packedIndex(b, c)];
        more += kept[truth + packedIndex(a, c)] * kept[truth + packedIndex(b, c)];
      }
      kept[site.triangles + PRODUCT + packedIndex(a, b)] = dot + noise * noise * more;
    }
  }
  meet();
  factorise(site.triangles + PRODUCT, u32(D), site);
}

/// What is merged so far: points, and what they weigh.
struct Held {
  points: u32,
  mass: f32,
}

/// Adds `points` points of the factor, about `ownMean`, that weigh `scale` each, by a draw of their
/// mean and scatter, so often.
fn mergeDraw(
  place: WishartPlace, held: ptr<function, Held>, points: u32, times: u32, scale: f32, site: Site,
) {
  drawStandard(place, points, 1.0, site);
  meet();
  let root = inverseSqrt(f32(max(points, 1u)));
  for (var a = site.lane; a < D; a += WORKGROUP) {
    ownMean[a] += root * drawnOffset(site, a);
  }
  multiply(points, site);
  let before = (*held).mass;
  let own = scale * f32(times * points);
  (*held).points += times * points;
  // Numbers are exact as far as they go.
  (*held).mass = select(
    f32((*held).points), before + own, (WEIGHED == 1) & (POOL != 3),
  );
  mergeTally(before, own, (*held).mass, scale * f32(times), site);
}

/// Adds points of mass `own` with mean `ownMean` and scatter `weight` times the product's to others
/// of mass `held`; `total` is that of all.
fn mergeTally(held: f32, own: f32, total: f32, weight: f32, site: Site) {
  let share = select(own / max(total, 1e-30), 0.0, own == 0.0);
  let between = held * share;
  let product = site.triangles + PRODUCT;
  for (var a = site.lane; a < D; a += WORKGROUP) {
    ownMean[a] -= mean[a];
  }
  workgroupBarrier();
  for (var a = 0u; a < D; a++) {
    for (var b = site.lane; b <= a; b += WORKGROUP) {
      var dot = 0.0;
      for (var c = 0u; c <= b; c++) {
        dot += kept[product + packedIndex(a, c)] * kept[product + packedIndex(b, c)];
      }
      let more = weight * dot + between * ownMean[a] * ownMean[b];
      kept[site.triangles + SCATTER + packedIndex(a, b)] += select(more, 0.0, own == 0.0);
    }
  }
  for (var a = site.lane; a < D; a += WORKGROUP) {
    mean[a] += share * ownMean[a];
  }
  meet();
}

/// Adds a prior's points to others of mass `held`: so many, with mean and covariance of its centre.
fn addCentre(held: f32, strength: f32, frame: Frame, site: Site) {
  if (PRIOR == 2) {
    loadTruth(site, PRODUCT, frame.truthShift);
  } else {
    loadParent(site, PRODUCT, frame.parentShift, 1.0);
  }
  centreAt(PRIOR == 2, site);
  meet();
  mergeTally(held, strength, held + strength, strength, site);
}

fn scatterTrace(site: Site) -> f32 {
  var trace = 0.0;
  for (var a = 0u; a < D; a++) {
    trace += kept[site.triangles + SCATTER + packedIndex(a, a)];
  }
  return trace;
}

/// The scatter of points, a prior's among them, becomes a covariance, as the M-step has it.
fn covarianceOf(cell: CellParams, points: u32, mass: f32, frame: Frame, site: Site) {
  let scatter = site.triangles + SCATTER;
  let width = besselOf(cell, points) / mass;
  let floor = scaleBy(scaleBy(cell.floor, -frame.scale), -frame.scale);
  let variance = width * scatterTrace(site) / f32(D);
  meet();
  for (var a = 0u; a < D; a++) {
    for (var b = site.lane; b <= a; b += WORKGROUP) {
      let at = scatter + packedIndex(a, b);
      var entry = width * kept[at];
      if (a == b) {
        entry = select(max(entry, 0.0), variance, COVARIANCE == 2) + floor;
      } else if (COVARIANCE != 0) {
        entry = 0.0;
      }
      kept[at] = entry;
    }
  }
  meet();
}

/// The factor from the covariance at `matrix`, a column at a time; pivots from `rank` on are 0.
fn factorise(matrix: u32, rank: u32, site: Site) {
  let factor = site.triangles + FACTOR;
  for (var a = 0u; a < D; a++) {
    let row = factor + packedIndex(a, 0u);
    let square = kept[matrix + packedIndex(a, a)];
    var rest = square;
    for (var c = 0u; c < a; c++) {
      rest -= kept[row + c] * kept[row + c];
    }
    let pivot = select(0.0, sqrt(max(rest, PIVOT_FLOOR * square)), a < rank);
    for (var b = a + 1u + site.lane; b < D; b += WORKGROUP) {
      let other = factor + packedIndex(b, 0u);
      var dot = kept[matrix + packedIndex(b, a)];
      for (var c = 0u; c < a; c++) {
        dot -= kept[other + c] * kept[row + c];
      }
      kept[other + a] = select(0.0, dot / max(pivot, 1e-30), pivot > 0.0);
    }
    if (site.lane == 0u) {
      kept[row + a] = pivot;
    }
    meet();
  }
}
