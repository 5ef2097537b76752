/**
 * K = 1, D = 1 in closed form: closedStep of evolve.ts for one dimension, where a generation is few
 * enough operations that it pays to draw several at once, step by step, and to keep the model in
 * registers. Twin: closedStep of src/model/lineage.ts.
 */
import { bessel, sampleSize, spread } from './cell';
import {
  exponentsAt,
  factorsAt,
  meansAt,
  ORIGIN,
  originLowAt,
  PARENT,
  SCALE,
  STATUS,
  weightsAt,
} from './gmm/model';
import { STATUS_DEGENERATE } from './gmm/status';
import { chiSquared, LEAST_CUBE, nearAcceptance, shapeOf, slopeOf } from './gmm/wishart';
import { scaleBy, ZERO_EXPONENT } from './math/exponent';
import { drawn, setPlace, STREAM_WISHART, words } from './rng/coordinates';
import { normalsOfWords } from './rng/normal';
import {
  abs,
  add,
  addI,
  all,
  clear,
  fma,
  get,
  less,
  max,
  mul,
  nth,
  or,
  put,
  splat,
  splatI,
  sqrt,
  sub,
  VECTOR,
} from './simd';

/** Generations drawn at once. */
const TILE: i32 = 16;
/** [TILE × 2]: words, then the normals (candidate, mean). */
const PAIRS = memory.data(32 * VECTOR, 16);
/** [TILE]: the word that decides on the candidate, then the width √χ². */
const WIDTHS = memory.data(16 * VECTOR, 16);
/** [TILE]: masks, the candidate is taken. */
const TAKEN = memory.data(16 * VECTOR, 16);

/**
 * Lineages replicate … replicate + 3 through `count` generations from `generation` on, after the
 * model `parent`; written from `to` on, `slot` bytes to a generation and `row` to a word.
 */
export function closedLine(
  parent: usize,
  to: usize,
  slot: usize,
  row: usize,
  replicate: i32,
  generation: i32,
  count: i32,
): void {
  let model = parent;
  let g = 0;
  while (g < count) {
    // The first sample is the truth's own, and no wider or narrower.
    const alone = spread != 1 && generation + g == 1;
    const most = alone ? 1 : TILE;
    const tile = g + most < count ? most : count - g;
    drawWidths(replicate, generation + g, tile);
    compose(model, to, slot, row, tile, alone ? 1 : spread);
    model = PARENT;
    to += slot * <usize>tile;
    g += tile;
  }
}

/** PAIRS and WIDTHS of a tile of generations. */
function drawWidths(replicate: i32, generation: i32, tile: i32): void {
  for (let g = 0; g < tile; g++) {
    setPlace(replicate, generation + g);
    words(0, STREAM_WISHART, 0);
    put(PAIRS, 2 * g, drawn(0));
    put(PAIRS, 2 * g + 1, drawn(1));
    put(WIDTHS, g, drawn(2));
  }
  normalsOfWords(PAIRS, nth(PAIRS, 2 * tile), 2 * VECTOR);
  if (decideWidths(tile)) return;
  for (let g = 0; g < tile; g++) {
    if (all(get(TAKEN, g))) continue;
    setPlace(replicate, generation + g);
    put(WIDTHS, g, sqrt(chiSquared(0, sampleSize - 1)));
  }
}

/** WIDTHS where the candidates are taken, and TAKEN; false where one may not be. */
function decideWidths(tile: i32): bool {
  const shape = shapeOf(sampleSize - 1);
  const slope = splat(slopeOf(shape));
  const double = splat(2 * shape);
  // With one degree of freedom or none there is no shape, and no candidate to take.
  const able = splatI(sampleSize > 2 ? -1 : 0);
  let every = able;
  for (let g = 0; g < tile; g++) {
    const x = get(PAIRS, 2 * g);
    const w = mul(slope, x);
    const taken = v128.and(able, surelyTaken(x, w, splat(shape), get(WIDTHS, g)));
    const base = add(splat(1), w);
    const cube = max(mul(mul(base, base), base), splat(LEAST_CUBE));
    put(WIDTHS, g, sqrt(mul(double, cube)));
    put(TAKEN, g, taken);
    every = v128.and(every, taken);
  }
  return all(every);
}

