// K = 1 without points: each invocation takes one lineage through the generations of the window,
// drawing mean and covariance from their laws. Twin: closedStep of src/model/lineage.ts.
import package::constants::{D, J, K, MODEL_WORDS, PHASED, TRI, WORKGROUP};
import package::phases::phaseRow;
import package::layout::{CellParams, ChunkRow, Dispatch};
import package::assemble::compose::composeModel;
import package::gmm::model::{emptyModel, Model, packModel, unpackModel};
import package::gmm::status::{STATUS_DEGENERATE, STATUS_NON_FINITE, STATUS_OVERFLOW};
import package::gmm::wishart::{standardFit, WishartPlace};

@group(0) @binding(0) var<uniform> dispatch: Dispatch;
@group(0) @binding(1) var<storage, read> chunkOf: array<u32>;
@group(0) @binding(2) var<storage, read> chunks: array<ChunkRow>;
@group(0) @binding(3) var<storage, read> cells: array<CellParams>;
@group(0) @binding(4) var<storage, read> truthModels: array<u32>;
@group(0) @binding(5) var<storage, read_write> ring: array<u32>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) position: u32,
) {
  let slot = (group.x + group.y * groups.x) * u32(WORKGROUP) + position;
  if (slot >= dispatch.sliceLineages) {
    return;
  }
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
  if (dispatch.firstSlot == 1u) {
    storeModel(0u, lineage, &parent);
  }
  if (dispatch.firstGeneration == 1u) {
    parent = truthModel(cell.truthModelOffset);
  }
  for (var g = 0u; g < dispatch.generationCount; g++) {
    let generation = dispatch.firstGeneration + g;
    if (PHASED == 1) {
      cell = cells[phaseRow(chunk.cell, generation)];
    }
    let place = WishartPlace(key, replicate, generation);
    parent = closedStep(cell, place, &parent);
    storeModel(dispatch.firstSlot + g, lineage, &parent);
  }
}

fn ringWord(slot: u32, word: u32, lineage: u32) -> u32 {
  return (slot * MODEL_WORDS + word) * dispatch.lineageCount + lineage;
}

fn loadModel(slot: u32, lineage: u32) -> Model {
  var packed = array<u32, MODEL_WORDS>();
  for (var w = 0u; w < MODEL_WORDS; w++) {
    packed[w] = ring[ringWord(slot, w, lineage)];
  }
  return unpackModel(&packed);
}

fn storeModel(slot: u32, lineage: u32, model: ptr<function, Model>) {
  var packed = packModel(model);
  for (var w = 0u; w < MODEL_WORDS; w++) {
    ring[ringWord(slot, w, lineage)] = packed[w];
  }
}

/// The truth's one Gaussian, which generation 1 is drawn from: a packed model of J = 1.
fn truthModel(offset: u32) -> Model {
  var packed = array<u32, MODEL_WORDS>();
  for (var w = 0u; w < MODEL_WORDS; w++) {
    packed[w] = truthModels[offset + w];
  }
  return unpackModel(&packed);
}

fn closedStep(cell: CellParams, place: WishartPlace, parent: ptr<function, Model>) -> Model {
  let fit = standardFit(place, cell.sampleSize);
  // The first sample is the truth's own.
  let spread = select(cell.spread, 1.0, place.generation == 1u);
  let root = spread / sqrt(f32(cell.sampleSize));
  var means = array<f32, K * D>();
  var factors = array<f32, K * TRI>();
  for (var a = 0u; a < D; a++) {
    means[a] = fit.mean[a] * root;
  }
  for (var e = 0u; e < TRI; e++) {
    factors[e] = fit.factor[e] * (root * sqrt(cell.bessel));
  }
  let short = select(0u, STATUS_DEGENERATE, cell.sampleSize <= D);
  return composeModel(parent, means, factors, (*parent).status | short);
}
