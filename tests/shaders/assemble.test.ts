import { expect, test } from 'vitest';
import {
  choiceWord,
  isReal,
  originWord,
  pickComponent,
  placeOf,
  pointNormals,
} from '../../src/model/assemble/draws.ts';
import { composeModel } from '../../src/model/assemble/compose.ts';
import { meetsFirst, type SourceSet } from '../../src/model/assemble/source-set.ts';
import { packModel, unpackModel } from '../../src/engine/webgpu/pack-model.ts';
import { withSet } from '../../src/engine/webgpu/pipeline.ts';
import { shaderSources } from '../../src/engine/webgpu/shaders.ts';
import {
  anchorSource,
  createSources,
  drawnExtent,
  enterFrame,
  gatherSources,
  moveOrigin,
  sourcePoint,
  type Sources,
  type WorkingFrame,
} from '../../src/model/assemble/sources.ts';
import { ZERO_EXPONENT, type FramedModel } from '../../src/model/frame.ts';
import { emptyModel, normaliseFactor } from '../../src/model/gmm/model.ts';
import { packedLength } from '../../src/model/mixture.ts';
import { unitUniform } from '../../src/model/rng/normal.ts';
import { describeGpu } from '../support/dawn.ts';
import { probeRows } from '../support/probe.ts';
import { between, seeded, vectorBetween, type Seeded } from '../support/seeded.ts';

/** Half an ulp at 1: one rounding of f32, relative. */
const ROUNDING = 2 ** -24;

const bitsOf = (values: readonly number[]) => new Uint32Array(Float32Array.from(values).buffer);

describeGpu.each([1, 2, 3, 4])('what a point is made from, d = %i', (dim) => {
  test('its words exactly, its normals nearly, real or not exactly', async () => {
    const next = seeded(70 + dim);
    const rows = Array.from({ length: 600 }, (_, i) => {
      // Neighbouring points share blocks, so most rows are neighbours; some are far out.
      const point = i < 500 ? i : next() >>> 2;
      return [next(), next(), next(), 1, next(), next(), point, next() % 400];
    });
    const share = 0.375;
    const width = 3 + dim;
    const found = await probeRows({
      imports: [
        'package::assemble::draws::{choiceWord, isReal, Mix, normalBlock, originWord}',
        'package::assemble::draws::{blockNormals, Place, pointNormals}',
      ],
      body: `let place = Place(vec4<u32>(inU(0u), inU(1u), inU(2u), inU(3u)), inU(4u), inU(5u), 0u);
        let i = inU(6u);
        let block = normalBlock(place, i);
        outU(0u, choiceWord(place, i, block));
        outU(1u, originWord(place, i, block));
        outU(2u, u32(isReal(place, Mix(inU(7u), ${share}), i, block)));
        var z = pointNormals(i, blockNormals(block));
        for (var a = 0u; a < ${dim}u; a++) { outF(3u + a, z[a]); }`,
      input: Uint32Array.from(rows.flat()),
      inputWords: 8,
      outputWords: width,
      constants: { D: dim, J: 1, SOURCES: 2, RNG_ROUNDS: 20 },
    });
    const floats = new Float32Array(found.buffer);
    const z = new Float64Array(dim);
    let worst = 0;
    rows.forEach(([k0, k1, k2, k3, lineage, generation, i, quota], row) => {
      const place = placeOf(Uint32Array.of(k0!, k1!, k2!, k3!), lineage!, generation!, dim);
      expect([...found.subarray(row * width, row * width + 3)]).toEqual([
        choiceWord(place, i!),
        originWord(place, i!),
        Number(isReal(place, { quota: quota!, share }, i!)),
      ]);
      pointNormals(place, i!, z);
      z.forEach((x, a) => (worst = Math.max(worst, Math.abs(floats[row * width + 3 + a]! - x))));
    });
    // Radius ≤ 6.66 times the errors of rng.test.ts: 1.3e-7 of the turn, 4e-7 of the radius.
    expect(worst).toBeLessThanOrEqual(6.66 * 5.3e-7);
  });
});

