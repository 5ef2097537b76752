/**
 * The host's side of the reduction kernels: dispatch shape, bytes per row, and from f32 words to
 * the f64 rows of a Frame.
 */
import { SATURATION } from '../../model/status.ts';
import { MOMENT_FIELDS } from '../engine.ts';
import { MOMENT_ROW, type Layout } from './layout.ts';

/** WebGPU's default and most adapters' only value of maxComputeWorkgroupsPerDimension. */
const DIMENSION_LIMIT = 65_535;

/** Workgroup (x, y) works on index y · width + x; kernels ignore the few past the end. */
export function dispatchShape(workgroupCount: number): [width: number, height: number] {
  const width = Math.min(workgroupCount, DIMENSION_LIMIT);
  return [width, Math.ceil(workgroupCount / width)];
}

const SATURATION_F32 = Math.fround(SATURATION);

/** f32 cannot hold 1e18: what a kernel held there comes back as the host's ±SATURATION. */
const fromF32 = (value: number): number =>
  Math.abs(value) >= SATURATION_F32 ? Math.sign(value) * SATURATION : value;

/** Ranks or edges as a Frame holds them. */
export const decodeValues = (bytes: ArrayBuffer): Float64Array =>
  Float64Array.from(new Float32Array(bytes), fromF32);

const wordOf = <Field extends string>({ fields }: Layout<Field>, field: Field): number =>
  fields.findIndex(([name]) => name === field);

/** [rows × MOMENT_FIELDS] from rows of MOMENT_ROW. */
export function decodeMoments(bytes: ArrayBuffer): Float64Array {
  const unsigned = new Uint32Array(bytes);
  const signed = new Int32Array(bytes);
  const floats = new Float32Array(bytes);
  const stride = MOMENT_ROW.fields.length;
  const count = wordOf(MOMENT_ROW, 'count');
  const saturated = wordOf(MOMENT_ROW, 'saturated');
  const [min, max] = [wordOf(MOMENT_ROW, 'min'), wordOf(MOMENT_ROW, 'max')];
  const [pivot, exponent] = [wordOf(MOMENT_ROW, 'pivot'), wordOf(MOMENT_ROW, 'exponent')];
  const [deviation, squares] = [wordOf(MOMENT_ROW, 'deviation'), wordOf(MOMENT_ROW, 'squares')];
  const rowCount = unsigned.length / stride;
  const moments = new Float64Array(rowCount * MOMENT_FIELDS);
  for (let row = 0; row < rowCount; row++) {
    const from = row * stride;
    const to = row * MOMENT_FIELDS;
    const whole = unsigned[from + count]! - unsigned[from + saturated]!;
    const unit = 2 ** signed[from + exponent]!;
    moments[to] = unsigned[from + count]!;
    moments[to + 1] = whole > 0 ? floats[from + pivot]! + unit * floats[from + deviation]! : 0;
    moments[to + 2] = whole > 0 ? unit * unit * floats[from + squares]! : 0;
    moments[to + 3] = fromF32(floats[from + min]!);
    moments[to + 4] = fromF32(floats[from + max]!);
    moments[to + 5] = unsigned[from + saturated]!;
  }
  return moments;
}
