/**
 * Faults put into sampler, fit and retention, one by one, on the reference engine and in the text of
 * shaders: `validate` says that the laws do not hold, and in which of its cases.
 */
import { afterEach, describe, expect, it, test, vi } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import type * as Shaders from '../../src/engine/webgpu/shaders.ts';
import type { ValidationCase } from '../../src/experiment/validate/case.ts';
import { VALIDATION_CASES } from '../../src/experiment/validate/cases.ts';
import { validate, type Validation } from '../../src/experiment/validate/validate.ts';
import type * as Batch from '../../src/model/assemble/batch.ts';
import type * as Draws from '../../src/model/assemble/draws.ts';
import type * as Permutation from '../../src/model/assemble/permutation.ts';
import type * as TrainingSet from '../../src/model/assemble/training-set.ts';
import type * as Em from '../../src/model/gmm/em.ts';
import type * as Normal from '../../src/model/rng/normal.ts';
import { gpu } from '../support/dawn.ts';

interface Setting {
  /** What a case's name begins with. */
  readonly law: string;
  readonly replicates: number;
  /** Instead of the case's own. */
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly generations?: readonly number[];
}

/** Point by point, so that what draws and keeps points has its part; without laws of later times. */
const byPoints = (law: string, replicates: number, spec = {}): Setting => ({
  ...{ law, replicates, generations: [2, 6] },
  spec: { closedForm: 'off', generations: 6, ...spec },
});

const SETTINGS = {
  points: { law: 'The same, point by point', replicates: 400 },
  drift: { law: 'Weights of 2 far modes', replicates: 200 },
  em: {
    ...{ law: 'EM keeps the total', replicates: 600 },
    spec: { sweep: { 'fit.components': [2] } },
  },
  entries: { law: 'EM keeps whole covariances', replicates: 150, spec: { sweep: {} } },
  widths: { law: 'Each of two far modes', replicates: 150 },
  pool: byPoints('Keeping everything, and a', 400, { sweep: { retention: ['accumulate'] } }),
  subsample: {
    ...{ law: 'Keeping everything, and a', replicates: 600 },
    spec: { sweep: { retention: ['accumulate-subsample'], sampleSize: [10] } },
  },
  quota: byPoints('Real points in every batch, quota', 1000, {
    sweep: { 'batch.realFraction': [0.2] },
  }),
  memory: byPoints('Memory of several', 1000, { sweep: {} }),
  archive: byPoints('An archive of real', 600),
} satisfies Readonly<Record<string, Setting>>;
type SettingName = keyof typeof SETTINGS;

function caseOf({ law, replicates, spec, generations }: Setting): ValidationCase {
  const one = VALIDATION_CASES.find(({ name }) => name.startsWith(law))!;
  const { stated, ...rest } = one;
  return {
    ...rest,
    // Stated laws are of the case's own generations.
    ...(stated && !generations ? { stated } : {}),
    ...(generations ? { generations } : {}),
    spec: { ...one.spec, ...spec },
    replicates,
  };
}

const check = (engine: Engine, names: readonly SettingName[]): Promise<Validation> =>
  validate(
    engine,
    names.map((name) => caseOf(SETTINGS[name])),
    { size: 'quick' },
  );

/** Faults of one module: what is put in the place of its functions. */
interface Fault {
  readonly path: string;
  readonly held: SettingName;
  readonly instead: (own: never) => object;
}

const fault = <M extends object>(
  path: string,
  held: SettingName,
  instead: (own: M) => Partial<M>,
): Fault => ({ path: `../../src/model/${path}.ts`, held, instead });

/** How much of a pair's second normal is the first. */
const SHARED = 0.5;

