/** Mitigations at equal cost: what each spends, the ranking against exact laws, how each fails. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { BLOCKS, isTold } from '../../src/experiment/blocks.ts';
import { MINORITY } from '../../src/experiment/mitigations/example.ts';
import { failureOf } from '../../src/experiment/mitigations/failure.ts';
import { humanPoints } from '../../src/experiment/mitigations/human-points.ts';
import { rankingOf, ranksOf, type Ranking } from '../../src/experiment/mitigations/ranking.ts';
import {
  rankingsCsv,
  rankingsJson,
  rankingsText,
} from '../../src/experiment/mitigations/report.ts';
import { atOnce, evenly, fromOn, scheduleOf } from '../../src/experiment/mitigations/shares.ts';
import { MITIGATIONS, NOTHING } from '../../src/experiment/mitigations/toolbox.ts';
import {
  planTrials,
  runTrials,
  trialsOf,
  type TrialRun,
} from '../../src/experiment/mitigations/trials.ts';
import { lawAt, statisticIndex, summaryAt } from '../../src/experiment/results.ts';
import { createReferenceEngine } from '../../src/engine/reference/engine.ts';
import { batchOf, batchPoint, TRUTH_FRAME } from '../../src/model/assemble/batch.ts';
import { ancestor, runLineage } from '../../src/model/lineage.ts';
import { cellRules } from '../../src/model/rules.ts';
import { resolveTruth } from '../../src/model/truth.ts';
import { parseSpec, quotaCount, specAt, type Spec } from '../../src/spec/schema.ts';
import { enginesUnderTest } from '../support/engines.ts';

const blobs = (components: number) => ({ kind: 'blobs', components });

describe('human points', () => {
  /** Real points of all batches of a lineage that are none of its first batch's, and those. */
  function countedBy(spec: Spec, lineage: number): number {
    const truth = resolveTruth(spec.truth, null);
    const rules = cellRules({ ...spec, closedForm: 'off' }, truth, 0);
    const models = [ancestor(rules), ...runLineage(rules, lineage, spec.generations)];
    const known = new Set<string>();
    const y = new Float64Array(truth.dim);
    for (let t = 1; t <= spec.generations; t++) {
      const batch = batchOf(rules, models.slice(0, t), lineage, t);
      for (let i = 0; i < batch.rules.sampleSize; i++) {
        batchPoint(batch, i, TRUTH_FRAME, y);
        if (batch.real) known.add(y.join(' '));
      }
    }
    return known.size;
  }

  const CASES: Readonly<Record<string, object>> = {
    nothing: {},
    'a quota': { batch: { realFraction: 0.3 } },
    'a quota in steps': { batch: { realFraction: { at: [[1, 0], [4, 0.5]] } } }, // prettier-ignore
    'a ramp of growing batches': {
      batch: { realFraction: { from: 0.9, to: 0.1, until: 6 } },
      growth: 0.5,
    },
    'an archive': { batch: { realFraction: 0.4, realSource: 'fixed' } },
    'an archive by chance': {
      batch: { realFraction: 0.4, realSource: 'fixed', realDraw: 'bernoulli' },
    },
    accumulated: { batch: { realFraction: 0.2 }, retention: 'accumulate' },
    'a web that runs out': { batch: { web: { stock: 20, published: 5, humanReservoir: 50 } } },
  };

  test.each(Object.entries(CASES))('%s: to the point', (_, raw) => {
    const spec = parseSpec({ truth: blobs(2), sampleSize: 20, generations: 6, ...raw });
    const { mean, sd } = humanPoints(spec)!;
    expect(sd).toBe(0);
    for (const lineage of [0, 1]) expect(countedBy(spec, lineage)).toBe(mean);
  });

  const BY_CHANCE: Readonly<Record<string, object>> = {
    bernoulli: { batch: { realFraction: 0.3, realDraw: 'bernoulli' } },
    'a padlock': { batch: { protectedModes: [2] } },
    'a padlock and a quota': { batch: { protectedModes: [1], realFraction: 0.3 } },
    'bernoulli, a padlock and poison': {
      batch: {
        realFraction: 0.3,
        realDraw: 'bernoulli',
        protectedModes: [2],
        poison: { share: 0.2 },
      },
    },
  };

  test.each(Object.entries(BY_CHANCE))('%s: mean and scatter', (_, raw) => {
    const spec = parseSpec({ truth: blobs(2), sampleSize: 20, generations: 5, ...raw });
    const { mean, sd } = humanPoints(spec)!;
    const lineages = 200;
    const counts = Array.from({ length: lineages }, (_, lineage) => countedBy(spec, lineage));
    const found = counts.reduce((sum, one) => sum + one, 0) / lineages;
    expect(Math.abs(found - mean)).toBeLessThanOrEqual((4 * sd) / Math.sqrt(lineages));
    const variance = counts.reduce((sum, one) => sum + (one - found) ** 2, 0) / (lineages - 1);
    // Of a variance of nearly normal numbers: √(2/R).
    expect(Math.abs(variance / sd ** 2 - 1)).toBeLessThanOrEqual(4 * Math.sqrt(2 / lineages));
  });

  test('false alarms are paid for: 1/a candidates for each that is let in, geometric', () => {
    const detector = { recall: 0.5, falsePositiveRate: 0.2 };
    const spec = parseSpec({
      truth: blobs(2),
      batch: { realFraction: 0.5, detector, provenance: { signedShare: 0.5 } },
      ...{ sampleSize: 100, generations: 4 },
    });
    // a = ½ + ½ · 0.8 = 0.9; r′ = 0.45/(0.45 + 0.25), 64 points of each batch.
    const entered = 3 * quotaCount(specAt(spec, 2));
    expect(entered).toBe(3 * 64);
    const { mean, sd } = humanPoints(spec)!;
    expect(mean).toBeCloseTo(100 + entered / 0.9, 9);
    expect(sd).toBeCloseTo(Math.sqrt((entered * 0.1) / 0.81), 9);
  });

  test('a filter that looks at points has no price', () => {
    const batch = { realFraction: 0.5, qualityFilter: 1 };
    expect(humanPoints(parseSpec({ truth: blobs(1), batch }))).toBeNull();
  });
});

