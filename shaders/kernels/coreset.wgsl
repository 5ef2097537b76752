// Distils the archive of each lineage, all points of its first generation, to a few weighted ones,
// which go after the models of its past: coordinates in truth units, and how many points each stands
// for. A workgroup has one lineage, and takes it from pass to pass; a dispatch has some of these.
// Until the first training sets are made their place in `kept` is free: the archive is there.
// Twin: src/model/assemble/coreset.ts.
import package::constants::{
  CORESET, D, HISTORY, HISTORY_WORDS, J, KEPT_VALUES, REAL_ROWS, SOURCES, TEAM, TILES, TRI,
};
import package::layout::{CellParams, ChunkRow, Dispatch};
import package::assemble::coreset::{binStart, raceWord};
import package::assemble::draws::{
  blockNormals, choiceWord, cumulate, Cumulative, normalBlock, pickComponent, Place, pointNormals,
};
import package::assemble::permutation::{permutationOf, permute};
import package::assemble::sources::{sourcePoint, Sources};
import package::gmm::kmeans::{LLOYD_LIMIT, NEVER, raceTime, SETTLED};
import package::math::exponent::scaleBy;
import package::rng::normal::{exponential, unitUniform, wordBelow};

@group(0) @binding(0) var<uniform> dispatch: Dispatch;
@group(0) @binding(1) var<storage, read> chunkOf: array<u32>;
@group(0) @binding(2) var<storage, read> chunks: array<ChunkRow>;
@group(0) @binding(3) var<storage, read> cells: array<CellParams>;
@group(0) @binding(4) var<storage, read> truthModels: array<u32>;
@group(0) @binding(5) var<storage, read> rows: array<f32>;
@group(0) @binding(6) var<storage, read_write> history: array<u32>;
// Of each slot [value * n + point]: D coordinates, and what is known of a point meanwhile.
@group(0) @binding(7) var<storage, read_write> kept: array<f32>;

const LANES: u32 = 64u;
// Fills up to a power of two; no coordinate is above it.
const FILLER: f32 = 0x1.fffffep127f;

var<workgroup> times: array<f32, LANES>;
var<workgroup> winners: array<u32, LANES>;
var<workgroup> moves: array<u32, LANES>;
var<workgroup> restless: u32;

/// A lineage, and where its archive is.
struct Job {
  lane: u32,
  lineage: u32,
  // Number within its cell.
  replicate: u32,
  key: vec4<u32>,
  cell: CellParams,
  // Points of the archive and of the coreset.
  count: u32,
  size: u32,
  // Of the archive in `kept`.
  first: u32,
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let slot = group.x + group.y * groups.x;
  if (slot >= dispatch.sliceLineages) {
    return;
  }
  let lineage = dispatch.firstLineage + slot;
  let chunk = chunks[chunkOf[lineage]];
  let cell = cells[chunk.cell];
  var job = Job(
    lane, lineage, chunk.firstReplicate + (lineage - chunk.firstLineage),
    vec4<u32>(cell.keyLow, cell.keyHigh, cell.keyCell, cell.keyVersion), cell, cell.sampleSize,
    cell.coresetSize, slot * TILES * KEPT_VALUES * TEAM,
  );
  if (CORESET == 1) {
    takeSome(&job);
  }
  if (CORESET == 2) {
    cluster(&job, cell.coresetSize);
  }
  if (CORESET == 3) {
    cutIntoBins(&job, cell.sampleSize);
  }
}

/// Where coordinate a, or at a = D the count, of point j of a coreset is.
fn coresetWord(job: ptr<function, Job>, j: u32, a: u32) -> u32 {
  let value = HISTORY * HISTORY_WORDS + j * (D + 1u) + a;
  return value * dispatch.lineageCount + (*job).lineage;
}

/// Where a value of archive point i is.
fn archiveWord(job: ptr<function, Job>, i: u32, value: u32) -> u32 {
  return (*job).first + value * (*job).count + i;
}

/// What real points are drawn from, in truth units.
struct Urn {
  sources: Sources,
  cumulative: Cumulative,
}

fn loadUrn(offset: u32) -> Urn {
  var urn = Urn(Sources(), Cumulative(array<f32, SOURCES>(), 0u, J));
  var weights = array<f32, SOURCES>();
  // A truth is packed as a model of J components: header, weights, means, factors, exponents.
  let first = offset + 2u + 2u * D;
  for (var j = 0u; j < J; j++) {
    weights[j] = bitcast<f32>(truthModels[first + j]);
  }
  for (var e = 0u; e < J * D; e++) {
    urn.sources.means[e] = bitcast<f32>(truthModels[first + J + e]);
  }
  for (var j = 0u; j < J; j++) {
    let exponent = bitcast<i32>(truthModels[first + J * (1u + D + TRI) + j]);
    for (var e = 0u; e < TRI; e++) {
      let entry = bitcast<f32>(truthModels[first + J + J * D + j * TRI + e]);
      urn.sources.factors[j * TRI + e] = scaleBy(entry, exponent);
    }
  }
  urn.cumulative = cumulate(&weights);
  return urn;
}