const FAULTS: Readonly<Record<string, Readonly<Record<string, Fault>>>> = {
  sampler: {
    'normals 3 % too wide': fault<typeof Normal>('rng/normal', 'points', ({ normalPair }) => ({
      normalPair: (radius, angle) => {
        const [x, y] = normalPair(radius, angle);
        return [1.03 * x, 1.03 * y];
      },
    })),
    'normals of a pair that hang together': fault<typeof Normal>(
      'rng/normal',
      'points',
      ({ normalPair }) => ({
        normalPair: (radius, angle) => {
          const [x, y] = normalPair(radius, angle);
          return [x, SHARED * x + Math.sqrt(1 - SHARED ** 2) * y];
        },
      }),
    ),
    'the same words in every generation': fault<typeof Draws>(
      'assemble/draws',
      'points',
      ({ placeOf }) => ({
        placeOf: (key, lineage, generation, dim) => ({
          ...placeOf(key, lineage, 1, dim),
          generation: Math.min(generation, 1),
        }),
      }),
    ),
    'components chosen by weights that are a little too alike': fault<typeof Draws>(
      'assemble/draws',
      'drift',
      ({ pickComponent }) => ({
        pickComponent: (weights, u) =>
          pickComponent(
            weights.map((weight) => 0.9 * weight + 0.1 / weights.length),
            u,
          ),
      }),
    ),
  },
  fit: {
    'an M-step that divides by n − 1': fault<typeof Em>('gmm/em', 'points', ({ maximise }) => ({
      maximise: (components, sums, rules) =>
        maximise(components, sums, {
          ...rules,
          bessel: rules.sampleSize / (rules.sampleSize - 1),
        }),
    })),
    'an M-step that leaves covariances as they were': fault<typeof Em>(
      'gmm/em',
      'em',
      ({ maximise }) => ({
        maximise: (components, sums, rules) => {
          const before = components.factors.slice();
          maximise(components, sums, rules);
          components.factors.set(before);
        },
      }),
    ),
    'diagonal covariances for full ones': fault<typeof Em>('gmm/em', 'entries', ({ maximise }) => ({
      maximise: (components, sums, rules) =>
        maximise(components, sums, { ...rules, covariance: 'diagonal' }),
    })),
    'tied covariances for full ones': fault<typeof Em>('gmm/em', 'widths', ({ maximise }) => ({
      maximise: (components, sums, rules) =>
        maximise(components, sums, { ...rules, covariance: 'tied' }),
    })),
  },
  retention: {
    'a pool without its first generation': fault<typeof TrainingSet>(
      'assemble/training-set',
      'pool',
      ({ trainingSet }) => ({
        trainingSet: (rules, lineage, generation) => {
          const entry = trainingSet(rules, lineage, generation);
          if (generation === 1) return entry;
          return (e) => ({ ...entry(e), generation: Math.max(2, entry(e).generation) });
        },
      }),
    ),
    'a subsample that takes points twice': fault<typeof Permutation>(
      'assemble/permutation',
      'subsample',
      ({ permute }) => ({
        permute: (permutation, index) => permute(permutation, index - (index % 2)),
      }),
    ),
    'a real point too many': fault<typeof Draws>('assemble/draws', 'quota', ({ isReal }) => ({
      isReal: (place, mix, i) => isReal(place, { ...mix, quota: mix.quota + 1 }, i),
    })),
    'a memory of the newest model alone': fault<typeof Batch>(
      'assemble/batch',
      'memory',
      ({ batchOf }) => ({
        batchOf: (...given) => {
          const batch = batchOf(...given);
          return { ...batch, models: batch.models.slice(0, 1) };
        },
      }),
    ),
    'an archive whose points are new each time': fault<typeof Batch>(
      'assemble/batch',
      'archive',
      ({ batchOf }) => ({
        batchOf: (...given) => {
          const batch = batchOf(...given);
          return { ...batch, rules: { ...batch.rules, fixed: false } };
        },
      }),
    ),
  },
};

const reference = async (): Promise<Engine> =>
  (await import('../../src/engine/reference/engine.ts')).createReferenceEngine();

afterEach(() => {
  for (const { path } of Object.values(FAULTS).flatMap((group) => Object.values(group))) {
    vi.doUnmock(path);
  }
  vi.doUnmock('../../src/engine/webgpu/shaders.ts');
  vi.resetModules();
});

test('without a fault every law holds', async () => {
  const found = await check(await reference(), Object.keys(SETTINGS) as SettingName[]);
  expect(found.checks.filter(({ passed }) => !passed)).toEqual([]);
  expect(found.passed).toBe(true);
});

describe.each(Object.entries(FAULTS))('a wrong %s', (_, faults) => {
  it.each(Object.entries(faults))('%s', async (__, { path, held, instead }) => {
    vi.resetModules();
    vi.doMock(path, async (original) => {
      const own = await original<never>();
      return { ...(own as object), ...instead(own) };
    });
    const found = await check(await reference(), [held]);
    expect(found.failed).toBeGreaterThan(0);
    expect(found.passed).toBe(false);
  });
});

/** A module of WGSL, and what is written instead. */
const TEXTS = [
  [
    'normals 3 % too wide',
    'rng::normal',
    'return sqrt(radiusSquared(radiusWord)) * turn(angleWord);',
    'return 1.03 * sqrt(radiusSquared(radiusWord)) * turn(angleWord);',
    'points',
  ],
] as const;

describe.skipIf(!gpu)('a wrong shader', () => {
  it.each(TEXTS)('%s', async (_, module, right, wrong, held) => {
    vi.resetModules();
    vi.doMock('../../src/engine/webgpu/shaders.ts', async (original) => {
      const own = await original<typeof Shaders>();
      const changed = (sources: typeof own.shaderSources) => {
        const { file, text } = sources.get(module)!;
        expect(text.split(right)).toHaveLength(2);
        return new Map([...sources, [module, { file, text: text.replace(right, wrong) }]]);
      };
      return {
        shaderSources: changed(own.shaderSources),
        softwareSources: changed(own.softwareSources),
      };
    });
    const { createWebGpuEngine } = await import('../../src/engine/webgpu/engine.ts');
    const engine = await createWebGpuEngine(gpu!);
    const found = await check(engine, [held]);
    engine.close();
    expect(found.failed).toBeGreaterThan(0);
    expect(found.passed).toBe(false);
  });
});
