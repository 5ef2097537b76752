/**
 * Squared Fréchet distance of the Gaussians with the moments of model and truth, as a sum of
 * squares ‖L₀ − F Q‖² with FᵀL₀ = U S Vᵀ by one-sided Jacobi and Q = U Vᵀ.
 * Twins: src/model/statistics/frechet.ts, shaders/statistics/frechet.wgsl.
 */
import { scaleBy } from '../math/exponent';
import { packedIndex } from '../math/triangular';
import { D, MOST_D } from '../shape';
import { abs, add, div, fma, get, max, mul, neg, put, select, splat, sqrt, sub } from '../simd';
import { scaleByPowers } from './density';
import { FACTOR, MEAN } from './moments';
import { tableFactor, tableMean, UNIT } from './tables';

/** Jacobi converges quadratically: at D = 4 five sweeps reach f32. */
const SWEEPS = 6;
/** Squares under this have no digits left. */
const LEAST: f32 = 1e-37;

/** FᵀL₀ and L₀, column by column, both turned by V on the way. */
const PRODUCT = memory.data(MOST_D * MOST_D * 16, 16);
const COLUMNS = memory.data(MOST_D * MOST_D * 16, 16);

/** In the truth's own units², of the moments in hand. */
export function frechetDistance(exponent: v128): v128 {
  setProduct();
  for (let sweep = 0; D > 1 && sweep < SWEEPS; sweep++) {
    for (let p = 0; p < D; p++) for (let q = p + 1; q < D; q++) turnPair(p, q);
  }
  let sum = splat(0);
  for (let c = 0; c < D; c++) {
    const shift = scaleByPowers(sub(get(MEAN, c), splat(tableMean(c))), UNIT);
    sum = add(fma(shift, shift, sum), columnDistance(c, exponent));
  }
  return sum;
}

function columnDistance(c: i32, exponent: v128): v128 {
  let length = splat(0);
  for (let a = 0; a < D; a++) {
    const x = get(PRODUCT, c * D + a);
    length = fma(x, x, length);
  }
  // A column without length is one that the model has no width in.
  const long = f32x4.gt(length, splat(LEAST));
  const share = v128.and(div(splat(1), sqrt(max(length, splat(LEAST)))), long);
  let sum = splat(0);
  for (let a = 0; a < D; a++) {
    let image = splat(0);
    for (let b = 0; b <= a; b++) {
      const turned = mul(share, get(PRODUCT, c * D + b));
      image = fma(get(FACTOR, packedIndex(a, b)), turned, image);
    }
    const rest = sub(get(COLUMNS, c * D + a), scaleBy(image, exponent));
    const own = scaleByPowers(rest, UNIT);
    sum = fma(own, own, sum);
  }
  return sum;
}

function setProduct(): void {
  for (let c = 0; c < D; c++) {
    for (let a = 0; a < D; a++) {
      put(COLUMNS, c * D + a, splat(a < c ? 0 : tableFactor(packedIndex(a, c))));
    }
    for (let a = 0; a < D; a++) {
      let sum = splat(0);
      for (let b: i32 = a; b < D; b++) {
        sum = fma(get(FACTOR, packedIndex(b, a)), get(COLUMNS, c * D + b), sum);
      }
      put(PRODUCT, c * D + a, sum);
    }
  }
}

/** Turns columns p and q so that those of the product are at right angles. */
function turnPair(p: i32, q: i32): void {
  let difference = splat(0);
  let dot = splat(0);
  for (let a = 0; a < D; a++) {
    const x = get(PRODUCT, p * D + a);
    const y = get(PRODUCT, q * D + a);
    difference = fma(sub(y, x), add(y, x), difference);
    dot = fma(x, y, dot);
  }
  const square = fma(mul(splat(4), dot), dot, mul(difference, difference));
  const reach = add(abs(difference), sqrt(square));
  const twice = mul(splat(2), select(neg(dot), dot, f32x4.lt(difference, splat(0))));
  const quotient = div(twice, max(reach, splat(LEAST)));
  const tangent = v128.and(quotient, f32x4.gt(reach, splat(LEAST)));
  const c = div(splat(1), sqrt(fma(tangent, tangent, splat(1))));
  const s = mul(c, tangent);
  turn(PRODUCT, p, q, c, s);
  turn(COLUMNS, p, q, c, s);
}

function turn(matrix: usize, p: i32, q: i32, c: v128, s: v128): void {
  for (let a = 0; a < D; a++) {
    const x = get(matrix, p * D + a);
    const y = get(matrix, q * D + a);
    put(matrix, p * D + a, sub(mul(c, x), mul(s, y)));
    put(matrix, q * D + a, fma(s, x, mul(c, y)));
  }
}
