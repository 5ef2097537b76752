// What a training set may hold, which its frame has to follow. Twins: src/model/assemble/possible.ts,
// src/model/assemble/source-set.ts, src/model/rules.ts.
import package::constants::{DISTILLED, J, K, NOISY, POISONED, PROTECTS, RETENTION, SOURCES};
import package::layout::CellParams;
import package::set::{setOf, SourceSet};

/// Sources of weight above 0 among `count` from `first`.
fn livingSources(
  weights: ptr<function, array<f32, SOURCES>>, first: u32, count: u32,
) -> SourceSet {
  var living = SourceSet();
  for (var s = 0u; s < SOURCES; s++) {
    let asked = (s >= first) & (s < first + count);
    living |= select(SourceSet(), setOf(s), asked & ((*weights)[s] > 0.0));
  }
  return living;
}

/// Sources that points of an assembled training set may come from.
fn possibleSources(
  cell: CellParams, generation: u32, weights: ptr<function, array<f32, SOURCES>>,
) -> SourceSet {
  let mixed = (generation == 1u) | (cell.quota > 0u) | (cell.share > 0.0);
  let real = mixed | (RETENTION + POISONED + NOISY + PROTECTS > 0);
  let truth = select(SourceSet(), livingSources(weights, 0u, J), real);
  return truth | livingSources(weights, J, K);
}

/// Points of the batches of a phase up to a generation's.
fn poolCount(cell: CellParams, generation: u32) -> u32 {
  return (generation - cell.firstGeneration + 1u) * cell.sampleSize;
}

/// Points of the training set of a generation.
fn trainingSize(cell: CellParams, generation: u32) -> u32 {
  if (RETENTION == 1) {
    return cell.poolBefore + poolCount(cell, generation);
  }
  if (DISTILLED == 1) {
    let entries = coresetEntries(cell, generation);
    return cell.sampleSize + entries - select(0u, cell.quota, entries > 0u);
  }
  return cell.sampleSize;
}

/// Points of a generation's training set that are a coreset's.
fn coresetEntries(cell: CellParams, generation: u32) -> u32 {
  return select(0u, cell.coresetSize, (generation > 1u) & (cell.quota > 0u));
}

/// Copies since a human of a training set in groups: a pool that its model stands for, and a batch
/// whose real points have none.
fn groupAncestry(cell: CellParams, generation: u32, ancestry: f32) -> f32 {
  let points = trainingSize(cell, generation);
  let copied = f32(cell.sampleSize - min(cell.quota, cell.sampleSize)) / f32(points);
  let pool = f32(points - cell.sampleSize) / f32(points);
  return select(pool * ancestry + copied * (ancestry + 1.0), 0.0, generation == 1u);
}

/// n/(n-1) for an unbiased fit, else 1; 0 for one point.
fn besselOf(cell: CellParams, points: u32) -> f32 {
  let unbiased = select(0.0, f32(points) / f32(max(points, 2u) - 1u), points > 1u);
  return select(unbiased, 1.0, cell.bessel == 1.0);
}