describeGpu('pickComponent, by running sums of the truth and of the model', () => {
  const J = 3;
  const SOURCES = 7;

  /** Rows: all weights, whether the point is real, u. Gives the source, counted over both. */
  const pick = async (rows: readonly number[][]) => {
    const found = await probeRows({
      imports: ['package::assemble::draws::{cumulate, pickComponent}'],
      body: `var weights = array<f32, ${SOURCES}>();
        for (var s = 0u; s < ${SOURCES}u; s++) { weights[s] = inF(s); }
        var cumulative = cumulate(&weights);
        let real = inF(${SOURCES}u) == 1.0;
        let first = select(${J}u, 0u, real);
        let last = select(cumulative.lastModel, cumulative.lastReal, real);
        outU(0u, pickComponent(&cumulative, first, last, inF(${SOURCES + 1}u)));`,
      input: bitsOf(rows.flat()),
      inputWords: SOURCES + 2,
      outputWords: 1,
      constants: { D: 1, J, SOURCES, RNG_ROUNDS: 20 },
    });
    return [...found];
  };
  const rangeOf = (row: readonly number[]) => (row[SOURCES] === 1 ? [0, J] : [J, SOURCES]);
  const twin = (row: readonly number[]) => {
    const [first, end] = rangeOf(row);
    return first! + pickComponent(Float64Array.from(row.slice(first, end)), row[SOURCES + 1]!);
  };

  test('equals its twin where running sums are exact, edges and dead components too', async () => {
    const next = seeded(80);
    const rows = Array.from({ length: 2000 }, (_, i) => {
      // Sixteenths, of which some are 0; u often exactly on an edge.
      const weights = Array.from({ length: SOURCES }, () => (next() % 4) / 16);
      return [...weights, next() % 2, i % 2 ? (next() % 16) / 16 : unitUniform(next())];
    });
    expect(await pick(rows)).toEqual(rows.map(twin));
  });

  test('differs from its twin only within rounding of an edge', async () => {
    const next = seeded(81);
    const rows = Array.from({ length: 5000 }, () => {
      const shares = (count: number) => {
        const raw = vectorBetween(next, count, 0, 1);
        const total = raw.reduce((a, b) => a + b, 0);
        return raw.map((x) => Math.fround(x / total));
      };
      return [...shares(J), ...shares(SOURCES - J), next() % 2, unitUniform(next())];
    });
    const found = await pick(rows);
    rows.forEach((row, i) => {
      if (found[i] === twin(row)) return;
      const end = Math.min(found[i]!, twin(row)) + 1;
      const edge = row.slice(rangeOf(row)[0], end).reduce((a, b) => a + b, 0);
      // At most four sums below 1, half an ulp each.
      expect(Math.abs(row.at(-1)! - edge)).toBeLessThan(4 * ROUNDING);
    });
  });

  test('the last living component takes what rounding leaves over', async () => {
    const weights = [0.25, 0.5, 0, 0, 0.25, 0.5, 0];
    const rows = [0, 1].flatMap((real) => [0.875, 1 - 2 ** -24].map((u) => [...weights, real, u]));
    expect(await pick(rows)).toEqual([5, 5, 1, 1]);
    expect(rows.map(twin)).toEqual([5, 5, 1, 1]);
  });

  test('a parent without any living component, as before generation 1, has no say', async () => {
    const rows = [0, 0.5].map((u) => [0.25, 0.25, 0.5, 0, 0, 0, 0, 1, u]);
    expect(await pick(rows)).toEqual([0, 2]);
  });
});

interface Case {
  readonly truth: FramedModel;
  readonly parent: FramedModel;
  readonly drawn: SourceSet;
  readonly inTruthFrame: boolean;
  readonly z: Float64Array;
}

