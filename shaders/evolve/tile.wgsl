// A lane's points of one tile of a training set: drawn, brought into the working frame, kept, and made
// those at hand again on every pass. Part of evolve: reads `rows`, `kept` and `truthModels`, which the
// kernel binds. Twins: src/model/assemble/draws.ts, src/model/lineage.ts.
import package::constants::{
  ASSEMBLED, BIASED, BLOCK_POINTS, D, HAS_REAL, J, K, KEPT_VALUES, LANE_BLOCKS, LANE_POINTS,
  PICK_WORDS, REAL_ROWS, RESIDENT, STORED, TEAM, TILES, WEIGHED, WEIGHT_COUNT,
};
import package::layout::CellParams;
import package::assemble::draws::{
  blockNormals, choiceWord, Cumulative, isReal, Mix, normalBlock, pickComponent, Place,
  pointNormals,
};
import package::assemble::sources::{sourcePoint, Sources};
import package::math::exponent::scaleBy;
import package::rng::normal::{unitUniform, wordBelow};
import package::set::{firstSources, setOf, SourceSet};

// A pick that is a row of the data set and no source.
const ROW_PICK: u32 = 255u;

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

/// Where one generation of one lineage stands, and what it follows.
struct Step {
  lane: u32,
  slot: u32,
  cell: CellParams,
  place: Place,
  mix: Mix,
}

/// What moves a row into the working frame.
struct Ground {
  anchorMean: array<f32, D>,
  extent: i32,
}

/// Number in the batch of the first point of block b of the lane's tile.
fn blockStart(step: Step, tile: u32, b: u32) -> u32 {
  return ((tile * LANE_BLOCKS + b) * TEAM + step.lane) * BLOCK_POINTS;
}

/// Number in the batch of point j of the lane's tile.
fn pointNumber(step: Step, tile: u32, j: u32) -> u32 {
  return blockStart(step, tile, j / BLOCK_POINTS) + j % BLOCK_POINTS;
}

/// 1 for a point of the batch, 0 for what fills the last tile up.
fn presence(step: Step, tile: u32, j: u32) -> f32 {
  return select(0.0, 1.0, pointNumber(step, tile, j) < step.cell.sampleSize);
}

/// Whether a tile has no points: training sets that grow begin with fewer tiles than they end with.
fn isPast(step: Step, tile: u32) -> bool {
  return ASSEMBLED == 1 && tile * (TEAM * LANE_POINTS) >= step.cell.sampleSize;
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