/// Point i of the first generation, in truth units.
fn archivePoint(job: ptr<function, Job>, urn: ptr<function, Urn>, i: u32) -> array<f32, D> {
  let place = Place((*job).key, (*job).replicate, 1u, 0u);
  let block = normalBlock(place, i);
  let word = choiceWord(place, i, block);
  if (REAL_ROWS == 1) {
    let row = wordBelow(word, (*job).cell.rowCount);
    var x = array<f32, D>();
    for (var a = 0u; a < D; a++) {
      x[a] = rows[(*job).cell.rowOffset + row * D + a];
    }
    return x;
  }
  var sources = (*urn).sources;
  var cumulative = (*urn).cumulative;
  let source = pickComponent(&cumulative, 0u, cumulative.lastReal, unitUniform(word));
  return sourcePoint(&sources, source, pointNormals(i, blockNormals(block)));
}

/// All points into `kept`.
fn drawArchive(job: ptr<function, Job>) {
  var urn = loadUrn((*job).cell.truthModelOffset);
  for (var i = (*job).lane; i < (*job).count; i += LANES) {
    var x = archivePoint(job, &urn, i);
    for (var a = 0u; a < D; a++) {
      kept[archiveWord(job, i, a)] = x[a];
    }
  }
}

fn loadPoint(job: ptr<function, Job>, i: u32) -> array<f32, D> {
  var x = array<f32, D>();
  for (var a = 0u; a < D; a++) {
    x[a] = kept[archiveWord(job, i, a)];
  }
  return x;
}

/// Uniform: as many points as there are to be, without replacement.
fn takeSome(job: ptr<function, Job>) {
  var urn = loadUrn((*job).cell.truthModelOffset);
  let permutation = permutationOf((*job).key, (*job).replicate, 1u, (*job).count);
  let share = f32((*job).count) / f32((*job).size);
  for (var j = (*job).lane; j < (*job).size; j += LANES) {
    var x = archivePoint(job, &urn, permute(permutation, j));
    for (var a = 0u; a < D; a++) {
      history[coresetWord(job, j, a)] = bitcast<u32>(x[a]);
    }
    history[coresetWord(job, j, D)] = bitcast<u32>(share);
  }
}

/// kmeans: the archive, a pass for each centre, Lloyd's, and what each centre stands for. The size is
/// handed down beside the job: what is the same for the whole workgroup has to be seen to be.
fn cluster(job: ptr<function, Job>, size: u32) {
  let last = size + LLOYD_LIMIT + 1u;
  let end = select(dispatch.endPass, last + 1u, dispatch.endPass == 0u);
  for (var number = dispatch.firstPass; number < end; number++) {
    if (number == 0u) {
      drawArchive(job);
    } else if (number <= size) {
      seed(job, number - 1u);
    } else {
      labelPoints(job);
      storageBarrier();
      moveCentres(job, number == last);
      workgroupBarrier();
      if (workgroupUniformLoad(&restless) == 0u) {
        // What has settled stays so, however often it is asked.
        number = max(number, last - 1u);
      }
    }
    storageBarrier();
  }
}

/// The point of least E / D^2 becomes centre k.
fn seed(job: ptr<function, Job>, k: u32) {
  let lane = (*job).lane;
  var winner = 0u;
  var least = NEVER;
  for (var i = lane; i < (*job).count; i += LANES) {
    var square = 1.0;
    if (k > 0u) {
      square = squareTo(job, k - 1u, loadPoint(job, i));
      if (k > 1u) {
        square = min(square, kept[archiveWord(job, i, D)]);
      }
      kept[archiveWord(job, i, D)] = square;
    }
    let time = raceTime(exponential(raceWord((*job).key, i, (*job).replicate, k)), square);
    winner = select(winner, i, time < least);
    least = min(least, time);
  }
  times[lane] = least;
  winners[lane] = winner;
  workgroupBarrier();
  if (lane == 0u) {
    for (var other = 1u; other < LANES; other++) {
      let time = times[other];
      let wins = (time < least) | ((time == least) & (winners[other] < winner));
      winner = select(winner, winners[other], wins);
      least = min(least, time);
    }
    for (var a = 0u; a < D; a++) {
      history[coresetWord(job, k, a)] = bitcast<u32>(kept[archiveWord(job, winner, a)]);
    }
  }
  workgroupBarrier();
}

