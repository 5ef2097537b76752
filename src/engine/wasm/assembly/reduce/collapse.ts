/**
 * When lineages first meet a criterion of collapse, four at a time.
 * Twins: src/model/reduce/collapse.ts, shaders/kernels/collapse.wgsl.
 */
import { splatI } from '../simd';

/**
 * Words of a threshold: place of the statistic, above, from the first, level; and of what must not
 * have happened: 0 nothing, 1 under, 2 above; place, level.
 */
const THRESHOLD_BYTES: usize = 28;

/** Of a lineage that never will meet it; every bit is set of one that has. */
const BARRED = 2;

/**
 * Takes lineages [first, first + count) through the window's generations; `first` and `stride` are
 * multiples of 4. `values` as `observe` leaves them, [(generation · statistics + statistic) ·
 * stride + lineage]; `fates` words [(2 · criterion + word) · stride + lineage], whether it has been
 * met or never will be, and the value at generation 1. Adds to u32 `out`
 * [(generation · criteria + criterion) · 2]: lineages that had not met it before, and those that do
 * now.
 */
export function collapses(
  values: usize,
  stride: i32,
  first: i32,
  count: i32,
  firstGeneration: i32,
  generationCount: i32,
  statisticCount: i32,
  thresholds: usize,
  criterionCount: i32,
  fates: usize,
  out: usize,
): void {
  const rowBytes = <usize>stride << 2;
  for (let c = 0; c < criterionCount; c++) {
    const threshold = thresholds + <usize>c * THRESHOLD_BYTES;
    const column = values + <usize>load<i32>(threshold) * rowBytes;
    const isAbove = load<i32>(threshold, 4) == 1;
    const fromFirst = load<i32>(threshold, 8) == 1;
    const level = v128.load32_splat(threshold, 12);
    const unless = load<i32>(threshold, 16);
    const otherColumn = values + <usize>load<i32>(threshold, 20) * rowBytes;
    const otherLevel = v128.load32_splat(threshold, 24);
    for (let i = 0; i < count; i += 4) {
      const lane = <usize>(first + i) << 2;
      const at = fates + <usize>(2 * c) * rowBytes + lane;
      // Lanes past the last lineage count as collapsed.
      let met = i32x4.ge_s(i32x4.add(splatI(i), i32x4(0, 1, 2, 3)), splatI(count));
      const known = v128.load(at);
      met = v128.or(met, i32x4.lt_s(known, splatI(0)));
      let barred = i32x4.eq(known, splatI(BARRED));
      let start = v128.load(at + rowBytes);
      for (let g = 0; g < generationCount; g++) {
        const value = v128.load(column + <usize>(g * statisticCount) * rowBytes + lane);
        if (firstGeneration + g == 1) start = value;
        const risk = 4 - popcnt(i32x4.bitmask(met));
        if (risk == 0) break;
        const limit = fromFirst ? f32x4.add(level, start) : level;
        const over = isAbove ? f32x4.gt(value, limit) : f32x4.lt(value, limit);
        if (unless != 0) {
          const other = v128.load(otherColumn + <usize>(g * statisticCount) * rowBytes + lane);
          const holds = unless == 2 ? f32x4.gt(other, otherLevel) : f32x4.lt(other, otherLevel);
          barred = v128.or(barred, holds);
        }
        met = v128.or(met, v128.andnot(over, barred));
        const place = out + (<usize>((g * criterionCount + c) * 2) << 2);
        const now = risk - (4 - popcnt(i32x4.bitmask(met)));
        store<u32>(place, load<u32>(place) + <u32>risk);
        store<u32>(place, load<u32>(place, 4) + <u32>now, 4);
      }
      v128.store(at, v128.or(met, v128.and(barred, splatI(BARRED))));
      v128.store(at + rowBytes, start);
    }
  }
}