/** A model with f32 numbers: components about its origin, the first perhaps without width. */
function randomModel(next: Seeded, dim: number, count: number, scale: number, spread: number) {
  const model = emptyModel(dim, count);
  const length = packedLength(dim);
  model.scale = scale;
  model.weights.fill(1 / count);
  model.means.set(vectorBetween(next, count * dim, -spread, spread));
  model.factors.set(vectorBetween(next, count * length, -1, 1));
  for (let k = 0; k < count; k++) {
    if (next() % 8 === 0) {
      model.factors.fill(0, k * length, (k + 1) * length);
      continue;
    }
    model.exponents[k] = normaliseFactor(model.factors, k * length, length) - (next() % 12);
  }
  return model;
}

function randomCase(next: Seeded, dim: number, truthCount: number, count: number): Case {
  const truth = randomModel(next, dim, truthCount, 0, 2);
  const parent = randomModel(next, dim, count, -(next() % 30), 1);
  parent.origin.set(vectorBetween(next, dim, -3, 3));
  parent.originLow.set(vectorBetween(next, dim, -(2 ** -26), 2 ** -26));
  const onlyParent = next() % 3 === 0;
  const drawn = Uint8Array.from({ length: truthCount + count }, (_, s) =>
    onlyParent && s < truthCount ? 0 : next() & 1,
  );
  if (!drawn.includes(1)) drawn[0] = 1;
  const inTruthFrame = meetsFirst(drawn, truthCount);
  return {
    truth,
    parent,
    drawn,
    inTruthFrame,
    z: Float64Array.from(vectorBetween(next, dim, -4, 4)),
  };
}

const framesAfter = (dim: number, each: Case) => {
  const sources = createSources(dim, each.truth.weights.length + each.parent.weights.length);
  const frame = { origin: new Float64Array(dim), originLow: new Float64Array(dim), scale: 0 };
  gatherSources(each.truth, each.parent, each.inTruthFrame, sources, frame);
  return { sources, frame };
};

/** What a generation computes in: the twin of the probe's body, one case a row. */
function twinOf(dim: number, each: Case) {
  const { sources, frame } = framesAfter(dim, each);
  const gathered = { ...copyOf(sources), scale: frame.scale };
  const anchor = anchorSource(sources, each.drawn);
  const extent = drawnExtent(sources, each.drawn, anchor);
  enterFrame(sources, frame, anchor, extent);
  const point = (s: number) =>
    Array.from({ length: dim }, (_, a) => sourcePoint(sources, s, a, each.z));
  const points = Array.from({ length: sources.count }, (_, s) => point(s)).flat();
  return { gathered, anchor, extent, frame, entered: copyOf(sources), points };
}

const copyOf = ({ means, factors, exponents }: Sources) => ({
  means: [...means],
  factors: [...factors],
  exponents: [...exponents],
});

const body = (dim: number, count: number): string => {
  const [M, F] = [count * dim, count * packedLength(dim)];
  const read = 0;
  const frame = read + M + F + count;
  const rest = frame + 2 * dim + 1;
  const write = (from: number) => `
    for (var e = 0u; e < ${M}u; e++) { outF(${from}u + e, sources.means[e]); }
    for (var e = 0u; e < ${F}u; e++) { outF(${from + M}u + e, sources.factors[e]); }
    for (var s = 0u; s < ${count}u; s++) { outI(${from + M + F}u + s, sources.exponents[s]); }`;
  const block = M + F + count;
  return `var sources = Sources();
    for (var e = 0u; e < ${M}u; e++) { sources.means[e] = inF(e); }
    for (var e = 0u; e < ${F}u; e++) { sources.factors[e] = inF(${M}u + e); }
    for (var s = 0u; s < ${count}u; s++) { sources.exponents[s] = inI(${M + F}u + s); }
    var frame = WorkingFrame();
    var z = array<f32, ${dim}>();
    for (var a = 0u; a < ${dim}u; a++) {
      frame.origin[a] = inF(${frame}u + a);
      frame.originLow[a] = inF(${frame + dim}u + a);
      z[a] = inF(${rest + 3}u + a);
    }
    frame.scale = inI(${frame + 2 * dim}u);
    let drawn = ofWords(vec2<u32>(inU(${rest}u), inU(${rest + 1}u)));
    gatherSources(&sources, &frame, inU(${rest + 2}u) == 1u);
    ${write(0)}
    let anchor = anchorSource(&sources, drawn);
    let extent = drawnExtent(&sources, drawn, anchor);
    enterFrame(&sources, &frame, anchor, extent);
    ${write(block)}
    outU(${2 * block}u, anchor);
    outI(${2 * block + 1}u, extent);
    outI(${2 * block + 2}u, frame.scale);
    for (var a = 0u; a < ${dim}u; a++) {
      outF(${2 * block + 3}u + a, frame.origin[a]);
      outF(${2 * block + 3 + dim}u + a, frame.originLow[a]);
    }
    for (var s = 0u; s < ${count}u; s++) {
      var point = sourcePoint(&sources, s, z);
      for (var a = 0u; a < ${dim}u; a++) {
        outF(${2 * block + 3 + 2 * dim}u + s * ${dim}u + a, point[a]);
      }
    }`;
};

