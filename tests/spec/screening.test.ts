import { describe, expect, test } from 'vitest';
import { SpecError } from '../../src/errors.ts';
import { effectiveRealShare, parseSpec, specAt, type PhaseSpec } from '../../src/spec/schema.ts';
import { between, seeded } from '../support/seeded.ts';

const truth = { kind: 'blobs', components: 1 };
const batchOf = (batch: object): PhaseSpec['batch'] => specAt(parseSpec({ truth, batch }), 2).batch;

describe('the share of real points after screening', () => {
  test.each<[string, object]>([
    ['a detector', { detector: { recall: 0.9, falsePositiveRate: 0.2 } }],
    ['a watermark, some of it washed off', { watermark: { coverage: 0.8, laundering: 0.25 } }],
    [
      'both, and signatures',
      {
        detector: { recall: 0.5, falsePositiveRate: 0.6 },
        watermark: { coverage: 0.5, laundering: 0.5 },
        provenance: { signedShare: 0.3 },
      },
    ],
  ])('is what drawing on until the batch is full leaves: %s', (_, screening) => {
    const batch = batchOf({ realFraction: 0.2, ...screening });
    const { detector, watermark, provenance } = batch;
    const words = seeded(5);
    const next = () => between(words, 0, 1);
    let [kept, real] = [0, 0];
    while (kept < 40_000) {
      const isReal = next() < batch.realFraction;
      const signed = isReal && next() < provenance.signedShare;
      const alarm = next() < (isReal ? detector.falsePositiveRate : detector.recall);
      const marked = !isReal && next() < watermark.coverage && next() >= watermark.laundering;
      if ((alarm && !signed) || marked) continue;
      kept++;
      if (isReal) real++;
    }
    const share = effectiveRealShare(batch);
    const sd = Math.sqrt((share * (1 - share)) / kept);
    expect(Math.abs(real / kept - share)).toBeLessThan(4 * sd);
  });

  test('is the share itself where nothing is dropped', () => {
    expect(effectiveRealShare(batchOf({ realFraction: 0.37 }))).toBe(0.37);
    const blind = { recall: 0.5, falsePositiveRate: 0.5 };
    expect(effectiveRealShare(batchOf({ realFraction: 0.37, detector: blind }))).toBe(0.37);
  });
});

test.each<[string, object, RegExp]>([
  ['generated', { detector: { recall: 1 } }, /no batch can be filled/],
  ['marked', { watermark: { coverage: 1 } }, /no batch can be filled/],
  [
    'real',
    { realFraction: 1, detector: { falsePositiveRate: 1 } },
    /Every real point is dropped, and there are no others/,
  ],
])('a batch that nothing gets into is refused: all are %s', (_, batch, message) => {
  expect(() => parseSpec({ truth, batch })).toThrow(SpecError);
  expect(() => parseSpec({ truth, batch })).toThrow(message);
});

test('in a sweep the cell is named', () => {
  const sweep = { 'batch.detector.recall': [0.5, 1] };
  expect(() => parseSpec({ truth, sweep })).toThrow(/batch\.detector\.recall = 1/);
});

test('unknown fields of nested objects are named by their path', () => {
  expect(() => parseSpec({ truth, batch: { detector: { recal: 1 } } })).toThrow(
    /batch\.detector\.recal/,
  );
  expect(() => parseSpec({ truth, batch: { detector: 3 } })).toThrow(/batch\.detector/);
});