/// Squared distance of a point from centre k.
fn squareTo(job: ptr<function, Job>, k: u32, point: array<f32, D>) -> f32 {
  var x = point;
  var square = 0.0;
  for (var a = 0u; a < D; a++) {
    let delta = x[a] - bitcast<f32>(history[coresetWord(job, k, a)]);
    square += delta * delta;
  }
  return square;
}

/// Notes the nearest centre of each point, first of equals.
fn labelPoints(job: ptr<function, Job>) {
  for (var i = (*job).lane; i < (*job).count; i += LANES) {
    let x = loadPoint(job, i);
    var nearest = 0u;
    var least = squareTo(job, 0u, x);
    for (var k = 1u; k < (*job).size; k++) {
      let square = squareTo(job, k, x);
      nearest = select(nearest, k, square < least);
      least = min(least, square);
    }
    kept[archiveWord(job, i, D)] = f32(nearest);
  }
}

/// Moves each centre to the mean of its points; an empty one stays. Says in `restless` whether any
/// moved; the last time all go where their points are, and it is noted how many these are.
fn moveCentres(job: ptr<function, Job>, last: bool) {
  let lane = (*job).lane;
  moves[lane] = 0u;
  for (var k = lane; k < (*job).size; k += LANES) {
    var centre = array<f32, D>();
    for (var a = 0u; a < D; a++) {
      centre[a] = bitcast<f32>(history[coresetWord(job, k, a)]);
    }
    var sums = array<f32, D>();
    var members = 0.0;
    for (var i = 0u; i < (*job).count; i++) {
      let own = kept[archiveWord(job, i, D)] == f32(k);
      members += select(0.0, 1.0, own);
      for (var a = 0u; a < D; a++) {
        sums[a] += select(0.0, kept[archiveWord(job, i, a)] - centre[a], own);
      }
    }
    for (var a = 0u; a < D; a++) {
      let shift = sums[a] / max(members, 1.0);
      let goes = last | (abs(shift) > SETTLED);
      moves[lane] |= select(0u, 1u, goes);
      history[coresetWord(job, k, a)] = bitcast<u32>(centre[a] + select(0.0, shift, goes));
    }
    history[coresetWord(job, k, D)] = bitcast<u32>(members);
  }
  workgroupBarrier();
  if (lane == 0u) {
    restless = 0u;
    for (var other = 0u; other < LANES; other++) {
      restless |= moves[other];
    }
  }
}

/// quantile: the archive, a pass for each size of Batcher's bitonic network, and the bins' means.
fn cutIntoBins(job: ptr<function, Job>, count: u32) {
  let sorts = 32u - countLeadingZeros(max(count, 2u) - 1u);
  let last = select(sorts + 1u, 1u, count == 1u);
  let end = select(dispatch.endPass, last + 1u, dispatch.endPass == 0u);
  for (var number = dispatch.firstPass; number < end; number++) {
    if (number == 0u) {
      drawArchive(job);
      for (var i = count + (*job).lane; i < (1u << sorts); i += LANES) {
        kept[(*job).first + i] = FILLER;
      }
    } else if (number < last) {
      for (var stride = 1u << (number - 1u); stride > 0u; stride = stride / 2u) {
        exchange(job, 1u << sorts, 1u << number, stride);
        storageBarrier();
      }
    } else {
      binMeans(job);
    }
    storageBarrier();
  }
}

/// One stage of the network: pairs at `stride` within runs of `size`, alternately up and down.
fn exchange(job: ptr<function, Job>, length: u32, size: u32, stride: u32) {
  for (var pair = (*job).lane; pair < length / 2u; pair += LANES) {
    let i = 2u * pair - (pair & (stride - 1u));
    let a = kept[(*job).first + i];
    let b = kept[(*job).first + i + stride];
    if ((a > b) == ((i & size) == 0u)) {
      kept[(*job).first + i] = b;
      kept[(*job).first + i + stride] = a;
    }
  }
}

fn binMeans(job: ptr<function, Job>) {
  for (var b = (*job).lane; b < (*job).size; b += LANES) {
    let start = binStart(b, (*job).count, (*job).size);
    let end = binStart(b + 1u, (*job).count, (*job).size);
    let least = kept[(*job).first + start];
    var sum = 0.0;
    for (var i = start; i < end; i++) {
      sum += kept[(*job).first + i] - least;
    }
    let points = f32(end - start);
    history[coresetWord(job, b, 0u)] = bitcast<u32>(least + sum / points);
    history[coresetWord(job, b, D)] = bitcast<u32>(points);
  }
}
