/**
 * Runs functions of pure WGSL modules over a table of inputs, to hold them against their twins.
 * `probe` calls one function; `probeRows` runs a body of WGSL for whatever does not fit that.
 */
import { link, type Constants, type Source, type Sources } from '../../src/engine/webgpu/link.ts';
import { compile, ENTRY_POINT, type Pipeline } from '../../src/engine/webgpu/pipeline.ts';
import { shaderSources } from '../../src/engine/webgpu/shaders.ts';
import { testDevice } from './dawn.ts';

const WORKGROUP = 64;

export interface RowsProbe {
  /** "package::rng::threefry::threefry4x32", … */
  readonly imports: readonly string[];
  /**
   * WGSL statements, run once per row: read word `j` of the row with `inU(j)`, `inI(j)`, `inF(j)`,
   * write with `outU(j, x)`, `outI`, `outF`. `row` is the row's number.
   */
  readonly body: string;
  /** Module-scope WGSL before the entry point, if the body needs helpers. */
  readonly declarations?: string;
  /** WGSL type of a whole row: the input is then there as `inRows: array<rowType>` too. */
  readonly rowType?: string;
  /** [rows × inputWords], raw 32-bit words. */
  readonly input: Uint32Array;
  readonly inputWords: number;
  readonly outputWords: number;
  readonly constants?: Constants;
  /** The modules, where they are not those of hardware. */
  readonly modules?: Sources;
}

/** Raw words [rows × outputWords]. */
export async function probeRows(probe: RowsProbe): Promise<Uint32Array> {
  const { input, inputWords, outputWords, constants = {}, modules = shaderSources } = probe;
  const rowCount = input.length / inputWords;
  const sources = new Map<string, Source>(modules);
  sources.set('probe', { file: 'probe', text: probeText(probe, rowCount) });
  const linked = link(sources, 'probe', constants);
  const device = await testDevice();
  const pipeline = await compile(device, linked, 'probe');
  return runTable(
    device,
    pipeline,
    input,
    rowCount * outputWords,
    rowCount,
    Boolean(probe.rowType),
  );
}

function probeText(probe: RowsProbe, rowCount: number): string {
  const { imports, body, declarations = '', rowType, inputWords, outputWords } = probe;
  const rows = `@group(0) @binding(2) var<storage, read> inRows: array<${rowType}>;`;
  return `${imports.map((name) => `import ${name};`).join('\n')}
@group(0) @binding(0) var<storage, read> probeIn: array<u32>;
@group(0) @binding(1) var<storage, read_write> probeOut: array<u32>;
var<private> row: u32;
fn inU(j: u32) -> u32 { return probeIn[row * ${inputWords}u + j]; }
fn inI(j: u32) -> i32 { return bitcast<i32>(inU(j)); }
fn inF(j: u32) -> f32 { return bitcast<f32>(inU(j)); }
fn outU(j: u32, x: u32) { probeOut[row * ${outputWords}u + j] = x; }
fn outI(j: u32, x: i32) { outU(j, bitcast<u32>(x)); }
fn outF(j: u32, x: f32) { outU(j, bitcast<u32>(x)); }
${rowType ? rows : ''}
${declarations}
@compute @workgroup_size(${WORKGROUP})
fn ${ENTRY_POINT}(@builtin(global_invocation_id) id: vec3<u32>) {
  row = id.x;
  if (row >= ${rowCount}u) { return; }
  ${body}
}
`;
}

async function runTable(
  device: GPUDevice,
  { compute, layout }: Pipeline,
  input: Uint32Array,
  outputLength: number,
  rowCount: number,
  asRows: boolean,
): Promise<Uint32Array> {
  const { STORAGE, COPY_DST, COPY_SRC, MAP_READ } = GPUBufferUsage;
  const size = outputLength * 4;
  const inputBuffer = device.createBuffer({ size: input.byteLength, usage: STORAGE | COPY_DST });
  const outputBuffer = device.createBuffer({ size, usage: STORAGE | COPY_SRC });
  const readBuffer = device.createBuffer({ size, usage: COPY_DST | MAP_READ });
  device.queue.writeBuffer(inputBuffer, 0, input.slice());
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(compute);
  const bound = [inputBuffer, outputBuffer, ...(asRows ? [inputBuffer] : [])];
  const entries = bound.map((buffer, binding) => ({ binding, resource: { buffer } }));
  pass.setBindGroup(0, device.createBindGroup({ layout, entries }));
  pass.dispatchWorkgroups(Math.ceil(rowCount / WORKGROUP));
  pass.end();
  encoder.copyBufferToBuffer(outputBuffer, 0, readBuffer, 0, size);
  device.queue.submit([encoder.finish()]);
  await readBuffer.mapAsync(GPUMapMode.READ);
  const words = new Uint32Array(readBuffer.getMappedRange().slice(0));
  for (const buffer of [inputBuffer, outputBuffer, readBuffer]) buffer.destroy();
  return words;
}

