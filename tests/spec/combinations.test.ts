/**
 * Which mechanisms go together: every pair of them is either refused, with the reason, or makes
 * lineages of finite models; so do three of them, taken at random.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SpecError } from '../../src/errors.ts';
import { runLineage } from '../../src/model/lineage.ts';
import { cellRules } from '../../src/model/rules.ts';
import { STATUS_BITS } from '../../src/model/status.ts';
import { resolveTruth } from '../../src/model/truth.ts';
import { parseSpec, type Spec } from '../../src/spec/schema.ts';
import { changed, CHANGES, type Change } from '../support/mechanisms.ts';

const MECHANISMS = Object.entries(CHANGES).map(([path, changes]) => [path, changes[0]!] as const);

/** Null where the door says no, which it has to do in sentences. */
function tryParse(changes: readonly Change[]): Spec | null {
  const together = Object.assign({}, ...changes) as Change;
  try {
    return parseSpec({ ...changed(together), sampleSize: 30 });
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    for (const { field, message, remedy } of error.problems) {
      expect(field).not.toBe('');
      expect(message).toMatch(/[.)]$/);
      expect(remedy).toMatch(/\.$/);
    }
    return null;
  }
}

function expectSoundLineage(spec: Spec): void {
  const truth = resolveTruth(spec.truth, null);
  const models = runLineage(cellRules(spec, truth, 0), 0, spec.generations);
  expect(models.length).toBe(spec.generations);
  for (const { weights, means, factors, origin, status } of models) {
    expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    for (const values of [means, factors, origin]) {
      expect(values.every(Number.isFinite)).toBe(true);
    }
    expect(status & STATUS_BITS.nonFinite).toBe(0);
  }
}

/** Pairs that cannot be, besides those that give one field two values. */
const REFUSED: readonly string[] = [
  // A coreset goes into a batch as a whole, of an archive that never ends, into no pool again and
  // again, and its points weigh unlike; a filter is refused as below.
  'batch.realDraw + batch.coreset.size',
  'batch.realDraw + batch.coreset.method',
  // Lineages would use a reservoir up at different times.
  'batch.realDraw + batch.web.humanReservoir',
  // A filter would be asked about the same point until it lets it in.
  'batch.realSource + batch.qualityFilter',
  ...['size', 'method'].flatMap((field) =>
    ['batch.qualityFilter', 'batch.web.humanReservoir', 'retention', 'fit.estimator'].map(
      (other) => `batch.coreset.${field} + ${other}`,
    ),
  ),
  // These changes leave one mode: nothing is left that is not protected.
  'batch.protectedModes + fit.estimator',
  'batch.protectedModes + closedForm',
  // A start from the truth, and a prior about it, have as many components as the truth.
  'fit.components + fit.init',
  // One component has all the points: none can be lost.
  'fit.components + fit.respawn',
  'fit.components + fit.prior.centre',
  // The unbiased estimator divides by a number of points, and weighs none.
  'fit.estimator + fit.realWeight',
  'fit.estimator + fit.tailWeight',
  // A start that is not the parent's has no dead component.
  'fit.init + fit.respawn',
];

describe('mechanisms in pairs', () => {
  const pairs = MECHANISMS.flatMap(([path, change], i) =>
    MECHANISMS.slice(i + 1)
      .filter(([, other]) => {
        const shared = Object.keys(change).filter((key) => Object.hasOwn(other, key));
        return shared.every((key) => change[key] === other[key]);
      })
      .map(([other, own]) => [`${path} + ${other}`, [change, own]] as const),
  );

  it('are refused or make sound lineages', () => {
    const refused: string[] = [];
    for (const [name, changes] of pairs) {
      const spec = tryParse(changes);
      if (spec) expectSoundLineage(spec);
      else refused.push(name);
    }
    expect(refused).toEqual(REFUSED);
  });
});

describe('three mechanisms', () => {
  it('are refused or make sound lineages', () => {
    const three = fc.uniqueArray(fc.constantFrom(...MECHANISMS), {
      minLength: 3,
      maxLength: 3,
      selector: ([path]) => path,
    });
    fc.assert(
      fc.property(three, (chosen) => {
        const spec = tryParse(chosen.map(([, change]) => change));
        if (spec) expectSoundLineage(spec);
      }),
      { numRuns: 300, seed: 20 },
    );
  });
});