describe('counts of batches', () => {
  const sum = (counts: readonly number[]) => counts.reduce((total, one) => total + one, 0);

  test.each([
    [0, 10],
    [7, 10],
    [10, 10],
    [203, 49],
    [4900, 49],
    [5000, 49],
    [1234, 3000],
  ])('%i points in %i batches, evenly', (points, batches) => {
    const counts = evenly(points, batches, 100);
    expect(counts).toHaveLength(batches);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    const most = Math.min(points, 100 * batches);
    // A schedule has 1000 steps: 1234 points a few batches apart would take more.
    if (batches <= 500) expect(sum(counts)).toBe(most);
    else expect(sum(counts)).toBeLessThanOrEqual(most);
    expect(scheduleOf(counts, (count) => count / 100)).not.toBeNull();
  });

  test('at once, and from a batch on', () => {
    expect(atOnce(250, 5, 100)).toEqual([100, 100, 50, 0, 0]);
    expect(atOnce(0, 2, 100)).toEqual([0, 0]);
    expect(fromOn(2, 7, 5, 100)).toEqual([0, 0, 2, 2, 3]);
  });

  test('schedules begin at generation 1, where nothing is mixed, and step where counts do', () => {
    const share = (count: number) => count / 10;
    expect(scheduleOf([2, 2, 2], share)).toBe(0.2);
    expect(scheduleOf([0, 0, 5], share)).toEqual({ at: [[1, 0], [4, 0.5]] }); // prettier-ignore
  });
});

