// Fits and samples: a team of lanes takes one lineage through the generations of the window, each
// generation in passes over its points, pass by pass in tiles of LANE_POINTS points a lane. Where
// one tile holds all points it stays in registers; else points are kept in storage, or drawn again
// on every pass. Twin: src/model/lineage.ts.
import package::constants::{
  ANCESTRY, ASSEMBLED, D, DISTILLED, J, K, PHASED, PRIOR, RESPAWN, SHARPENED, SOURCES, STANDARDISED,
  TEAM, TRI, WEIGHED, WORKGROUP,
};
import package::phases::phaseRow;
import package::ring::{loadModel, storeModel};
import package::layout::{CellParams, ChunkRow, Dispatch};
import package::assemble::compose::composeModel;
import package::assemble::draws::{cumulate, Mix, Place, sharpenWeights};
import package::assemble::possible::trainingSize;
import package::assemble::sources::{
  anchorSource, drawnExtent, enterFrame, gatherSources, WorkingFrame,
};
import package::assemble::write::writeModel;
import package::evolve::centres::respawn;
import package::evolve::fit::{
  centre, Fit, fitPasses, fitStatus, livingComponents, loadState, markOf, passesOf, startFit,
  storeState, strength,
};
import package::evolve::tile::{Ground, repeats, Step};
import package::evolve::training_set::{
  copies, drawnSources, loadSources, placePoints, sourceComponents, sourceWeights, unitSource,
  weighPoints,
};
import package::gmm::em::Components;
import package::gmm::model::{emptyModel, Model};
import package::gmm::status::{STATUS_DEGENERATE, STATUS_NON_FINITE, STATUS_OVERFLOW};
import package::set::{firstSources, meets};
import package::team::enterTeam;

@group(0) @binding(0) var<uniform> dispatch: Dispatch;
@group(0) @binding(1) var<storage, read> chunkOf: array<u32>;
@group(0) @binding(2) var<storage, read> chunks: array<ChunkRow>;
@group(0) @binding(3) var<storage, read> cells: array<CellParams>;
@group(0) @binding(4) var<storage, read> truthModels: array<u32>;
@group(0) @binding(5) var<storage, read> rows: array<f32>;
@group(0) @binding(6) var<storage, read_write> ring: array<u32>;
// Training sets that are kept, [((slot * TILES + tile) * KEPT_VALUES + value) * TEAM + lane]: points,
// and where these weigh unlike their weights.
@group(0) @binding(7) var<storage, read_write> kept: array<f32>;
// Fits broken off between two passes, [slot * STATE_WORDS + word].
@group(0) @binding(8) var<storage, read_write> states: array<u32>;

const TEAMS: u32 = u32(WORKGROUP) / u32(TEAM);

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) position: u32,
) {
  enterTeam(position);
  let lane = position % TEAM;
  let team = (group.x + group.y * groups.x) * TEAMS + position / TEAM;
  // Nobody leaves early: teams without a lineage repeat the last one's work and write nothing.
  let slot = min(team, dispatch.sliceLineages - 1u);
  if (WEIGHED == 1) {
    repeats = team >= dispatch.sliceLineages;
  }
  let writes = team < dispatch.sliceLineages && lane == 0u;
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
  if (writes && dispatch.firstSlot == 1u && dispatch.firstPass == 0u) {
    storeModel(0u, lineage, &parent);
  }
  for (var g = 0u; g < dispatch.generationCount; g++) {
    // Handed down beside the step: what is the same for the whole workgroup has to be seen to be.
    let generation = dispatch.firstGeneration + g;
    if (PHASED == 1) {
      cell = cells[phaseRow(chunk.cell, generation)];
    }
    let mix = Mix(
      select(cell.quota, cell.sampleSize, generation == 1u),
      select(cell.share, 0.0, generation == 1u),
    );
    if (ASSEMBLED == 1) {
      let batch = f32(cell.sampleSize);
      cell.sampleSize = trainingSize(cell, generation);
      if (DISTILLED == 1) {
        // Points weigh as many together as there are: a prior's in proportion.
        cell.strength *= f32(cell.sampleSize) / batch;
      }
      let points = f32(cell.sampleSize);
      cell.bessel = select(points / (points - 1.0), 1.0, cell.bessel == 1.0);
    }
    let step = Step(lane, slot, cell, Place(key, replicate, generation, 0u), mix);
    var model = nextModel(step, generation, &parent, writes);
    if (writes && dispatch.endPass == 0u) {
      storeModel(dispatch.firstSlot + g, lineage, &model);
    }
    parent = model;
  }
}

