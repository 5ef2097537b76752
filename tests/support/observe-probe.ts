/** Runs the kernel observe on a handful of models of one truth, without an engine around it. */
import { link, type Source } from '../../src/engine/webgpu/link.ts';
import { compile } from '../../src/engine/webgpu/pipeline.ts';
import { shaderSources } from '../../src/engine/webgpu/shaders.ts';
import { statisticConstants } from '../../src/engine/webgpu/statistic-constants.ts';
import type { FramedModel } from '../../src/model/frame.ts';
import { packedLength } from '../../src/model/mixture.ts';
import { packTables, type StatisticTables } from '../../src/model/statistics/tables.ts';
import type { StatisticName } from '../../src/spec/statistics.ts';
import { testDevice } from './dawn.ts';

/** Only what observe reads, in an order of the test's own. */
const STRUCTS = `struct Dispatch {
  lineageCount: u32, firstLineage: u32, sliceLineages: u32,
  firstGeneration: u32, generationCount: u32,
}
struct ChunkRow { cell: u32, firstReplicate: u32, count: u32, firstLineage: u32 }
struct CellParams { keyLow: u32, keyHigh: u32, keyCell: u32, keyVersion: u32, tableOffset: u32 }
`;

export interface Observed {
  /** [model][statistic]. */
  readonly values: number[][];
  readonly status: number[];
}

/** Model i is lineage i of generation `generation` under the key. */
export async function observeOnDevice(
  names: readonly StatisticName[],
  models: readonly FramedModel[],
  tables: StatisticTables,
  key: Uint32Array,
  generation: number,
): Promise<Observed> {
  const device = await testDevice();
  const { dim } = tables;
  const components = models[0]!.weights.length;
  const modelWords = 2 + 2 * dim + components * (2 + dim + packedLength(dim));
  const sources = new Map<string, Source>(shaderSources);
  sources.set('structs', { file: 'structs (of the test)', text: STRUCTS });
  const constants = {
    ...statisticConstants(names),
    D: dim,
    K: components,
    J: tables.truth.count,
    TRI: packedLength(dim),
    MODEL_WORDS: modelWords,
    RNG_ROUNDS: 20,
  };
  const linked = link(sources, 'kernels::observe', constants);
  const pipeline = await compile(device, linked, 'observe');
  const count = models.length;
  const ring = new Uint32Array(2 * modelWords * count);
  models.forEach((model, lineage) => {
    packModel(model).forEach((word, w) => (ring[(modelWords + w) * count + lineage] = word));
  });
  const inputs = [
    new Uint32Array([count, 0, count, generation, 1]),
    new Uint32Array(count),
    new Uint32Array([0, 0, count, 0]),
    new Uint32Array([...key, 0]),
    packTables(tables),
    ring,
    new Float32Array(count * names.length),
  ];
  const { STORAGE, UNIFORM, COPY_DST, COPY_SRC } = GPUBufferUsage;
  const buffers = inputs.map((data, i) => {
    const usage = (i === 0 ? UNIFORM | STORAGE : STORAGE) | COPY_DST | COPY_SRC;
    const buffer = device.createBuffer({ size: data.byteLength, usage });
    device.queue.writeBuffer(buffer, 0, data);
    return buffer;
  });
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(Math.ceil(count / 64), 1);
  pass.end();
  device.queue.submit([encoder.finish()]);
  const after = new Uint32Array(await read(device, buffers[5]!));
  const values = new Float32Array(await read(device, buffers[6]!));
  for (const buffer of buffers) buffer.destroy();
  return {
    values: models.map((_, lineage) => names.map((__, s) => values[s * count + lineage]!)),
    status: models.map((_, lineage) => after[(modelWords + 1) * count + lineage]!),
  };
}

async function read(device: GPUDevice, buffer: GPUBuffer): Promise<ArrayBuffer> {
  const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ;
  const copy = device.createBuffer({ size: buffer.size, usage });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, copy, 0, buffer.size);
  device.queue.submit([encoder.finish()]);
  await copy.mapAsync(GPUMapMode.READ);
  const bytes = copy.getMappedRange().slice(0);
  copy.destroy();
  return bytes;
}

/** The words of shaders/gmm/model.wgsl. */
function packModel(model: FramedModel): Uint32Array {
  const { scale, status, origin, originLow, weights, means, factors, exponents } = model;
  const floats = new Uint32Array(
    new Float32Array([...origin, ...originLow, ...weights, ...means, ...factors]).buffer,
  );
  return new Uint32Array([scale, status, ...floats, ...exponents]);
}