describe('budgets', () => {
  const base = (raw: object = {}) => parseSpec({ ...MINORITY, replicates: 20, ...raw });

  test.each([100, 101, 139, 300, 777, 2000, 4000, 9000])('%i points are spent', (budget) => {
    const { trials, specs } = trialsOf(base(), null, 'klTruthToModel', [budget]);
    // 39 later batches of 100 points cannot hold more.
    const most = Math.min(budget, 100 + 39 * 100);
    for (const { mitigation, spent, place } of trials) {
      expect(spent).toEqual(humanPoints(specs[place]!));
      const all = ['large-start', 'archive', 'coreset'].includes(mitigation.name) ? budget : most;
      if (mitigation.name === 'nothing') expect(spent).toEqual({ mean: 100, sd: 0 });
      else if (mitigation.name === 'late') {
        expect(spent.mean).toBe(Math.min(budget, 100 + 20 * 100));
      } else if (['detector', 'provenance'].includes(mitigation.name)) {
        // Whole points are let in, each the last of 1/a candidates, a ≥ 0.9.
        expect(spent.mean).toBeLessThanOrEqual(budget + 1e-9);
        expect(spent.mean).toBeGreaterThan(most - 1 / 0.9);
      } else if (mitigation.name === 'padlock') {
        // Whole points of a quota that saves as many of the mode: within one.
        expect(Math.abs(spent.mean - all)).toBeLessThanOrEqual(1);
      } else expect([mitigation.name, spent]).toEqual([mitigation.name, { mean: all, sd: 0 }]);
    }
  });

  test('what has no price or no sense at a budget is left out with the reason', () => {
    const { omissions } = trialsOf(base(), null, 'klTruthToModel', [100]);
    const names = omissions.map(({ mitigation }) => mitigation.name);
    expect(names).toEqual(['archive', 'coreset', 'padlock', 'real-weight']);
    expect(omissions[2]!.reason).toBe(
      'The mode alone takes about 272 human points, and there are 100.',
    );
    const one = trialsOf(base({ truth: blobs(1) }), null, 'klTruthToModel', [300]);
    expect(one.omissions.map(({ reason }) => reason)).toEqual(['The truth has one mode.']);
    // k-means and a prior, which numbers components by their place, do not go together.
    const kmeans = trialsOf(base({ fit: { init: 'kmeans' } }), null, 'klTruthToModel');
    expect(kmeans.omissions.map(({ mitigation }) => mitigation.name)).toEqual(['prior']);
  });

  test('a watermark without mistakes is fresh data: the same quotas', () => {
    const { trials, specs } = trialsOf(base(), null, 'klTruthToModel');
    const specOf = (name: string) =>
      specs[trials.find(({ mitigation }) => mitigation.name === name)!.place]!;
    for (let t = 2; t <= 40; t++) {
      const quotas = ['fresh', 'watermark'].map((name) => quotaCount(specAt(specOf(name), t)));
      expect(quotas[0]).toBe(quotas[1]);
    }
  });

  test.each([
    [{ batch: { realFraction: 0.1 } }, [300], /realFraction.*Set it to 0/],
    [{ batch: { web: { stock: 10 } } }, [300], /batch.web/],
    [{ batch: { protectedModes: [1] } }, [300], /batch.protectedModes/],
    [{ batch: { qualityFilter: 0.5 } }, [300], /has no price/],
    [{ generations: 2 }, [300], /one later batch/],
    [{}, [99], /takes 100 human points, and there are 99/],
  ])('%o at %i is refused', (raw, budgets, sentence) => {
    expect(() => trialsOf(base(raw), null, 'klTruthToModel', budgets)).toThrow(sentence);
  });

  test('names are each there once', () => {
    const names = [NOTHING, ...MITIGATIONS].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

async function run(engine: Engine, raw: object, budgets?: readonly number[]): Promise<TrialRun> {
  const trials = trialsOf(parseSpec(raw), null, 'varianceRatio', budgets);
  return runTrials(trials, planTrials(trials, engine, null), engine);
}

// WebGPU would compile a pipeline for each mitigation; that its cells are those of a run is tested
// with the attribution.
describe.each(enginesUnderTest.filter(({ name }) => name !== 'webgpu'))('$name', ({ open }) => {
  let engine: Engine;
  let found: TrialRun;
  const [n, generations, replicates] = [40, 10, 600];
  beforeAll(async () => {
    engine = await open();
    found = await run(engine, {
      ...{ seed: 3, truth: blobs(1), sampleSize: n, generations, replicates },
    });
  });
  afterAll(() => engine.close());

  /** E v_G by theory; NaN where there is no law. */
  const lawOf = (name: string): number => {
    const { place } = found.trials.find(({ mitigation }) => mitigation.name === name)!;
    const { results } = found;
    return lawAt(results, place * BLOCKS, generations, statisticIndex(results, 'varianceRatio'));
  };

  test('one Gaussian: means of the variance are those of theory, for most of the toolbox', () => {
    const ranking = rankingOf(found, {
      statistic: 'varianceRatio',
      summary: 'mean',
      budget: 3 * n,
    });
    const lawful = ranking.rows.filter(({ name }) => !Number.isNaN(lawOf(name)));
    const names = lawful.map(({ name }) => name);
    const expected = ['nothing', 'fresh', 'early', 'late', 'large-start', 'accumulate', 'memory'];
    expect(names).toEqual(expect.arrayContaining([...expected, 'subsample', 'detector']));
    for (const { name, value } of lawful) {
      // The error of blocks has 9 degrees of freedom: |t₉| passes 6.9 as seldom as |z| passes 4.
      const t = (value.value - lawOf(name)) / value.se;
      expect(Math.abs(t), `${name}: t = ${t.toFixed(2)}`).toBeLessThanOrEqual(6.9);
    }
  });

  test('and so is the ranking: whoever is told to be better has the better law', () => {
    const ranking = rankingOf(found, {
      statistic: 'varianceRatio',
      summary: 'mean',
      budget: 3 * n,
    });
    const { rows, pairs } = ranking;
    let told = 0;
    rows.forEach(({ name: worse }, i) => {
      rows.forEach(({ name: better }, j) => {
        const apart = Math.abs(1 - lawOf(worse)) - Math.abs(1 - lawOf(better));
        if (Number.isNaN(apart) || !isTold(pairs[i]![j]!)) return;
        told++;
        // 19 of 20 intervals hold the difference: that one far from 0 has the wrong sign is a rarity.
        expect(Math.sign(pairs[i]![j]!.value), `${worse} and ${better}`).toBe(Math.sign(apart));
      });
    });
    // Half of some hundred pairs at least are apart.
    expect(told).toBeGreaterThan(50);
    // F_ST: of n points k fresh, more than of none, and late ones count more than early ones.
    const place = (name: string) => rows.findIndex((row) => row.name === name);
    expect(place('fresh')).toBeLessThan(place('nothing'));
    expect(place('late')).toBeLessThan(place('early'));
  });
});

describe('the ranking', () => {
  const engine = createReferenceEngine();
  let found: TrialRun;
  let ranking: Ranking;
  beforeAll(async () => {
    const truth = { ...blobs(3), separation: 6, weights: { zipf: 2 } };
    const sizes = { sampleSize: 30, generations: 6, replicates: 30 };
    found = await run(engine, { truth, ...sizes }, [30, 90]);
    ranking = rankingOf(found, { statistic: 'klTruthToModel', summary: 'q50', budget: 90 });
  });

  test('is by distance from the truth; ranks follow the list, and are places of firsts', () => {
    const { rows, pairs } = ranking;
    const ranked = rows.filter(({ rank }) => rank !== null);
    // All but where nothing is done, which spends less.
    expect(rows.slice(ranked.length).map(({ name }) => name)).toEqual(['nothing']);
    const distances = ranked.map(({ distance }) => distance.value);
    expect(distances).toEqual(distances.toSorted((a, b) => a - b));
    ranked.forEach(({ rank }, i) => {
      expect(pairs[i]![i]).toEqual({ value: 0, se: 0 });
      // Not told from the first of its rank, or that one.
      expect(isTold(pairs[i]![rank! - 1]!)).toBe(false);
      const above = ranked[i - 1]?.rank ?? 0;
      if (rank === above) return;
      expect(rank).toBe(i + 1);
      if (i > 0) expect(isTold(pairs[i]![above - 1]!)).toBe(true);
    });
    expect(ranked[0]!.rank).toBe(1);
    expect(new Set(ranked.map(({ rank }) => rank)).size).toBeGreaterThan(3);
    expect(rows).toHaveLength(found.trials.filter(({ budget }) => budget === 90).length);
  });

  test('a row whose own error is wide has the rank of where it stands', () => {
    // Distances and errors of their own; what is told is the difference of two, by 2.26 of it.
    const own = [[1, 0.1], [1.1, 0.1], [2, 0.1], [3, 0.1], [9, 9]] as const; // prettier-ignore
    const pairs = own.map(([a, e]) =>
      own.map(([b, f]) => ({ value: a - b, se: Math.hypot(e, f) })),
    );
    // The last cannot be told from any: counting who is told to be better would make it the first.
    expect(pairs[4]!.some(isTold)).toBe(false);
    expect(ranksOf(5, pairs)).toEqual([1, 1, 3, 4, 4]);
    expect(ranksOf(0, [])).toEqual([]);
  });

  test('what has no number has no rank and stands last of what spends the budget', () => {
    const { results } = found;
    const values = Float64Array.from(results.values);
    const { place } = found.trials.find((t) => t.budget === 90 && t.mitigation.name === 'fresh')!;
    const each = results.values.length / results.cells.length;
    values.fill(NaN, place * BLOCKS * each, (place + 1) * BLOCKS * each);
    const holed = rankingOf({ ...found, results: { ...results, values } }, ranking);
    const tail = holed.rows.slice(-2);
    expect(tail.map(({ name, rank }) => [name, rank])).toEqual([
      ['fresh', null],
      ['nothing', null],
    ]);
    expect(holed.rows.slice(0, -2).every(({ rank }) => rank! >= 1)).toBe(true);
    const text = rankingsText([holed]);
    expect(text).toMatch(/^ +– {2}Fresh each cycle .* no number$/m);
    expect(rankingsCsv([holed])).toMatch(/^90,fresh,,all,1,klTruthToModel,/m);
    const about = { genloss: '', engine: '', adapter: '', spec: {} };
    const record = JSON.parse(rankingsJson([holed], about)) as { rankings: Ranking[] };
    expect(record.rankings[0]!.rows.map(({ rank }) => rank)).toEqual(
      holed.rows.map(({ rank }) => rank),
    );
  });

  test('differences are taken in pairs: of equal specs they are 0', () => {
    const place = (name: string) => ranking.rows.findIndex((row) => row.name === name);
    expect(ranking.pairs[place('fresh')]![place('watermark')]).toEqual({ value: 0, se: 0 });
  });

  test('a statistic whose truth is 1 is ranked by how far it is from 1, on either side', () => {
    const { rows } = rankingOf(found, { statistic: 'tailMass1', summary: 'mean', budget: 90 });
    for (const { value, distance } of rows) {
      expect(distance.value).toBeCloseTo(Math.abs(value.value - 1), 9);
    }
  });

  test('each fails by what has kept least, as measured', () => {
    const { results } = found;
    for (const { place } of found.trials) {
      const { kept, worst, trend, peak, text } = failureOf(found, place, 6);
      const median = (name: string, generation = 6) => {
        const s = statisticIndex(results, name);
        const cells = Array.from({ length: BLOCKS }, (_, block) => place * BLOCKS + block);
        return (
          cells.reduce((sum, cell) => sum + summaryAt(results, cell, generation, s, 'q50'), 0) /
          BLOCKS
        );
      };
      const tails = median('tailMass1');
      expect(kept.tails).toBeCloseTo(Math.min(tails, 1 / tails), 9);
      const known = Object.values(kept).filter((share) => !Number.isNaN(share));
      expect(kept[worst]).toBe(Math.min(...known));
      expect(trend.value).toBeCloseTo(median('klTruthToModel') - median('klTruthToModel', 5), 9);
      const all = [1, 2, 3, 4, 5, 6].map((t) => median('klTruthToModel', t));
      expect(peak.times).toBeCloseTo(Math.max(...all) / all[5]!, 9);
      expect(all[peak.generation - 1]).toBeCloseTo(Math.max(...all), 9);
      expect(text).toMatch(/; (at rest by the end|still getting (worse|better))$/);
    }
  });

  test('text has a row for each in every table; CSV one for each budget and mitigation', () => {
    const text = rankingsText([ranking]);
    for (const { label } of ranking.rows) {
      expect(text.split(label).length, label).toBeGreaterThanOrEqual(4);
    }
    for (const { label, reason } of ranking.omissions) {
      expect(text).toContain(`Left out: ${label}. ${reason}`);
    }
    expect(text).not.toMatch(/NaN|undefined/);
    const both = [30, 90].map((budget) => rankingOf(found, { ...ranking, budget }));
    const lines = rankingsCsv(both).trim().split('\n');
    expect(lines).toHaveLength(1 + found.trials.length);
    expect(new Set(lines.map((line) => line.split(',').length))).toEqual(new Set([25]));
  });

  test('what is ranked has equal cost: what batches cannot hold stands apart', async () => {
    const sizes = { sampleSize: 20, generations: 5, replicates: 20 };
    const budget = 1000;
    const OTHERS: Readonly<Record<string, number>> = {
      ...{ nothing: 20, late: 20 + 2 * 20, detector: 20 + 80 / 0.9, provenance: 20 + 80 / 0.99 },
    };
    const rich = await run(engine, { truth: blobs(1), ...sizes }, [budget]);
    const { rows, ...rest } = rankingOf(rich, {
      statistic: 'varianceRatio',
      summary: 'q50',
      budget,
    });
    const ranked = rows.filter(({ rank }) => rank !== null);
    // A first generation may be as large as one likes; four later batches of 20 may not.
    expect(ranked.map(({ name }) => name).toSorted()).toEqual([
      'archive',
      'coreset',
      'large-start',
    ]);
    for (const row of ranked) expect(row).toMatchObject({ spends: 'all', spent: { mean: 1000 } });
    const apart = rows.slice(ranked.length);
    for (const row of apart) {
      expect(row).toMatchObject({ spends: 'less', rank: null });
      // What a detector drops by mistake, of 1/a candidates for each point, is paid for as well.
      expect(row.spent.mean, row.name).toBeCloseTo(OTHERS[row.name] ?? 100, 6);
    }
    const distances = apart.map(({ distance }) => distance.value);
    expect(distances).toEqual(distances.toSorted((a, b) => a - b));
    const text = rankingsText([{ rows, ...rest }]);
    const tools = rows.length - 1;
    expect(text).toContain(`1 000 human points, all of them spent by 3 of ${tools} mitigations:`);
    expect(text).toContain('\n\n  Not ranked, as they do not spend the budget:\n');
    expect(text).toMatch(/^ +– {2}Fresh .* cannot spend it: its batches hold only 100$/m);
    expect(text).toMatch(/^ +– {2}Nothing .* for comparison$/m);
  });

  test('what was not measured is refused', () => {
    const request = { ...ranking, statistic: 'entropy' } as const;
    expect(() => rankingOf(found, request)).toThrow(RangeError);
  });
});

test('the example of the README is what is run where nothing is given', () => {
  const file = new URL('../../examples/mitigations/spec.json', import.meta.url);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(MINORITY);
});