/** Bits of sources 0 to 31, and of those from 32 on. */
const wordsOf = (set: SourceSet): [number, number] => {
  const word = (first: number) =>
    set.subarray(first, first + 32).reduce((bits, one, s) => bits + one * 2 ** s, 0);
  return [word(0), word(32)];
};

const inputOf = ({ truth, parent, drawn, inTruthFrame, z }: Case): number[] => [
  ...bitsOf([...truth.means, ...parent.means, ...truth.factors, ...parent.factors]),
  ...Uint32Array.from([...truth.exponents, ...parent.exponents]),
  ...bitsOf([...parent.origin, ...parent.originLow]),
  ...Uint32Array.of(parent.scale, ...wordsOf(drawn), Number(inTruthFrame)),
  ...bitsOf([...z]),
];

async function onDevice(dim: number, truthCount: number, count: number, cases: readonly Case[]) {
  const sources = truthCount + count;
  const constants = {
    ...{ D: dim, J: truthCount, K: count, SOURCES: sources, TRI: packedLength(dim) },
  };
  const [M, F] = [sources * dim, sources * packedLength(dim)];
  const sizes = [M, F, sources, M, F, sources, 1, 1, 1, dim, dim, M];
  const outputWords = sizes.reduce((a, b) => a + b, 0);
  const rows = cases.map(inputOf);
  const names = ['anchorSource', 'drawnExtent', 'enterFrame', 'gatherSources', 'sourcePoint'];
  const found = await probeRows({
    imports: [
      `package::assemble::sources::{${[...names, 'Sources', 'WorkingFrame'].join(', ')}}`,
      'package::set::ofWords',
    ],
    body: body(dim, sources),
    input: Uint32Array.from(rows.flat()),
    inputWords: rows[0]!.length,
    outputWords,
    constants,
    modules: withSet(shaderSources, constants),
  });
  const floats = new Float32Array(found.buffer);
  const integers = new Int32Array(found.buffer);
  return cases.map((_, i) => {
    let at = i * outputWords;
    const part = (view: Float32Array | Int32Array, size: number) => {
      at += size;
      return [...view.subarray(at - size, at)];
    };
    const block = () => ({
      means: part(floats, M),
      factors: part(floats, F),
      exponents: part(integers, sources),
    });
    const [gathered, entered] = [block(), block()];
    const [anchor, extent, scale] = part(integers, 3) as [number, number, number];
    const [origin, originLow] = [part(floats, dim), part(floats, dim)];
    return { gathered, entered, anchor, extent, scale, origin, originLow, points: part(floats, M) };
  });
}

const worstOf = (found: readonly number[], expected: readonly number[], size: number): number =>
  Math.max(...expected.map((x, i) => Math.abs(found[i]! - x) / Math.max(size, Math.abs(x))));