/// Whether a generation is fitted on standard normals and multiplied on.
fn isStandardised(generation: u32) -> bool {
  return STANDARDISED == 1 && generation > 1u;
}

/// q_t from q_{t-1}; at generation 1 every point is real. Sources into one frame, points, fit, and
/// the frame kept. A dispatch that ends between two passes leaves its fit in `states`.
fn nextModel(
  step: Step, generation: u32, parent: ptr<function, Model>, writes: bool,
) -> Model {
  var weights = sourceWeights(step.cell.truthModelOffset, parent);
  var frame = WorkingFrame((*parent).origin, (*parent).originLow, (*parent).scale);
  var anchorMean = array<f32, D>();
  var extent = 0;
  var chosenBy = weights;
  if (SHARPENED == 1) {
    sharpenWeights(&chosenBy, step.cell.sharpening);
  }
  var cumulative = cumulate(&chosenBy);
  let drawn = drawnSources(step, &chosenBy, &cumulative);
  // Not before: what a point is drawn from is known by the weights, and registers are few.
  var sources = loadSources(step.cell.truthModelOffset, parent);
  if (isStandardised(generation)) {
    unitSource(&sources);
  } else {
    gatherSources(&sources, &frame, meets(drawn, firstSources(J)));
    let anchor = anchorSource(&sources, drawn);
    for (var s = 0u; s < SOURCES; s++) {
      for (var a = 0u; a < D; a++) {
        anchorMean[a] = select(anchorMean[a], sources.means[s * D + a], s == anchor);
      }
    }
    extent = drawnExtent(&sources, drawn, anchor);
    enterFrame(&sources, &frame, anchor, extent);
  }
  let ground = Ground(anchorMean, extent);
  let passes = passesOf(generation);
  if (PRIOR != 0) {
    centre = sourceComponents(&sources, &weights, PRIOR == 1);
    strength = select(step.cell.strength, 0.0, PRIOR == 1 && generation == 1u);
  }
  var components = Components();
  var fit = Fit();
  if (dispatch.firstPass == 0u) {
    fit.sd = placePoints(step, &sources, &cumulative, ground);
    if (WEIGHED == 1) {
      weighPoints(step, &sources, &weights, &cumulative, ground);
    }
    startFit(step, &sources, &weights, &components);
    if (RESPAWN == 1) {
      respawn(step, fit.sd, ground, &sources, &cumulative, &components);
    }
    fit.living = livingComponents(&components);
  } else {
    loadState(step.slot, &components, &fit);
  }
  let end = select(min(dispatch.endPass, passes.end), passes.end, dispatch.endPass == 0u);
  fitPasses(
    step, passes, dispatch.firstPass, end, frame.scale, ground, &sources, &cumulative, &components,
    &fit,
  );
  if (dispatch.endPass != 0u) {
    if (writes) {
      storeState(step.slot, &components, &fit);
    }
    // Nobody asks for it; the parent would take registers to here.
    return Model();
  }
  var status = (*parent).status | shortSample(step.cell) | fitStatus(&components, fit);
  if (ASSEMBLED == 1) {
    // What was raised while the points were made; the next generation's begin with none.
    status |= states[markOf(step.slot)];
    if (writes) {
      states[markOf(step.slot)] = 0u;
    }
  }
  if (isStandardised(generation)) {
    stretch(&components, step.cell.spread);
    var composed = composeModel(parent, components.means, components.factors, status);
    if (ANCESTRY == 1) {
      composed.ancestry = ancestryAfter(parent);
    }
    return composed;
  }
  var model = writeModel(&components, fit.sd, status);
  model.scale = frame.scale;
  model.origin = frame.origin;
  model.originLow = frame.originLow;
  if (ANCESTRY == 1) {
    model.ancestry = ancestryAfter(parent);
  }
  return model;
}

fn ancestryAfter(parent: ptr<function, Model>) -> f32 {
  return copies * select((*parent).ancestry + 1.0, 1.0, ASSEMBLED == 1);
}

/// A fit to standard normals becomes one to those of a wider or narrower sampler.
fn stretch(components: ptr<function, Components>, spread: f32) {
  for (var e = 0u; e < K * D; e++) {
    (*components).means[e] *= spread;
  }
  for (var e = 0u; e < K * TRI; e++) {
    (*components).factors[e] *= spread;
  }
}

/// n <= D points span no volume.
fn shortSample(cell: CellParams) -> u32 {
  if (PRIOR != 0) {
    if (strength > 0.0) {
      return 0u;
    }
  }
  return select(0u, STATUS_DEGENERATE, K == 1 && cell.floor == 0.0 && cell.sampleSize <= D);
}
