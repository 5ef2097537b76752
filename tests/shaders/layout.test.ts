import { expect, test } from 'vitest';
import {
  CELL_PARAMS,
  CHUNK_ROW,
  HISTOGRAM_ROW,
  MOMENT_ROW,
  packRows,
  PILOT_ROW,
  readRow,
  REDUCE_PARAMS,
  structText,
  type Layout,
  type Row,
} from '../../src/engine/webgpu/layout.ts';
import { describeGpu } from '../support/dawn.ts';
import { probeRows } from '../support/probe.ts';

const LAYOUTS = [CELL_PARAMS, CHUNK_ROW, REDUCE_PARAMS, PILOT_ROW, HISTOGRAM_ROW, MOMENT_ROW];

/** A row whose fields all differ and use their type's range: top bit, sign, fraction. */
const sampleRow = (layout: Layout<string>, r: number): Row<string> =>
  Object.fromEntries(
    layout.fields.map(([name, type], f) => {
      const value = 10 * r + f + 1;
      return [name, { u32: 2 ** 31 + value, i32: -value, f32: value + 0.25 }[type]];
    }),
  );

test('struct text is the table', () => {
  expect(structText(PILOT_ROW)).toBe('struct PilotRow {\n  chunk: u32,\n  edgeSlot: u32,\n}\n');
});

test.each(LAYOUTS)('$name: what is packed is read', (layout: Layout<string>) => {
  const rows = [0, 1, 2].map((r) => sampleRow(layout, r));
  const bytes = packRows(layout, rows);
  expect(bytes.byteLength).toBe(3 * 4 * layout.fields.length);
  expect([0, 1, 2].map((r) => readRow(layout, bytes, r))).toEqual(rows);
});

describeGpu('a kernel reads every field where the packer put it', () => {
  test.each(LAYOUTS)('$name', async (layout: Layout<string>) => {
    const rows = [0, 1, 2].map((r) => sampleRow(layout, r));
    const { name, fields } = layout;
    const letter = { u32: 'U', i32: 'I', f32: 'F' };
    const words = await probeRows({
      imports: [`package::layout::${name}`],
      rowType: name,
      body: fields
        .map(([field, type], f) => `out${letter[type]}(${f}u, inRows[row].${field});`)
        .join('\n'),
      input: new Uint32Array(packRows(layout, rows)),
      inputWords: fields.length,
      outputWords: fields.length,
    });
    const bytes = words.buffer as ArrayBuffer;
    expect([0, 1, 2].map((r) => readRow(layout, bytes, r))).toEqual(rows);
  });
});