describeGpu('sources come into one frame as their twins do', () => {
  const shapes = [1, 2, 3, 4].flatMap((dim) => [
    { dim, truthCount: 1, count: 1 },
    { dim, truthCount: 3, count: 2 },
  ]);
  // The last of a word, the first of a second, and the most that there are.
  shapes.push({ dim: 1, truthCount: 8, count: 24 }, { dim: 1, truthCount: 32, count: 1 });
  shapes.push({ dim: 2, truthCount: 32, count: 25 });

  test.each(shapes)('d = $dim, J = $truthCount, K = $count', async (shape) => {
    const { dim, truthCount, count } = shape;
    const next = seeded(90 + dim + 10 * count);
    const cases = Array.from({ length: 200 }, () => randomCase(next, dim, truthCount, count));
    const found = await onDevice(dim, truthCount, count, cases);
    cases.forEach((each, i) => {
      const expected = twinOf(dim, each);
      const { gathered, entered, anchor, extent, scale, origin, originLow, points } = found[i]!;
      // Integers exactly.
      expect(gathered.exponents).toEqual(expected.gathered.exponents);
      expect([anchor, extent, scale]).toEqual([
        expected.anchor,
        expected.extent,
        expected.frame.scale,
      ]);
      expect(entered.exponents).toEqual(expected.entered.exponents);
      // Powers of two are exact; a mean was moved by an origin under 4, in the truth's units.
      expect(gathered.factors).toEqual(expected.gathered.factors);
      const unit = each.inTruthFrame ? 1 : 2 ** -each.parent.scale;
      const moved = worstOf(gathered.means, expected.gathered.means, 4 * unit);
      expect(moved).toBeLessThanOrEqual(2 * ROUNDING);
      // Factors in the entered frame are exact unless they are too small for f32.
      entered.factors.forEach((x, e) => {
        expect(Math.abs(x - expected.entered.factors[e]!)).toBeLessThanOrEqual(2 ** -126);
      });
      // One more difference of two means, each with the error above, in the entered units.
      const size = 8 * unit * 2 ** -extent;
      expect(worstOf(entered.means, expected.entered.means, size)).toBeLessThanOrEqual(
        4 * ROUNDING,
      );
      // d + 1 products of a normal under 4 and an entry under 1 (or a source left undrawn's).
      const reach = Math.max(size, ...expected.entered.factors.map((x) => 16 * Math.abs(x)));
      expect(worstOf(points, expected.points, reach)).toBeLessThanOrEqual(8 * ROUNDING);
      origin.forEach((high, a) => {
        // The shift to the anchor is rounded once; the rest of the sum is kept by the low float.
        const whole = high + originLow[a]!;
        const shift = each.inTruthFrame ? 8 : 2 ** (each.parent.scale + 1);
        expect(
          Math.abs(whole - expected.frame.origin[a]! - expected.frame.originLow[a]!),
        ).toBeLessThanOrEqual(4 * ROUNDING * shift + 2 ** -46);
      });
    });
  });

  test('nothing to cover: one source without width is its own frame', async () => {
    const truth = emptyModel(1, 1);
    const parent = emptyModel(1, 1);
    parent.scale = -40;
    parent.origin[0] = 0.75;
    const each = {
      truth,
      parent,
      drawn: Uint8Array.of(0, 1),
      inTruthFrame: false,
      z: Float64Array.of(1),
    };
    const [found] = await onDevice(1, 1, 1, [each]);
    expect(found).toMatchObject({ anchor: 1, extent: 0, scale: -40, origin: [0.75] });
    expect(found!.entered.factors).toEqual([0, 0]);
    expect(found!.points[1]).toBe(0);
    expect(twinOf(1, each)).toMatchObject({ anchor: 1, extent: 0 });
    expect(parent.exponents[0]).toBe(ZERO_EXPONENT);
  });
});