/**
 * More than the bounds below can be off: 1.8e-6 s |w|³ = 1.8e-6 x² |w| / 9 is under 2.3e-6 for
 * |x| ≤ 6.7 and |w| ≤ 1/4, and sums of size 1 round by 2⁻²⁴.
 */
const MARGIN: f32 = 4e-6;

/**
 * Lanes whose candidate x, w = x/√(9 shape), is taken without a logarithm: where u < 1 + a, which
 * is under eᵃ, a = logAcceptance, or by the squeeze of Marsaglia & Tsang, u < 1 − .0331 x⁴.
 */
@inline
function surelyTaken(x: v128, w: v128, shape: v128, word: v128): v128 {
  const u = mul(f32x4.convert_i32x4_s(i32x4.shr_u(word, 1)), splat(4.656612873077393e-10));
  const bound = fma(shape, nearAcceptance(w), splat(1 - MARGIN));
  const near = v128.and(less(u, bound), f32x4.le(abs(w), splat(0.25)));
  const square = mul(x, x);
  return or(near, less(u, fma(splat(-0.0331), mul(square, square), splat(1 - MARGIN))));
}

/**
 * Multiplies a tile's widths and means, drawn by a sampler `bias` times as wide, onto the model,
 * one by one; the last goes to PARENT.
 */
function compose(
  model: usize,
  to: usize,
  slot: usize,
  row: usize,
  tile: i32,
  bias: f32,
): void {
  const root = Math.sqrt(<f64>sampleSize) / <f64>bias;
  const meanScale = splat(<f32>(1 / root));
  const widthScale = splat(<f32>(Math.sqrt(<f64>bessel) / root));
  const short = splatI(sampleSize <= 1 ? STATUS_DEGENERATE : 0);
  const nothing = splatI(ZERO_EXPONENT);
  let scale = get(model, SCALE);
  let status = or(get(PARENT, STATUS), short);
  let high = get(model, ORIGIN);
  let low = get(model, originLowAt());
  let mean = get(model, meansAt(1));
  let factor = get(model, factorsAt(1));
  let width = get(model, exponentsAt(1));
  for (let g = 0; g < tile; g++) {
    const offset = mul(factor, mul(get(PAIRS, 2 * g + 1), meanScale));
    const moved = add(mean, scaleBy(offset, width));
    // Knuth's two-sum, as in moveOrigin.
    const step = add(scaleBy(moved, scale), low);
    const sum = add(high, step);
    const part = sub(sum, high);
    low = add(sub(high, sub(sum, part)), sub(step, part));
    high = sum;
    const product = mul(factor, mul(get(WIDTHS, g), widthScale));
    // A width in [1/2, 1) and its exponent; denormals are nothing.
    const biased = i32x4.shr_u(product, 23);
    const dead = i32x4.eq(biased, splatI(0));
    const mantissa = or(v128.and(product, splatI(0x007fffff)), splatI(0x3f000000));
    factor = clear(mantissa, dead);
    const exponent = addI(width, i32x4.sub(biased, splatI(126)));
    scale = addI(scale, clear(exponent, dead));
    status = or(status, v128.and(splatI(STATUS_DEGENERATE), dead));
    width = v128.and(nothing, dead);
    mean = splat(0);
    v128.store(to, scale);
    v128.store(to + row, status);
    v128.store(to + 2 * row, high);
    v128.store(to + 3 * row, low);
    v128.store(to + 4 * row, splat(1));
    v128.store(to + 5 * row, mean);
    v128.store(to + 6 * row, factor);
    v128.store(to + 7 * row, width);
    to += slot;
  }
  put(PARENT, SCALE, scale);
  put(PARENT, STATUS, status);
  put(PARENT, ORIGIN, high);
  put(PARENT, originLowAt(), low);
  put(PARENT, weightsAt(), splat(1));
  put(PARENT, meansAt(1), mean);
  put(PARENT, factorsAt(1), factor);
  put(PARENT, exponentsAt(1), width);
}
