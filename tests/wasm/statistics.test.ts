/** The kernel observe, in both builds, measures what src/model/statistics does. */
import { describe, expect, test } from 'vitest';
import { CELL_PARAMS } from '../../src/engine/webgpu/layout.ts';
import { packModel } from '../../src/engine/webgpu/pack-model.ts';
import type { FramedModel } from '../../src/model/frame.ts';
import { emptyModel, frameMixture } from '../../src/model/gmm/model.ts';
import { randomKey } from '../../src/model/rng/coordinates.ts';
import { packTables, statisticTables } from '../../src/model/statistics/tables.ts';
import { STATISTIC_NAMES, statisticsIn, type StatisticName } from '../../src/spec/statistics.ts';
import {
  skewed,
  statisticCases,
  truthOf,
  type Observed,
  type Observer,
} from '../support/statistic-cases.ts';
import { BUILDS } from '../support/wasm-kernels.ts';
import { openMemory, type KernelMemory } from '../support/wasm-memory.ts';

/** Words of a cell of which only the key matters. */
function cellWords(key: Uint32Array): Uint32Array {
  const words = new Uint32Array(CELL_PARAMS.rowBytes / 4);
  words.set(
    key,
    CELL_PARAMS.fields.findIndex(([name]) => name === 'keyLow'),
  );
  return words;
}

/** Models, the last one repeated up to a multiple of four, in slot 1 of a ring, parents in slot 0. */
function ringOf(
  parents: readonly FramedModel[],
  models: readonly FramedModel[],
  ancestry: boolean,
): { ring: Uint32Array; stride: number } {
  const stride = Math.ceil(models.length / 4) * 4;
  const packed = [parents, models].map((slot) =>
    Array.from({ length: stride }, (_, i) =>
      packModel(slot[Math.min(i, slot.length - 1)]!, ancestry),
    ),
  );
  const length = packed[0]![0]!.length;
  const ring = new Uint32Array(2 * length * stride);
  packed.forEach((slot, s) =>
    slot.forEach((words, lineage) => {
      words.forEach((word, w) => (ring[(s * length + w) * stride + lineage] = word));
    }),
  );
  return { ring, stride };
}

const observerOn =
  (open: () => Promise<KernelMemory>): Observer =>
  async (names, models, parents, tables, key, generation) => {
    const kernels = await open();
    const { call } = kernels;
    const { dim, weights } = models[0]!;
    const ancestry = names.includes('ancestry');
    call.configure!(
      dim,
      weights.length,
      tables.truth.count,
      ...[0, 0, 0, 0, 0, 0, 0],
      ancestry ? 1 : 0,
    );
    const places = Int32Array.from(STATISTIC_NAMES, (name) => names.indexOf(name));
    call.configureStatistics!(kernels.put(places), names.length);
    const truth = packModel(emptyModel(dim, tables.truth.count));
    call.setCell!(kernels.put(cellWords(key)), kernels.put(truth), 0, 0);
    call.setTables!(kernels.put(packTables(tables)));
    const { ring, stride } = ringOf(parents, models, ancestry);
    const at = kernels.put(ring);
    const values = kernels.room(4 * stride * names.length);
    call.observe!(at, values, stride, 0, stride, 0, generation, 1);
    const found = kernels.floats(values, stride * names.length);
    const after = kernels.words(at, ring.length);
    const statusRow = (ring.length / stride / 2 + 1) * stride;
    return {
      values: models.map((_, i) => names.map((__, s) => found[s * stride + i]!)),
      status: models.map((_, i) => after[statusRow + i]!),
    };
  };

describe.each(BUILDS)('%s', (build) => {
  statisticCases(observerOn(() => openMemory(build)));

  test('a statistic alone is the one among all', async () => {
    const observer = observerOn(() => openMemory(build));
    const mixture = skewed(2);
    const truth = truthOf(mixture);
    const names = statisticsIn(2, 2);
    const tables = statisticTables(truth, 64, names);
    const model = frameMixture(mixture, truth.mean, truth.log2Unit);
    const shifted = { ...mixture, means: mixture.means.map((m) => m.map((x) => x + 0.25)) };
    const parent = frameMixture(shifted, truth.mean, truth.log2Unit);
    const measured = (names: readonly StatisticName[]): Promise<Observed> =>
      observer(names, [model], [parent], tables, randomKey(7, 0), 2);
    const all = await measured(names);
    for (const [s, name] of names.entries()) {
      expect((await measured([name])).values[0], name).toEqual([all.values[0]![s]]);
    }
  });
});
