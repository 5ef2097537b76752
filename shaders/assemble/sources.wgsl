// The Gaussians a generation may draw from, truth's first, and the frame it runs in: the widest
// among the sources drawn, origin at the mean of the narrowest. Twin: src/model/assemble/sources.ts.
import package::constants::{D, J, SOURCES, TRI};
import package::math::exponent::{exponentOf, scaleBy, ZERO_EXPONENT};
import package::math::triangular::packedIndex;
import package::set::{holds, SourceSet};

struct Sources {
  means: array<f32, SOURCES * D>,
  factors: array<f32, SOURCES * TRI>,
  exponents: array<i32, SOURCES>,
}

struct WorkingFrame {
  origin: array<f32, D>,
  originLow: array<f32, D>,
  scale: i32,
}

/// Brings sources, given each in its own frame, into one: the truth's (origin 0, scale 0) where real
/// points were drawn, else the parent's. `frame` holds the parent's on entry, the common one after.
fn gatherSources(
  sources: ptr<function, Sources>, frame: ptr<function, WorkingFrame>, inTruthFrame: bool,
) {
  let scale = (*frame).scale;
  for (var s = 0u; s < SOURCES; s++) {
    let real = s < J;
    if (real == inTruthFrame) {
      continue;
    }
    for (var a = 0u; a < D; a++) {
      let origin = (*frame).origin[a] + (*frame).originLow[a];
      let mean = (*sources).means[s * D + a];
      (*sources).means[s * D + a] =
        select(origin + scaleBy(mean, scale), scaleBy(mean - origin, -scale), real);
    }
    (*sources).exponents[s] += select(scale, -scale, real);
  }
  if (inTruthFrame) {
    for (var a = 0u; a < D; a++) {
      (*frame).origin[a] = 0.0;
      (*frame).originLow[a] = 0.0;
    }
    (*frame).scale = 0;
  }
}

/// The narrowest source drawn, first of equals.
fn anchorSource(sources: ptr<function, Sources>, drawn: SourceSet) -> u32 {
  var anchor = 0u;
  var least = 0x7fffffff;
  for (var s = 0u; s < SOURCES; s++) {
    if (holds(drawn, s) && (*sources).exponents[s] < least) {
      anchor = s;
      least = (*sources).exponents[s];
    }
  }
  return anchor;
}

/// log2 of the extent the drawn sources cover about the anchor; 0 where it is nothing.
fn drawnExtent(sources: ptr<function, Sources>, drawn: SourceSet, anchor: u32) -> i32 {
  var extent = ZERO_EXPONENT;
  for (var s = 0u; s < SOURCES; s++) {
    if (!holds(drawn, s)) {
      continue;
    }
    extent = max(extent, (*sources).exponents[s]);
    for (var a = 0u; a < D; a++) {
      let apart = (*sources).means[s * D + a] - (*sources).means[anchor * D + a];
      extent = max(extent, exponentOf(apart));
    }
  }
  return select(extent, 0, extent <= ZERO_EXPONENT / 2);
}

/// Moves all sources and the frame to (anchor's mean, unit 2^extent).
fn enterFrame(
  sources: ptr<function, Sources>, frame: ptr<function, WorkingFrame>, anchor: u32, extent: i32,
) {
  for (var a = 0u; a < D; a++) {
    let origin = (*sources).means[anchor * D + a];
    moveOrigin(frame, a, origin);
    for (var s = 0u; s < SOURCES; s++) {
      (*sources).means[s * D + a] = scaleBy((*sources).means[s * D + a] - origin, -extent);
    }
  }
  for (var s = 0u; s < SOURCES; s++) {
    for (var e = 0u; e < TRI; e++) {
      (*sources).factors[s * TRI + e] =
        scaleBy((*sources).factors[s * TRI + e], (*sources).exponents[s] - extent);
    }
    (*sources).exponents[s] = 0;
  }
  (*frame).scale += extent;
}

/// origin += 2^scale offset along axis a, in two floats (Knuth's two-sum). A compiler that
/// reassociates loses only the low float: the origin is then right to 2^-24 of the mean's shift.
fn moveOrigin(frame: ptr<function, WorkingFrame>, a: u32, offset: f32) {
  let high = (*frame).origin[a];
  let step = scaleBy(offset, (*frame).scale) + (*frame).originLow[a];
  let sum = high + step;
  let part = sum - high;
  (*frame).origin[a] = sum;
  (*frame).originLow[a] = (high - (sum - part)) + (step - part);
}

/// Point of source s for standard normals z, in the working frame. The source is chosen entry by
/// entry: an index that only the run knows would put the sources into memory.
fn sourcePoint(
  sources: ptr<function, Sources>, s: u32, normals: array<f32, D>,
) -> array<f32, D> {
  var z = normals;
  var point = array<f32, D>();
  if (SOURCES > 12) {
    // The linker copies no loop so often: they are in memory as it is.
    for (var a = 0u; a < D; a++) {
      point[a] = (*sources).means[s * D + a];
      for (var b = 0u; b <= a; b++) {
        point[a] += (*sources).factors[s * TRI + packedIndex(a, b)] * z[b];
      }
    }
    return point;
  }
  var factor = array<f32, TRI>();
  for (var t = 0u; t < SOURCES; t++) {
    for (var a = 0u; a < D; a++) {
      point[a] = select(point[a], (*sources).means[t * D + a], t == s);
    }
    for (var e = 0u; e < TRI; e++) {
      factor[e] = select(factor[e], (*sources).factors[t * TRI + e], t == s);
    }
  }
  for (var a = 0u; a < D; a++) {
    for (var b = 0u; b <= a; b++) {
      point[a] += factor[packedIndex(a, b)] * z[b];
    }
  }
  return point;
}