describeGpu.each([32, 57])('sets of %i sources', (count) => {
  test('hold what is put in, and no other', async () => {
    const constants = { SOURCES: count };
    const rows = Array.from({ length: count ** 2 }, (_, i) => [Math.floor(i / count), i % count]);
    const found = await probeRows({
      imports: ['package::set::{firstSources, holds, isSame, meets, ofWords, setOf, wordsOf}'],
      body: `let s = inU(0u);
        let other = inU(1u);
        let both = setOf(s) | setOf(other);
        for (var at = 0u; at < ${count}u; at += 1u) {
          let expected = (at == s) | (at == other);
          outU(0u, u32(holds(both, at) == expected));
          outU(1u, u32(meets(both, setOf(at)) == expected));
          if (probeOut[row * 6u] != 1u || probeOut[row * 6u + 1u] != 1u) { break; }
        }
        outU(2u, u32(isSame(setOf(s), setOf(other)) == (s == other)));
        outU(3u, u32(isSame(ofWords(wordsOf(both)), both)));
        outU(4u, u32(meets(setOf(s), firstSources(other)) == (s < other)));
        outU(5u, u32(isSame(firstSources(other) | setOf(other), firstSources(other + 1u))));`,
      input: Uint32Array.from(rows.flat()),
      inputWords: 2,
      outputWords: 6,
      modules: withSet(shaderSources, constants),
    });
    // All sources of a word at once is nothing that anybody asks for.
    const asked = rows.map(([, other]) => count !== 32 || other! + 1 < 32);
    rows.forEach((row, i) => {
      const said = [...found.subarray(6 * i, 6 * i + 6)];
      expect(said.slice(0, asked[i] ? 6 : 5), `sources ${row.join(', ')}`).not.toContain(0);
    });
  });
});

describeGpu('moveOrigin', () => {
  test('a thousand small steps lose no more than their own roundings', async () => {
    const next = seeded(95);
    const STEPS = 1000;
    const rows = Array.from({ length: 64 }, (_, i) => [
      between(next, -3, 3),
      ...vectorBetween(next, STEPS, -1, 1),
      -10 - (i % 30),
    ]);
    const found = await probeRows({
      imports: ['package::assemble::sources::{moveOrigin, WorkingFrame}'],
      body: `var frame = WorkingFrame();
        frame.origin[0] = inF(0u);
        frame.scale = i32(inF(${STEPS + 1}u));
        for (var step = 1u; step <= ${STEPS}u; step += 1u) { moveOrigin(&frame, 0u, inF(step)); }
        outF(0u, frame.origin[0]);
        outF(1u, frame.originLow[0]);`,
      input: bitsOf(rows.flat()),
      inputWords: STEPS + 2,
      outputWords: 2,
      constants: { D: 1, J: 1, K: 1, SOURCES: 2, TRI: 1 },
    });
    const floats = new Float32Array(found.buffer);
    rows.forEach((row, i) => {
      const frame: WorkingFrame = {
        origin: Float64Array.of(row[0]!),
        originLow: Float64Array.of(0),
        scale: row[STEPS + 1]!,
      };
      for (let step = 1; step <= STEPS; step++) moveOrigin(frame, 0, row[step]!);
      // Each step is rounded with the low float (under 2⁻²³ of the origin) added, and the low float
      // is; the origin itself, 2⁻²⁴ of 3 a step if it stood alone, is not.
      const step = 2 ** frame.scale + 2 ** -22;
      const error = Math.abs(floats[2 * i]! + floats[2 * i + 1]! - frame.origin[0]!);
      expect(error).toBeLessThanOrEqual(STEPS * 2 * ROUNDING * step);
    });
  });
});

/** A parent of one Gaussian, and a fit to standard normals of n points. */
interface Composition {
  readonly parent: FramedModel;
  readonly mean: Float64Array;
  readonly factor: Float64Array;
}

