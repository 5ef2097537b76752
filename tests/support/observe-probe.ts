/** Runs the kernel observe, in many dimensions wide_observe, on a handful of models of one truth, without an engine around it. */
import { wideWorkgroup } from '../../src/engine/webgpu/constants.ts';
import { CELL_PARAMS, CHUNK_ROW, DISPATCH, packRows } from '../../src/engine/webgpu/layout.ts';
import { packModel } from '../../src/engine/webgpu/pack-model.ts';
import { Pipelines } from '../../src/engine/webgpu/pipeline.ts';
import { statisticConstants } from '../../src/engine/webgpu/statistic-constants.ts';
import type { FramedModel } from '../../src/model/frame.ts';
import { packedLength } from '../../src/model/mixture.ts';
import { isWide } from '../../src/spec/schema.ts';
import { packTables, type StatisticTables } from '../../src/model/statistics/tables.ts';
import type { StatisticName } from '../../src/spec/statistics.ts';
import { testDevice } from './dawn.ts';
import type { Observed } from './statistic-cases.ts';

/** Of the one device that tests have. */
let pipelines: Pipelines | null = null;

/** Model i is lineage i of generation `generation` under the key. */
export async function observeOnDevice(
  names: readonly StatisticName[],
  models: readonly FramedModel[],
  parents: readonly FramedModel[],
  tables: StatisticTables,
  key: Uint32Array,
  generation: number,
): Promise<Observed> {
  const device = await testDevice();
  const { dim } = tables;
  const components = models[0]!.weights.length;
  const ancestry = names.includes('ancestry');
  const modelWords = 2 + 2 * dim + components * (2 + dim + packedLength(dim)) + (ancestry ? 1 : 0);
  const constants = {
    ...statisticConstants(names, tables.truth.count),
    D: dim,
    K: components,
    J: tables.truth.count,
    TRI: packedLength(dim),
    MODEL_WORDS: modelWords,
    ANCESTRY: ancestry ? 1 : 0,
    RNG_ROUNDS: 20,
    ...(isWide(dim) ? { WORKGROUP: wideWorkgroup(dim) } : {}),
  };
  const kernel = isWide(dim) ? 'wide_observe' : 'observe';
  pipelines ??= new Pipelines(device);
  const { compute, layout } = await pipelines.get(kernel, constants);
  // In many dimensions a model's words are together.
  const [perWord, perLineage] = isWide(dim) ? [1, modelWords] : [models.length, 1];
  const count = models.length;
  const ring = new Uint32Array(2 * modelWords * count);
  [parents, models].forEach((slot, s) =>
    slot.forEach((model, lineage) => {
      const at = s * modelWords * count + lineage * perLineage;
      packModel(model, ancestry).forEach((word, w) => (ring[at + w * perWord] = word));
    }),
  );
  const inputs = [
    packRows(DISPATCH, [windowOf(count, generation)]),
    new Uint32Array(count).buffer,
    packRows(CHUNK_ROW, [{ cell: 0, firstReplicate: 0, count, firstLineage: 0 }]),
    packRows(CELL_PARAMS, [cellOf(key)]),
    packTables(tables).buffer,
    ring.buffer,
    new ArrayBuffer(4 * count * names.length),
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
  pass.setPipeline(compute);
  pass.setBindGroup(0, device.createBindGroup({ layout, entries }));
  pass.dispatchWorkgroups(isWide(dim) ? count : Math.ceil(count / 64), 1);
  pass.end();
  device.queue.submit([encoder.finish()]);
  const after = new Uint32Array(await read(device, buffers[5]!));
  const values = new Float32Array(await read(device, buffers[6]!));
  for (const buffer of buffers) buffer.destroy();
  return {
    values: models.map((_, lineage) => names.map((__, s) => values[s * count + lineage]!)),
    status: models.map((_, lineage) => after[modelWords * count + perWord + lineage * perLineage]!),
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

/** One generation of all lineages. */
const windowOf = (lineageCount: number, firstGeneration: number) => ({
  lineageCount,
  firstLineage: 0,
  sliceLineages: lineageCount,
  firstGeneration,
  generationCount: 1,
  parentSlot: 0,
  firstSlot: 1,
  ...{ firstPass: 0, endPass: 0, iterations: 0 },
});

/** A cell of which only the key matters. */
const cellOf = (key: Uint32Array) => ({
  ...{ sampleSize: 0, iterations: 0, quota: 0, share: 0, floor: 0, bessel: 1, tolerance: 0 },
  ...{ memory: 1, truncation: 1e18, keep: 1, error: 0, candidates: 1, selectivity: 0, noise: 0 },
  ...{ poison: 0, poisonMean0: 0, poisonMean1: 0, poisonMean2: 0, poisonMean3: 0 },
  ...{ poisonScale: 0, protectedModes: 0, poolBefore: 0, coresetSize: 0, archiveEnd: 0 },
  ...{ spread: 1, sharpening: 1, realWeight: -1, tailWeight: 0, strength: 0 },
  ...{ firstGeneration: 1, phaseCount: 1 },
  ...{ keyLow: key[0]!, keyHigh: key[1]!, keyCell: key[2]!, keyVersion: key[3]! },
  ...{ truthModelOffset: 0, rowOffset: 0, rowCount: 0, tableOffset: 0 },
});
