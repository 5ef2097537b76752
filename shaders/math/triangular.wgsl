// Packed lower-triangular algebra for D x D: (0,0) (1,0) (1,1) (2,0) ...
// Twin: src/model/math/triangular.ts.
import package::bits::larger;
import package::constants::{D, TRI};

// f32 resolves no thinner direction than this share of the diagonal.
const PIVOT_FLOOR: f32 = 0x1p-24f;

fn packedIndex(row: u32, column: u32) -> u32 {
  return row * (row + 1u) / 2u + column;
}

/// Cholesky factor of a positive semi-definite matrix; pivots from `rank` on are exactly 0.
fn cholesky(matrix: array<f32, TRI>, rank: u32) -> array<f32, TRI> {
  var m = matrix;
  var factor = array<f32, TRI>();
  for (var a = 0u; a < D; a++) {
    let diagonal = m[packedIndex(a, a)];
    var rest = diagonal;
    for (var c = 0u; c < a; c++) {
      rest -= factor[packedIndex(a, c)] * factor[packedIndex(a, c)];
    }
    let pivot = select(0.0, sqrt(larger(rest, PIVOT_FLOOR * diagonal)), a < rank);
    factor[packedIndex(a, a)] = pivot;
    for (var b = a + 1u; b < D; b++) {
      var dot = m[packedIndex(b, a)];
      for (var c = 0u; c < a; c++) {
        dot -= factor[packedIndex(b, c)] * factor[packedIndex(a, c)];
      }
      factor[packedIndex(b, a)] = select(0.0, dot / max(pivot, 1e-30), pivot > 0.0);
    }
  }
  return factor;
}

/// Inverse of a lower triangle with positive diagonal.
fn invertLower(lower: array<f32, TRI>) -> array<f32, TRI> {
  var factor = lower;
  var inverse = array<f32, TRI>();
  for (var a = 0u; a < D; a++) {
    let pivot = 1.0 / factor[packedIndex(a, a)];
    inverse[packedIndex(a, a)] = pivot;
    for (var b = 0u; b < a; b++) {
      var dot = 0.0;
      for (var c = b; c < a; c++) {
        dot += factor[packedIndex(a, c)] * inverse[packedIndex(c, b)];
      }
      inverse[packedIndex(a, b)] = -dot * pivot;
    }
  }
  return inverse;
}

/// Product of two lower triangles.
fn multiplyLower(left: array<f32, TRI>, right: array<f32, TRI>) -> array<f32, TRI> {
  var l = left;
  var r = right;
  var product = array<f32, TRI>();
  for (var a = 0u; a < D; a++) {
    for (var b = 0u; b <= a; b++) {
      var dot = 0.0;
      for (var c = b; c <= a; c++) {
        dot += l[packedIndex(a, c)] * r[packedIndex(c, b)];
      }
      product[packedIndex(a, b)] = dot;
    }
  }
  return product;
}

/// lower * vector.
fn multiplyVector(lower: array<f32, TRI>, vector: array<f32, D>) -> array<f32, D> {
  var l = lower;
  var v = vector;
  var product = array<f32, D>();
  for (var a = 0u; a < D; a++) {
    for (var b = 0u; b <= a; b++) {
      product[a] += l[packedIndex(a, b)] * v[b];
    }
  }
  return product;
}