function randomComposition(next: Seeded, dim: number): Composition {
  const parent = randomModel(next, dim, 1, -(next() % 60), 1);
  parent.weights[0] = 1;
  parent.origin.set(vectorBetween(next, dim, -3, 3));
  parent.originLow.set(vectorBetween(next, dim, -(2 ** -26), 2 ** -26));
  const factor = Float64Array.from(vectorBetween(next, packedLength(dim), -1, 1));
  // A fit to fewer points than dimensions has no width along the last ones.
  if (next() % 4 === 0) factor.fill(0, packedLength(next() % dim));
  return { parent, mean: Float64Array.from(vectorBetween(next, dim, -1, 1)), factor };
}

const COVARIANCES = ['full', 'diagonal', 'spherical'] as const;

describeGpu.each(COVARIANCES)('composeModel, %s', (covariance) => {
  test.each([1, 2, 3])('multiplies a fit onto its parent as the twin does, d = %i', async (dim) => {
    const next = seeded(96 + dim);
    const cases = Array.from({ length: 300 }, () => randomComposition(next, dim));
    const length = packedLength(dim);
    const words = 2 + 2 * dim + 2 + dim + length;
    const input = cases.map(({ parent, mean, factor }) => [
      ...packModel(parent),
      ...bitsOf([...mean, ...factor]),
    ]);
    const found = await probeRows({
      imports: [
        'package::assemble::compose::composeModel',
        'package::gmm::model::{packModel, unpackModel}',
      ],
      body: `var packed = array<u32, ${words}>();
        for (var w = 0u; w < ${words}u; w++) { packed[w] = inU(w); }
        var parent = unpackModel(&packed);
        var means = array<f32, ${dim}>();
        for (var a = 0u; a < ${dim}u; a++) { means[a] = inF(${words}u + a); }
        var factors = array<f32, ${length}>();
        for (var e = 0u; e < ${length}u; e++) { factors[e] = inF(${words + dim}u + e); }
        var model = composeModel(&parent, means, factors, 8u);
        packed = packModel(&model);
        for (var w = 0u; w < ${words}u; w++) { outU(w, packed[w]); }`,
      input: Uint32Array.from(input.flat()),
      inputWords: input[0]!.length,
      outputWords: words,
      constants: {
        ...{ D: dim, J: 1, K: 1, SOURCES: 2, TRI: length, MODEL_WORDS: words, ANCESTRY: 0 },
        COVARIANCE: COVARIANCES.indexOf(covariance),
        TIED: 0,
      },
    });
    cases.forEach(({ parent, mean, factor }, i) => {
      const model = unpackModel(dim, 1, (word) => found[i * words + word]!);
      const expected = composeModel(parent, mean, factor, covariance, 8);
      expect(model.status).toBe(expected.status);
      expect(model.exponents).toEqual(expected.exponents);
      expect([...model.weights, ...model.means]).toEqual([1, ...new Array<number>(dim).fill(0)]);
      // A sum of d products of numbers under 1 has no more than 2d + 4 roundings with what the
      // constraint does; the largest entry of either factor is at least ½ of its own unit.
      const unit = parent.scale + Math.max(parent.exponents[0]!, -100);
      const at = (each: FramedModel, e: number) => each.factors[e]! * 2 ** (each.scale - unit);
      for (let e = 0; e < length; e++) {
        const error = Math.abs(at(model, e) - at(expected, e));
        expect(error).toBeLessThanOrEqual((2 * dim + 4) * ROUNDING * Math.sqrt(dim));
      }
      for (let a = 0; a < dim; a++) {
        // The step is rounded with the low float, which is kept: of the origin's own size nothing.
        const step = 2 ** parent.scale * (1 + dim * 2 ** Math.max(parent.exponents[0]!, -100));
        const whole = model.origin[a]! + model.originLow[a]! - expected.origin[a]!;
        const error = Math.abs(whole - expected.originLow[a]!);
        expect(error).toBeLessThanOrEqual((2 * dim + 4) * ROUNDING * (step + 2 ** -26) + 2 ** -47);
      }
    });
  });
});
