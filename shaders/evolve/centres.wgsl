// Centres before EM: k-means++ by a race, Lloyd's passes and labels, and dead components that come
// back on a point. Part of evolve. Twins: src/model/gmm/kmeans.ts, src/model/lineage.ts.
import package::constants::{BLOCK_POINTS, D, INIT, K, LANE_POINTS, TEAM, TILES, TRI};
import package::assemble::draws::Cumulative;
import package::assemble::sources::Sources;
import package::evolve::tile::{fetchTile, Ground, isPast, pointNumber, points, presence, Step};
import package::gmm::em::{Components, Sums};
import package::gmm::kmeans::{nearestCentre, NEVER, raceTime, SETTLED, squaredDistance};
import package::math::triangular::packedIndex;
import package::rng::coordinates::{STREAM_KMEANS, STREAM_RESPAWN, words};
import package::rng::normal::{exponential, wordBelow};
import package::team::{teamFirst, teamSum};

// The width of a K-th of a volume.
const RESPAWN_WIDTH: f32 = pow(f32(K), -1.0 / f32(D));

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
