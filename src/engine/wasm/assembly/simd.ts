/**
 * Four lineages of one cell in one vector: lane = lineage. Short names for what kernels do with
 * them; masks have all bits of a lane set or none. `fma` is the only thing that the two builds have
 * in different form: relaxed rounds once where the machine can, simd128 twice.
 */

/** Bytes of a vector. */
export const VECTOR: i32 = 16;

/** a · b + c. */
@inline
export function fma(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** c − a · b. */
@inline
export function fnma(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_nmadd(a, b, c);
  return f32x4.sub(c, f32x4.mul(a, b));
}

@inline
export function splat(x: f32): v128 {
  return f32x4.splat(x);
}

@inline
export function splatI(x: i32): v128 {
  return i32x4.splat(x);
}

/**
 * Entry `i` of a table of f32 or i32 in memory, in all lanes: one operation, where V8 makes a
 * vector of an immediate in three, and at every use anew.
 */
@inline
export function constant(table: usize, i: usize): v128 {
  return v128.load32_splat(table + (i << 2));
}

@inline
export function add(a: v128, b: v128): v128 {
  return f32x4.add(a, b);
}

@inline
export function sub(a: v128, b: v128): v128 {
  return f32x4.sub(a, b);
}

@inline
export function mul(a: v128, b: v128): v128 {
  return f32x4.mul(a, b);
}

@inline
export function div(a: v128, b: v128): v128 {
  return f32x4.div(a, b);
}

@inline
export function sqrt(a: v128): v128 {
  return f32x4.sqrt(a);
}

@inline
export function neg(a: v128): v128 {
  return f32x4.neg(a);
}

@inline
export function abs(a: v128): v128 {
  return f32x4.abs(a);
}

/** b where b < a, else a: one instruction, and NaN in b never wins. */
@inline
export function min(a: v128, b: v128): v128 {
  return f32x4.pmin(a, b);
}

/** b where a < b, else a. */
@inline
export function max(a: v128, b: v128): v128 {
  return f32x4.pmax(a, b);
}

@inline
export function addI(a: v128, b: v128): v128 {
  return i32x4.add(a, b);
}

@inline
export function minI(a: v128, b: v128): v128 {
  return i32x4.min_s(a, b);
}

@inline
export function maxI(a: v128, b: v128): v128 {
  return i32x4.max_s(a, b);
}

@inline
export function and(a: v128, b: v128): v128 {
  return v128.and(a, b);
}

@inline
export function or(a: v128, b: v128): v128 {
  return v128.or(a, b);
}

/** a where `mask` is clear, 0 where it is set. */
@inline
export function clear(a: v128, mask: v128): v128 {
  return v128.andnot(a, mask);
}

/** `yes` where the mask is set, `no` elsewhere. */
@inline
export function select(yes: v128, no: v128, mask: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i32x4.relaxed_laneselect(yes, no, mask);
  return v128.bitselect(yes, no, mask);
}

/** Some lane of the mask is set. */
@inline
export function any(mask: v128): bool {
  return v128.any_true(mask);
}

/** All lanes of the mask are set. */
@inline
export function all(mask: v128): bool {
  return i32x4.all_true(mask);
}

@inline
export function less(a: v128, b: v128): v128 {
  return f32x4.lt(a, b);
}

@inline
export function positive(a: v128): v128 {
  return f32x4.gt(a, f32x4.splat(0));
}

/** Where vector number `i` from `pointer` on lies. */
@inline
export function nth(pointer: usize, i: i32): usize {
  return pointer + ((<usize>i) << 4);
}

/** Vector number `i` from `pointer` on. */
@inline
export function get(pointer: usize, i: i32): v128 {
  return v128.load(nth(pointer, i));
}

@inline
export function put(pointer: usize, i: i32, value: v128): void {
  v128.store(nth(pointer, i), value);
}

/** Of four addresses at `pointers`: the word at each, `offset` bytes on. */
@inline
export function gather(pointers: usize, offset: usize): v128 {
  let x = v128.load32_splat(<usize>load<u32>(pointers) + offset);
  x = v128.load_lane<f32>(<usize>load<u32>(pointers + 4) + offset, x, 1);
  x = v128.load_lane<f32>(<usize>load<u32>(pointers + 8) + offset, x, 2);
  return v128.load_lane<f32>(<usize>load<u32>(pointers + 12) + offset, x, 3);
}