export interface CallProbe {
  /** The function: "package::math::ln::ln". */
  readonly call: string;
  /** WGSL types: scalars, vecN<scalar>, array<scalar, N>; flattened left to right in the rows. */
  readonly parameters: readonly string[];
  /** As above, or bool, which reads as 0 or 1. */
  readonly result: string;
  /** Each row: all scalars of all parameters. f32 values are rounded on the way in. */
  readonly rows: readonly (readonly number[])[];
  readonly constants?: Constants;
}

interface Shape {
  readonly scalar: 'f32' | 'u32' | 'i32';
  readonly width: number;
}

function shapeOf(type: string): Shape {
  const match = /^(?:vec(\d)<(\w+)>|array<(\w+),\s*(\d+)>|(f32|u32|i32))$/.exec(type.trim());
  if (!match) throw new Error(`probe: cannot flatten the type ${type}`);
  const scalar = (match[2] ?? match[3] ?? match[5]) as Shape['scalar'];
  return { scalar, width: Number(match[1] ?? match[4] ?? 1) };
}

const LETTER = { f32: 'F', u32: 'U', i32: 'I' } as const;

/** Results [rows][scalars of the result type]. */
export async function probe(request: CallProbe): Promise<number[][]> {
  const { call, parameters, result, rows, constants = {} } = request;
  const shapes = parameters.map(shapeOf);
  const scalars = shapes.flatMap(({ scalar, width }) => new Array<string>(width).fill(scalar));
  let next = 0;
  const args = shapes.map(({ scalar, width }, i) => {
    const reads = Array.from({ length: width }, () => `in${LETTER[scalar]}(${next++}u)`).join(', ');
    return width === 1 && !parameters[i]!.startsWith('array')
      ? reads
      : `${parameters[i]}(${reads})`;
  });
  const isBool = result === 'bool';
  const out = shapeOf(isBool ? 'u32' : result);
  const isScalar = isBool || result === out.scalar;
  const writes = Array.from(
    { length: out.width },
    (_, j) => `out${LETTER[out.scalar]}(${j}u, result${isScalar ? '' : `[${j}]`});`,
  );
  const value = `${call.split('::').at(-1)}(${args.join(', ')})`;
  const words = await probeRows({
    imports: [call],
    body: `let result = ${isBool ? `u32(${value})` : value};\n  ${writes.join(' ')}`,
    input: packRows(rows, scalars),
    inputWords: scalars.length,
    outputWords: out.width,
    constants,
  });
  return unpackRows(words, out, rows.length);
}

function packRows(rows: CallProbe['rows'], scalars: readonly string[]): Uint32Array {
  const words = new Uint32Array(rows.length * scalars.length);
  const floats = new Float32Array(words.buffer);
  rows.forEach((row, i) => {
    if (row.length !== scalars.length) {
      throw new Error(
        `probe: row ${i} has ${row.length} numbers, the call takes ${scalars.length}`,
      );
    }
    row.forEach((value, j) => {
      const at = i * scalars.length + j;
      if (scalars[j] === 'f32') floats[at] = value;
      else words[at] = value;
    });
  });
  return words;
}

function unpackRows(words: Uint32Array, { scalar, width }: Shape, rowCount: number): number[][] {
  const views = {
    u32: words,
    i32: new Int32Array(words.buffer),
    f32: new Float32Array(words.buffer),
  };
  const view = views[scalar];
  return Array.from({ length: rowCount }, (_, i) =>
    Array.from(view.subarray(i * width, (i + 1) * width)),
  );
}
