// Points of a batch that are looked at before they are let in, or that come from more than truth
// and parent. A candidate is a pure function of (lineage, generation, point, attempt); what it is
// drawn from is at hand, in the frame of the generation that trains on it.
// Twin: src/model/assemble/batch.ts.
import package::constants::{D, J, SOURCES, TRI};
import package::layout::CellParams;
import package::assemble::draws::{Cumulative, Mix, Place, placeWords};
import package::assemble::sources::{Sources, WorkingFrame};
import package::gmm::model::Model;
import package::math::exponent::{scaleBy, ZERO_EXPONENT};
import package::math::triangular::packedIndex;
import package::rng::coordinates::STREAM_POISON;
import package::rng::normal::{normalPair, unitUniform};
import package::statistics::density::{addLog, Gaussian, logTerm, prepareGaussian, SILENT};
import package::math::ln::ln;

// Candidates of one point, at most; the last one is taken then, and the status says so.
const MAX_ATTEMPTS: u32 = 255u;

/// What candidates are judged by: truth and last model in the working frame, and what they ask for.
struct Screen {
  judges: array<Gaussian, SOURCES>,
  // ln density of the last model at its densest mean.
  peak: f32,
  // ln density of the truth that the verifier asks for.
  threshold: f32,
}

/// What the points of one batch are made from. The sources are the truth's, and those of one model.
struct Batch {
  cell: CellParams,
  place: Place,
  mix: Mix,
  cumulative: Cumulative,
  // Generation whose model is among the sources; 0 for none.
  held: u32,
}

/// Components of a model as sources of a frame, its weights beside the truth's.
fn enterModel(
  model: ptr<function, Model>, frame: WorkingFrame, sources: ptr<function, Sources>,
  weights: ptr<function, array<f32, SOURCES>>,
) {
  var low = frame.originLow;
  var origin = frame.origin;
  let scale = (*model).scale - frame.scale;
  for (var s = u32(J); s < SOURCES; s++) {
    let k = s - u32(J);
    (*weights)[s] = (*model).weights[k];
    for (var a = 0u; a < D; a++) {
      let shift = ((*model).origin[a] - origin[a]) + ((*model).originLow[a] - low[a]);
      (*sources).means[s * D + a] =
        scaleBy(shift, -frame.scale) + scaleBy((*model).means[k * D + a], scale);
    }
    for (var e = 0u; e < TRI; e++) {
      (*sources).factors[s * TRI + e] =
        scaleBy((*model).factors[k * TRI + e], (*model).exponents[k] + scale);
    }
  }
}

/// Judges from the sources at hand.
fn screenOf(
  sources: ptr<function, Sources>, weights: ptr<function, array<f32, SOURCES>>,
) -> Screen {
  var screen = Screen(array<Gaussian, SOURCES>(), SILENT, SILENT);
  for (var s = 0u; s < SOURCES; s++) {
    var mean = array<f32, D>();
    var factor = array<f32, TRI>();
    for (var a = 0u; a < D; a++) {
      mean[a] = (*sources).means[s * D + a];
    }
    for (var e = 0u; e < TRI; e++) {
      factor[e] = (*sources).factors[s * TRI + e];
    }
    screen.judges[s] = prepareGaussian((*weights)[s], mean, factor, 0);
  }
  for (var s = u32(J); s < SOURCES; s++) {
    if (screen.judges[s].constant != SILENT) {
      screen.peak = max(screen.peak, modelDensity(&screen, screen.judges[s].mean));
    }
  }
  return screen;
}

/// ln density of the judges from `first` up to `end`.
fn judgesDensity(screen: ptr<function, Screen>, first: u32, end: u32, y: array<f32, D>) -> f32 {
  var state = vec2<f32>(2.0 * SILENT, 0.0);
  for (var s = first; s < end; s++) {
    if ((*screen).judges[s].constant != SILENT) {
      state = addLog(state, logTerm((*screen).judges[s], y));
    }
  }
  return select(SILENT, state.x + ln(max(state.y, 1.0)), state.y > 0.0);
}

/// ln p0 at a point of the frame, in units of the frame.
fn truthDensity(screen: ptr<function, Screen>, y: array<f32, D>) -> f32 {
  return judgesDensity(screen, 0u, u32(J), y);
}

/// ln density of the last model.
fn modelDensity(screen: ptr<function, Screen>, y: array<f32, D>) -> f32 {
  return judgesDensity(screen, u32(J), u32(SOURCES), y);
}

/// The truth's posterior probability that a point is of one of the components in a mask.
fn shareOf(screen: ptr<function, Screen>, mask: u32, y: array<f32, D>, density: f32) -> f32 {
  var share = 0.0;
  for (var j = 0u; j < J; j++) {
    if ((mask & (1u << j)) != 0u) {
      share += exp(min(logTerm((*screen).judges[j], y) - density, 0.0));
    }
  }
  return share;
}

/// Standard normals of a block that has nothing but normals.
fn plainNormals(block: vec4<u32>) -> array<f32, D> {
  let first = normalPair(block.x, block.y);
  let second = normalPair(block.z, block.w);
  let normals = vec4<f32>(first, second);
  var z = array<f32, D>();
  for (var a = 0u; a < D; a++) {
    z[a] = normals[a];
  }
  return z;
}

/// A point in truth units, in the frame.
fn intoFrame(point: array<f32, D>, frame: WorkingFrame) -> array<f32, D> {
  var x = point;
  var origin = frame.origin;
  var low = frame.originLow;
  var y = array<f32, D>();
  for (var a = 0u; a < D; a++) {
    y[a] = scaleBy((x[a] - origin[a]) - low[a], -frame.scale);
  }
  return y;
}

fn isPoisoned(place: Place, share: f32, i: u32) -> bool {
  return unitUniform(placeWords(place, i, STREAM_POISON, 0u).x) < share;
}

/// An adversary's point, in the frame.
fn poisonPoint(place: Place, cell: CellParams, i: u32, frame: WorkingFrame) -> array<f32, D> {
  var z = plainNormals(placeWords(place, i, STREAM_POISON, 1u));
  let centre = vec4<f32>(cell.poisonMean0, cell.poisonMean1, cell.poisonMean2, cell.poisonMean3);
  for (var a = 0u; a < D; a++) {
    z[a] = centre[a] + cell.poisonScale * z[a];
  }
  return intoFrame(z, frame);
}
