// All points of a training set: what they are drawn from, their way into the working frame, and what
// each weighs. Part of evolve: reads `kept` and `truthModels`, which the kernel binds. Twins:
// src/model/lineage.ts, src/model/gmm/weights.ts.
import package::constants::{
  ANCESTRY, ASSEMBLED, D, DISTILLED, J, K, KEPT_VALUES, LANE_POINTS, MASK_FROM, RESIDENT, SOURCES,
  STORED, TILES, TRI, WEIGHED,
};
import package::assemble::draws::Cumulative;
import package::assemble::possible::{coresetEntries, livingSources, possibleSources};
import package::assemble::sources::Sources;
import package::evolve::tile::{
  fetchTile, Ground, isPast, keepWeight, keptIndex, loadTile, picks, placeTile, points,
  pointWeights, presence, ROW_PICK, Step, surveyTile,
};
import package::gmm::class_scales::classScales;
import package::gmm::em::{Components, prepare};
import package::gmm::model::Model;
import package::gmm::weights::{DENSITY_WIDTH, tailLog};
import package::math::triangular::packedIndex;
import package::set::{isSame, ofWords, SourceSet, wordsOf};
import package::team::{anyTeam, teamMost, teamOr, teamSum};

// Under every logarithm of a weight.
const LEAST_LOG: f32 = -3e38;

// Copies since a human, the mean of the training set: of an assembled one as its points brought it,
// else the share of synthetic points, each one copy further than the parent.
var<private> copies: f32 = 0.0;

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
