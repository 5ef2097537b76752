// How many points of a batch are an adversary's, real, of each mode and of each model, where chance
// says so: binomial numbers by order statistics. The method and the table of words are in the twin,
// src/model/assemble/counts.ts.
import package::gmm::wishart::{chiSquared, wishartBlock, WishartPlace};
import package::layout::CellParams;
import package::rng::normal::unitUniform;

// Groups of words: of points, and of how many there are.
const GROUP_POISON: u32 = 2u;
// Poisoned ones among the real, poisoned ones of the rest, and real ones of what is left then.
const GROUP_POISONED_REAL: u32 = 3u;
const GROUP_REAL_MODES: u32 = 6u;
const GROUP_REST_PARTS: u32 = 7u;

// So many trials are made one by one, from this block of words on.
const FEW_TRIALS: u32 = 16u;
const TRIAL_BLOCK: u32 = 0x10000u;

/// Group number of part s of a group: a mode of the truth, or a model of the past.
fn partOfGroup(group: u32, part: u32) -> u32 {
  return group + 4096u * part;
}

/// Successes of `trials` trials, each with probability `chance`.
fn binomial(place: WishartPlace, trials: u32, chance: f32) -> u32 {
  var left = trials;
  var p = chance;
  var successes = 0u;
  var step = 0u;
  while ((left > FEW_TRIALS) & (p > 0.0) & (p < 1.0)) {
    let rank = min(left, max(1u, u32(f32(left + 1u) * p)));
    // Twice round, and not twice written: this is most of the kernel's text.
    var below = 0.0;
    var above = 0.0;
    var side = 0u;
    while (side < 2u) {
      let axis = 2u * step + side;
      let degrees = 2u * select(rank, left + 1u - rank, side == 1u);
      below = above;
      above = chiSquared(place, axis, degrees, wishartBlock(place, axis, 0u));
      side += 1u;
    }
    let split = below / (below + above);
    if (split <= p) {
      successes += rank;
      left -= rank;
      p = (p - split) / (1.0 - split);
    } else {
      left = rank - 1u;
      p /= split;
    }
    step += 1u;
  }
  if (p >= 1.0) {
    return successes + left;
  }
  if (p > 0.0) {
    successes += fewSuccesses(place, left, p);
  }
  return successes;
}

fn fewSuccesses(place: WishartPlace, trials: u32, chance: f32) -> u32 {
  var successes = 0u;
  for (var first = 0u; first < trials; first += 4u) {
    let block = wishartBlock(place, TRIAL_BLOCK + first / 4u, 0u);
    for (var i = 0u; i < 4u; i++) {
      let success = (first + i < trials) & (unitUniform(block[i]) < chance);
      successes += select(0u, 1u, success);
    }
  }
  return successes;
}

/// Points of a batch by kind.
struct BatchCounts {
  poison: u32,
  real: u32,
  // Of models; at the first generation, of the truth.
  rest: u32,
}

/// Of a batch: an adversary's points take the place of real ones by quota as well as of others, and
/// the others are real with a probability. All are real in the first generation, where only what is
/// ever taken of an archive, so many points, is apart.
fn batchCounts(place: WishartPlace, cell: CellParams, archive: u32) -> BatchCounts {
  if (place.generation == 1u) {
    return BatchCounts(0u, archive, cell.sampleSize - archive);
  }
  var found = vec3<u32>();
  var draw = 0u;
  while (draw < 3u) {
    var trials = cell.quota;
    var chance = cell.poison;
    if (draw > 0u) {
      trials = cell.sampleSize - cell.quota - found.y;
      chance = select(cell.poison, cell.share, draw == 2u);
    }
    let number = binomial(inGroup(place, GROUP_POISONED_REAL + draw), trials, chance);
    found = select(found, vec3<u32>(number), vec3<u32>(0u, 1u, 2u) == vec3<u32>(draw));
    draw += 1u;
  }
  let real = cell.quota - found.x + found.z;
  let poison = found.x + found.y;
  return BatchCounts(poison, real, cell.sampleSize - poison - real);
}

fn inGroup(place: WishartPlace, group: u32) -> WishartPlace {
  return WishartPlace(place.key, place.lineage, place.generation, group);
}

/// How many of `points` are of part `part` of a group, of so many that are of it or of later parts.
fn partCount(place: WishartPlace, group: u32, part: u32, points: u32, chance: f32) -> u32 {
  return binomial(inGroup(place, partOfGroup(group, part)), points, chance);
}
