// A fit, pass by pass over the points: k-means, then EM, or the two passes of K = 1. Between two passes
// it can be put down. Part of evolve: reads `dispatch` and writes `states`, which the kernel binds.
// Twins: src/model/lineage.ts, src/model/gmm/em.ts.
import package::constants::{
  ANCESTRY, BY_PART, COVARIANCE, D, INIT, J, K, KMEANS, LANE_POINTS, MASK_FROM, PRIOR, SOURCES,
  STATE_WORDS, TILES, TOLERANCE, TRI, WEIGHED,
};
import package::layout::CellParams;
import package::assemble::draws::Cumulative;
import package::assemble::sources::Sources;
import package::assemble::write::DEGENERATE_WIDTH;
import package::evolve::centres::{labelOf, lloydPass, racePass};
import package::evolve::tile::{fetchTile, Ground, isPast, points, pointWeights, presence, Step};
import package::evolve::training_set::{copies, LEAST_LOG, sourceComponents};
import package::gmm::em::{
  accumulate, addToPart, Components, fold, joinPart, logLikelihood, maximise, MaximiseRules,
  partNearness, partOf, PartSums, partTerm, Precision, prepare, responsibilities, Sums,
};
import package::gmm::kmeans::LLOYD_LIMIT;
import package::gmm::prior::addPrior;
import package::gmm::status::{STATUS_COMPONENT_LOST, STATUS_UNCONVERGED};
import package::math::exponent::scaleBy;
import package::math::ln::{ln, LOG2_E};
import package::team::{anyTeam, teamSum};

// 1 / FRAME_LIMIT: the least width at which squares of frame-limited offsets stay finite.
const LEAST_WIDTH: f32 = 0x1p-59f;

// What a prior holds the fit to, in the working frame, and the points it stands for.
var<private> centre: Components = Components();
var<private> strength: f32 = 0.0;

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

/// What the fit has to say of itself.
fn fitStatus(components: ptr<function, Components>, fit: Fit) -> u32 {
  if (K == 1) {
    return 0u;
  }
  let lost = (fit.living & ~livingComponents(components)) != 0u;
  return select(0u, STATUS_COMPONENT_LOST, lost)
    | select(0u, STATUS_UNCONVERGED, TOLERANCE == 1 && !fit.converged);
}

const STATE_COMPONENTS: u32 = 4u;
const STATE_COPIES: u32 = STATE_COMPONENTS + K * (1u + D + TRI);

/// Of an assembled training set: the last word of the slot's state.
fn markOf(slot: u32) -> u32 {
  return slot * STATE_WORDS + STATE_WORDS - 1u;
}

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
