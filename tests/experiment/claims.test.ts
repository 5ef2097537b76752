/** What is said in public: predicates on lineages, shares against laws, verdicts, boundaries. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { createReferenceEngine } from '../../src/engine/reference/engine.ts';
import {
  boxText,
  boxWords,
  regionOf,
  regionSummary,
  regionText,
} from '../../src/experiment/claims/boundary.ts';
import { CLAIMS } from '../../src/experiment/claims/catalogue.ts';
import {
  checkClaims,
  type ClaimCell,
  type ClaimsReport,
} from '../../src/experiment/claims/check.ts';
import { countOf } from '../../src/experiment/claims/count.ts';
import { gridOf, gridSpecs, type Grid } from '../../src/experiment/claims/grid.ts';
import { claimMap } from '../../src/experiment/claims/map.ts';
import {
  claimsCsv,
  claimsText,
  conclusion,
  shareText,
} from '../../src/experiment/claims/report.ts';
import { gridAxes, type AxisName, type Setting } from '../../src/experiment/claims/setting.ts';
import { judge, type Verdict } from '../../src/experiment/claims/verdict.ts';
import { emptyResults } from '../../src/experiment/empty.ts';
import { rowIndex, SUMMARY_FIELDS, type Results } from '../../src/experiment/results.ts';
import {
  COLLAPSE_FIELDS,
  MET,
  meetsNow,
  newFates,
  thresholdsOf,
} from '../../src/model/reduce/collapse.ts';
import { samplerBias } from '../../src/model/theory/truncated.ts';
import { stageOf } from '../../src/model/statistics/stage.ts';
import { planRun } from '../../src/plan/plan-run.ts';
import { claimsOfCsv } from '../support/claims-csv.ts';
import { enginesUnderTest } from '../support/engines.ts';

const EXAMPLE = join(import.meta.dirname, '../../examples/claims/claims.csv');
const Z_LIMIT = 4;
const HORIZON = 10;

const grid = (
  values: Partial<Record<AxisName, readonly number[]>>,
  replicates: number,
  name: Grid['name'] = 'share',
): Grid => ({ name, axes: gridAxes(values), replicates });

/** One setting, of two modes, the lighter one of a tenth. */
const ONE = grid(
  { rarestWeight: [0.1], sampleSize: [30], samplingBias: [1], realFraction: [0] },
  1,
);

/** A lineage's statistics at a generation. */
interface Moment {
  readonly tail: number;
  readonly variance: number;
  readonly rare: number;
  readonly alive: number;
}

const WELL: Moment = { tail: 0.9, variance: 1, rare: 0.1, alive: 2 };
const TAILLESS = { ...WELL, tail: 0.4 };
const NARROW = { ...WELL, variance: 0.05 };
const RARE_LOST = { ...WELL, rare: 0.001, alive: 1 };

/** The generations that something holds from, the last one first: [[5, NARROW], [3, TAILLESS]]. */
const lineage = (...changes: readonly (readonly [number, Moment])[]): Moment[] =>
  Array.from({ length: HORIZON }, (_, g) => changes.find(([from]) => g + 1 >= from)?.[1] ?? WELL);

/** As an engine that follows these lineages would have it. */
function resultsOf(lineages: readonly (readonly Moment[])[]): Results {
  const [spec] = gridSpecs({ ...ONE, replicates: lineages.length }, HORIZON);
  const plan = planRun(spec!, createReferenceEngine().limits);
  const results = emptyResults(plan);
  const thresholds = thresholdsOf(plan.spec, plan.statistics, []);
  const fates = newFates(thresholds.length, lineages.length);
  for (let t = 1; t <= HORIZON; t++) {
    const rows = lineages.map((own) => valuesOf(own[t - 1]!));
    plan.statistics.forEach((name, s) => {
      const at = rowIndex(results, 0, t, s) * SUMMARY_FIELDS.length;
      const sum = rows.reduce((total, row) => total + row[name]!, 0);
      results.values[at + SUMMARY_FIELDS.indexOf('count')] = lineages.length;
      results.values[at + SUMMARY_FIELDS.indexOf('mean')] = sum / lineages.length;
    });
    thresholds.forEach((threshold, c) => {
      const counts = (t * thresholds.length + c) * COLLAPSE_FIELDS;
      rows.forEach((row, i) => {
        const at = c * lineages.length + i;
        if (fates.met[at] === MET) return;
        results.collapses[counts]!++;
        const valueOf = (s: number) => row[plan.statistics[s]!]!;
        if (meetsNow(threshold, fates, at, valueOf, t)) results.collapses[counts + 1]!++;
      });
    });
  }
  return results;
}

function valuesOf({ tail, variance, rare, alive }: Moment): Record<string, number> {
  const stage = stageOf(variance, tail, alive, 2, { early: 0.5, late: 0.1 });
  const share = (of: number) => (stage === of ? 1 : 0);
  return {
    ...{ tailMass1: tail, varianceRatio: variance, rarestModeMass: rare, modesAlive: alive },
    ...{ stage1Share: share(1), stage2Share: share(2), stage3Share: share(3) },
  };
}

describe('predicates', () => {
  const LIVES = {
    well: lineage(),
    'tails at 3, narrow at 6': lineage([6, { ...NARROW, tail: 0.1 }], [3, TAILLESS]),
    'narrow at 5, tails at 7': lineage([7, { ...NARROW, tail: 0.1 }], [5, NARROW]),
    'both at 4': lineage([4, { ...NARROW, tail: 0.1 }]),
    'tails at 1 and back at 8': lineage([8, WELL], [1, TAILLESS]),
    'the rare mode at 2, narrow at 9': lineage(
      [9, { ...RARE_LOST, variance: 0.01 }],
      [2, RARE_LOST],
    ),
    'narrow at 10, with the rare mode': lineage([10, { ...RARE_LOST, variance: 0.01 }]),
    'narrow at 4 and well at 6': lineage([6, WELL], [4, NARROW]),
  } as const;
  type Life = keyof typeof LIVES;

  const HOLDS: Readonly<Record<string, readonly Life[]>> = {
    'within-5-10': [
      'tails at 3, narrow at 6',
      'narrow at 5, tails at 7',
      'narrow at 10, with the rare mode',
    ],
    'by-10': [
      'tails at 3, narrow at 6',
      'narrow at 5, tails at 7',
      'both at 4',
      'the rare mode at 2, narrow at 9',
      'narrow at 10, with the rare mode',
      'narrow at 4 and well at 6',
    ],
    'tails-by-10': [
      'tails at 3, narrow at 6',
      'narrow at 5, tails at 7',
      'both at 4',
      'tails at 1 and back at 8',
    ],
    'by-4': ['both at 4', 'the rare mode at 2, narrow at 9', 'narrow at 4 and well at 6'],
    'tails-by-4': ['tails at 3, narrow at 6', 'both at 4', 'tails at 1 and back at 8'],
    'tails-first': ['tails at 3, narrow at 6', 'tails at 1 and back at 8'],
    'rarest-first': ['the rare mode at 2, narrow at 9'],
    'fresh-prevents': ['well', 'tails at 1 and back at 8'],
    'fresh-keeps-tails': ['well', 'tails at 1 and back at 8', 'narrow at 4 and well at 6'],
    'detection-prevents': ['well', 'tails at 1 and back at 8'],
    'detection-keeps-tails': ['well', 'tails at 1 and back at 8', 'narrow at 4 and well at 6'],
  };
  /** Of the others the sentence says nothing. */
  const JUDGED: Readonly<Record<string, readonly Life[]>> = {
    'tails-first': (Object.keys(LIVES) as Life[]).filter((life) => life !== 'well'),
    'rarest-first': HOLDS['by-10']!,
  };

  test('all sentences are here', () => {
    expect(CLAIMS.map(({ name }) => name)).toEqual(Object.keys(HOLDS));
  });

  test.each(CLAIMS)('$name, lineage by lineage and all at once', ({ name, predicate }) => {
    const all = Object.keys(LIVES) as Life[];
    const judged = JUDGED[name] ?? all;
    for (const life of all) {
      expect(countOf(resultsOf([LIVES[life]]), 0, predicate), life).toEqual({
        judged: judged.includes(life) ? 1 : 0,
        met: HOLDS[name]!.includes(life) ? 1 : 0,
      });
    }
    expect(countOf(resultsOf(Object.values(LIVES)), 0, predicate)).toEqual({
      judged: judged.length,
      met: HOLDS[name]!.length,
    });
  });
});

describe('verdicts', () => {
  /** Where the whole Wilson interval is on one side of p: a score test of p at 5 %. */
  const score = (met: number, judged: number, p: number) =>
    ((met / judged - p) * Math.sqrt(judged)) / Math.sqrt(p * (1 - p));

  test.each([20, 72, 73, 74, 400, 1000])('of %i lineages, at every count', (judged) => {
    for (let met = 0; met <= judged; met++) {
      const isTrue = score(met, judged, 0.95) > 1.959963984540054;
      const isFalse = score(met, judged, 0.5) < -1.959963984540054;
      const { verdict } = judge(met, judged);
      expect(verdict, `${met}`).toBe(isTrue ? 'true' : isFalse ? 'false' : 'bounded');
    }
  });

  test('seventy-three lineages are the fewest that can make a sentence true', () => {
    // 1/(1 + z²/n) > .95 from n = 19 z² = 72.99 on.
    expect(judge(72, 72).verdict).toBe('bounded');
    expect(judge(73, 73).verdict).toBe('true');
  });

  test('of no lineages there is none', () => {
    expect(judge(0, 0)).toEqual({ share: NaN, low: NaN, high: NaN, verdict: null });
  });

  test('a sampler that is cut off where the legend says has that bias', () => {
    // λ rises by a fifth of what c does: c to three digits is λ to 0.001.
    expect(Math.abs(samplerBias(1, 1, 2.44) - 0.9)).toBeLessThan(0.001);
  });

  test('shares are only 0 and 1 where they are', () => {
    expect([0, 0.0004, 0.5, 0.9996, 1].map(shareText)).toEqual(['  0', '.01', '.50', '.99', '  1']);
  });
});

describe('boundaries', () => {
  const axes = gridAxes({ sampleSize: [10, 30, 100], realFraction: [0, 0.1, 0.5] });
  const VERDICT_OF: Readonly<Record<string, Verdict>> = { T: 'true', B: 'bounded', F: 'false' };
  const cells = (rows: readonly string[]) =>
    rows.flatMap((row, y) =>
      [...row].map((letter, x) => ({
        setting: {
          sampleSize: axes[0]!.values[y]!,
          realFraction: axes[1]!.values[x]!,
        } as unknown as Setting,
        verdict: VERDICT_OF[letter.toUpperCase()] ?? null,
        // Small letters are so without recursion, too.
        controlVerdict: /[tbf]/.test(letter) ? VERDICT_OF[letter.toUpperCase()]! : null,
      })),
    );
  const said = (rows: readonly string[], verdict: 'true' | 'false' = 'true') => {
    const all = cells(rows);
    const judged = all.filter((cell) => cell.verdict !== null).length;
    return regionText(regionOf(all, axes, verdict), axes, judged, verdict);
  };

  test.each([
    [['TTT', 'TTT', 'TTT'], 'True everywhere.'],
    [['FFF', 'FFB', 'FBT'], 'True in 1 of 9 settings: where n = 100, r = 0.5 (1).'],
    [['TTB', 'TTB', 'FFF'], 'True in 4 of 9 settings: where n ≤ 30, r ≤ 0.1 (4).'],
    [['FTT', 'FTT', 'FTT'], 'True in 6 of 9 settings: where r ≥ 0.1 (6).'],
    // Nothing to judge is in nobody's way, and does not count.
    [
      ['T-T', 'TTF', 'FFF'],
      'True in 4 of 8 settings: where n ≤ 30, r ≤ 0.1 (3); where n = 10 (1); ' +
        'all 4 where n ≤ 30.',
    ],
    // What is so without recursion is counted, and in nobody's box while there is anything else.
    [
      ['ttT', 'ttT', 'FFF'],
      'True in 6 of 9 settings, in 4 of them also without any model in the loop. The other 2: ' +
        'where n ≤ 30, r = 0.5 (2).',
    ],
    [
      ['ttF', 'ttF', 'FFF'],
      'True in 4 of 9 settings, in all of them also without any model in the loop: ' +
        'where n ≤ 30, r ≤ 0.1 (4).',
    ],
    [['ttt', 'ttt', 'ttt'], 'True everywhere, in all of them also without any model in the loop.'],
    [['FFF', 'FFF', 'FFF'], 'True nowhere.'],
  ])('%j: %s', (rows, text) => {
    expect(said(rows)).toBe(text);
  });

  test.each([
    [['TTT', 'TTT', 'TTT'], 'True: all 9 everywhere.'],
    [['FFF', 'FFF', 'FFF'], 'True: nowhere.'],
    [
      ['TTF', 'TTF', 'FTF'],
      'True: 4 of 5 with at most 30 points and a fresh share of at most 0.1.',
    ],
    [['tTF', 'tTF', 'tTF'], 'True: all the other 3 with a fresh share of 0.1.'],
    [['tFF', 'tFF', 'tFF'], 'True: all 3 with no fresh points.'],
  ])('%j in words: %s', (rows, text) => {
    expect(regionSummary(regionOf(cells(rows), axes, 'true'), axes, 'true')).toBe(text);
  });

  test('the largest box is larger than any other of all boxes that there are', () => {
    // An own search, over every box of every map of 2 × 3 settings.
    const small = gridAxes({ sampleSize: [10, 30], realFraction: [0, 0.1, 0.5] });
    for (let bits = 1; bits < 64; bits++) {
      const isTrue = (y: number, x: number) => ((bits >> (3 * y + x)) & 1) === 1;
      let most = 0;
      for (const [y0, y1] of [
        [0, 0],
        [0, 1],
        [1, 1],
      ] as const) {
        for (const [x0, x1] of [
          [0, 0],
          [0, 1],
          [0, 2],
          [1, 1],
          [1, 2],
          [2, 2],
        ] as const) {
          const inside = [0, 1].flatMap((y) =>
            [0, 1, 2]
              .filter((x) => y >= y0 && y <= y1 && x >= x0 && x <= x1)
              .map((x) => isTrue(y, x)),
          );
          if (inside.every(Boolean)) most = Math.max(most, inside.length);
        }
      }
      const all = [0, 1].flatMap((y) =>
        [0, 1, 2].map((x) => ({
          setting: {
            sampleSize: small[0]!.values[y]!,
            realFraction: small[1]!.values[x]!,
          } as unknown as Setting,
          verdict: isTrue(y, x) ? ('true' as const) : ('bounded' as const),
          controlVerdict: null,
        })),
      );
      const { boxes, count } = regionOf(all, small, 'true');
      expect(boxes[0]!.count).toBe(most);
      expect(boxes.reduce((sum, box) => sum + box.count, 0)).toBeLessThanOrEqual(count);
    }
  });

  test('stretches in the middle and single values have words of their own', () => {
    const wide = gridAxes({ sampleSize: [10, 30, 100, 300], realFraction: [0, 0.1, 0.5] });
    expect(
      boxText(
        [
          [1, 2],
          [1, 1],
        ],
        wide,
      ),
    ).toBe('n from 30 to 100, r = 0.1');
    expect(
      boxText(
        [
          [0, 3],
          [0, 2],
        ],
        wide,
      ),
    ).toBe('everywhere');
    expect(
      boxWords(
        [
          [1, 2],
          [1, 1],
        ],
        wide,
      ),
    ).toBe('with 30 to 100 points and a fresh share of 0.1');
    // The rarest weight falls along its axis.
    const weights = gridAxes({ rarestWeight: [1, 0.5, 0.1] });
    expect(boxText([[1, 2]], weights)).toBe('ω ≤ 0.5');
    expect(boxWords([[0, 0]], weights)).toBe('with one Gaussian');
  });
});

test('maps of both sizes are specs, and no claim speaks of r = 1', () => {
  for (const size of ['quick', 'full'] as const) {
    for (const name of ['share', 'detector'] as const) {
      const specs = gridSpecs(gridOf(name, size), 50);
      expect(specs).toHaveLength(gridOf(name, size).axes[0]!.values.length);
      for (const { batch, stages } of specs) {
        expect(batch.realDraw).toBe('bernoulli');
        expect(stages).toEqual({ early: 0.5, late: 0.1 });
      }
    }
  }
  const recursive: Setting = {
    ...{ rarestWeight: 0.1, sampleSize: 10, samplingBias: 1, realFraction: 0.1, recall: 0 },
  };
  for (const { holdsFor } of CLAIMS) {
    expect(holdsFor(recursive)).toBe(true);
    expect(holdsFor({ ...recursive, realFraction: 1 })).toBe(false);
  }
});

/** P(k of n). */
function binomial(n: number, p: number): number[] {
  if (p === 0 || p === 1) return Array.from({ length: n + 1 }, (_, k) => (k === p * n ? 1 : 0));
  const terms = [(1 - p) ** n];
  for (let k = 1; k <= n; k++) terms.push((terms[k - 1]! * (n - k + 1) * p) / (k * (1 - p)));
  return terms;
}

/**
 * P(one of two modes has under a tenth of its weight by t), t = 1 …: the lighter one's points are a
 * Wright–Fisher chain, absorbed where either mode has too few.
 */
function lateByCounts(n: number, weight: number, last: number): number[] {
  const isLate = (k: number) => k < 0.1 * weight * n || n - k < 0.1 * (1 - weight) * n;
  const rows = Array.from({ length: n + 1 }, (_, k) => binomial(n, k / n));
  let law = binomial(n, weight);
  let gone = 0;
  return Array.from({ length: last }, (_, t) => {
    if (t > 0) law = rows[0]!.map((__, k) => law.reduce((sum, p, i) => sum + p * rows[i]![k]!, 0));
    gone += law.reduce((sum, p, k) => sum + (isLate(k) ? p : 0), 0);
    law = law.map((p, k) => (isLate(k) ? 0 : p));
    return gone;
  });
}

const zOf = (cell: ClaimCell, p: number) =>
  (cell.share - p) / Math.sqrt((p * (1 - p)) / cell.judged);

describe.each(enginesUnderTest)('$name', ({ open }) => {
  let engine: Engine;
  beforeAll(async () => void (engine = await open()));
  afterAll(() => engine.close());
  const named = (...names: string[]) => CLAIMS.filter(({ name }) => names.includes(name));
  const check = (names: readonly string[], own: Grid): Promise<ClaimsReport> =>
    checkClaims(engine, named(...names), {
      ...{ size: 'quick', generations: 10, grids: () => own },
    });

  it('one Gaussian collapses when the law says, with a narrow sampler too', async () => {
    const own = grid(
      { rarestWeight: [1], sampleSize: [5, 10, 20], samplingBias: [1, 0.9], realFraction: [0] },
      1000,
    );
    const { claims, complete } = await check(['within-5-10', 'by-10', 'by-4'], own);
    expect(complete).toBe(true);
    for (const { claim, cells } of claims) {
      expect(cells).toHaveLength(6);
      for (const cell of cells) {
        const where = `${claim.name}, n ${cell.setting.sampleSize}, λ ${cell.setting.samplingBias}`;
        expect(cell.judged).toBe(1000);
        // Where fewer than five are expected, a share has no z: by-4 at n = 20.
        if (1000 * Math.min(cell.law!, 1 - cell.law!) < 5) expect(cell.share).toBeLessThan(0.02);
        else expect(Math.abs(zOf(cell, cell.law!)), where).toBeLessThanOrEqual(Z_LIMIT);
      }
    }
  });

  it('of two modes one is lost when their points are', async () => {
    const own = grid(
      { rarestWeight: [0.5, 0.1], sampleSize: [10, 30], samplingBias: [1], realFraction: [0] },
      400,
    );
    const { claims } = await check(['by-10', 'by-4'], own);
    for (const { claim, cells } of claims) {
      expect(cells).toHaveLength(4);
      for (const cell of cells) {
        const { sampleSize, rarestWeight } = cell.setting;
        const last = claim.name === 'by-4' ? 4 : 10;
        const p = lateByCounts(sampleSize, rarestWeight, last)[last - 1]!;
        const where = `${claim.name}, n ${sampleSize}, ω ${rarestWeight}: ${cell.share} for ${p}`;
        if (400 * p < 5) expect(cell.share, where).toBeLessThan(0.04);
        else expect(Math.abs(zOf(cell, p)), where).toBeLessThanOrEqual(Z_LIMIT);
        expect(cell.law).toBeNull();
      }
    }
  });
});

describe('the example', () => {
  const claims = claimsOfCsv(readFileSync(EXAMPLE, 'utf8'));

  test('is of the map that there is', () => {
    for (const { claim, cells, axes, spoken } of claims) {
      const own = gridOf(claim.grid, 'quick');
      expect(cells.every(({ lineages }) => lineages === own.replicates)).toBe(true);
      const settings = axes.reduce((count, { values }) => count * values.length, 1);
      expect(cells, claim.name).toHaveLength(settings);
      const judged = spoken.reduce((count, { values }) => count * values.length, 1);
      expect(cells.filter(({ control }) => !control)).toHaveLength(judged);
    }
  });

  test('is as the README sums it up', () => {
    const cellsOf = (name: string, where: (setting: Setting) => boolean) => {
      const found = claims.find(({ claim }) => claim.name === name)!.cells;
      const chosen = found.filter(({ control, setting }) => !control && where(setting));
      expect(chosen.length, name).toBeGreaterThan(4);
      return chosen;
    };
    const points = ({ sampleSize, rarestWeight }: Setting) => sampleSize * rarestWeight;
    const by10 = cellsOf('by-10', () => true);
    const rule = by10.filter(({ verdict }) => verdict === 'true');
    expect(Math.max(...rule.map(({ setting }) => points(setting)))).toBe(1);
    const added = by10.filter(
      ({ verdict, controlVerdict }) => verdict !== 'false' && controlVerdict === 'false',
    );
    expect(added).toHaveLength(8);
    for (const { setting, verdict, share } of added) {
      expect([setting.sampleSize, verdict]).toEqual([10, 'bounded']);
      expect(setting.rarestWeight).toBeGreaterThanOrEqual(0.5);
      expect(setting.realFraction).toBeLessThanOrEqual(0.01);
      expect(share).toBeGreaterThan(0.45);
      expect(share).toBeLessThan(0.7);
    }
    for (const { share } of cellsOf('by-10', (at) => points(at) >= 100)) {
      expect(share).toBeLessThan(0.02);
    }
    const rare = (at: Setting) => at.rarestWeight === 0.01 && points(at) <= 1;
    for (const { verdict } of cellsOf('tails-first', rare)) {
      expect(verdict).toBe('false');
    }
    for (const { share } of cellsOf('tails-first', (at) => points(at) >= 100)) {
      expect(share).toBeGreaterThan(0.95);
    }
    const fresh = (at: Setting) => at.rarestWeight >= 0.1 && at.sampleSize >= 300;
    for (const { verdict } of cellsOf(
      'fresh-prevents',
      (at) => fresh(at) && at.realFraction >= 0.1,
    )) {
      expect(verdict).toBe('true');
    }
    const narrow = (at: Setting) => at.rarestWeight === 1 && at.samplingBias < 1;
    const hundredth = cellsOf('fresh-prevents', (at) => narrow(at) && at.realFraction === 0.01);
    for (const { verdict } of hundredth) expect(verdict).toBe('false');
    const kept = cellsOf('fresh-keeps-tails', fresh);
    expect(kept.some(({ verdict }) => verdict === 'false')).toBe(true);
  });

  test('is held against its controls as the README sums it up', () => {
    const regionIn = (name: string, verdict: Verdict) => {
      const { count, alike } = claims.find(({ claim }) => claim.name === name)!.regions[verdict];
      return [count, alike];
    };
    expect(regionIn('within-5-10', 'true')).toEqual([0, 0]);
    expect(regionIn('by-10', 'true')).toEqual([12, 12]);
    expect(regionIn('by-4', 'true')).toEqual([6, 6]);
    expect(regionIn('tails-first', 'false')).toEqual([26, 26]);
    expect(regionIn('fresh-prevents', 'false')).toEqual([58, 36]);
    expect(regionIn('detection-prevents', 'false')).toEqual([60, 54]);
    const tails = claims.find(({ claim }) => claim.name === 'tails-by-10')!.cells;
    const lost = tails.filter((cell) => cell.verdict === 'true' && cell.controlVerdict !== 'true');
    expect(lost).toHaveLength(21);
    expect(lost.every(({ setting }) => setting.samplingBias === 0.9)).toBe(true);
  });

  test('has the control verdicts of its own r = 1 rows', () => {
    const text = readFileSync(EXAMPLE, 'utf8').trim().split('\n');
    const place = text[0]!.split(',').indexOf('controlVerdict');
    const told = text.slice(1).map((line) => line.split(',')[place]!);
    const cells = claims.flatMap((result) => result.cells);
    expect(told).toEqual(cells.map(({ controlVerdict }) => controlVerdict ?? ''));
  });

  test('has the shares that the laws say, and the verdicts that they come to', () => {
    const known = claims.flatMap(({ cells }) => cells.filter(({ law }) => law !== null));
    expect(known.length).toBeGreaterThanOrEqual(30);
    for (const cell of known) {
      if (cell.judged * Math.min(cell.law!, 1 - cell.law!) < 5) {
        expect(Math.abs(cell.share - cell.law!)).toBeLessThan(0.03);
      } else expect(Math.abs(zOf(cell, cell.law!))).toBeLessThanOrEqual(Z_LIMIT);
    }
    for (const { met, judged, verdict, control } of claims.flatMap(({ cells }) => cells)) {
      if (!control) expect(verdict).toBe(judge(met, judged).verdict);
    }
  });
});

describe('a report', () => {
  const engine = createReferenceEngine();
  const own = grid(
    {
      rarestWeight: [1, 0.1],
      sampleSize: [10, 20],
      samplingBias: [1, 0.9],
      realFraction: [0, 0.1, 1],
    },
    20,
  );
  const run = (signal?: AbortSignal, onRun?: (plan: unknown, number: number) => void) =>
    checkClaims(engine, CLAIMS.slice(0, 8), {
      ...{ size: 'quick', generations: 10, grids: () => own },
      ...(signal && { signal }),
      ...(onRun && { onRun }),
    });

  let report: ClaimsReport;
  beforeAll(async () => void (report = await run()));

  test('has a square for each setting, controls without a verdict, and says where', () => {
    const [within] = report.claims;
    expect(within!.cells).toHaveLength(24);
    const controls = within!.cells.filter(({ control }) => control);
    expect(controls).toHaveLength(8);
    expect(
      controls.every(({ verdict, setting }) => verdict === null && setting.realFraction === 1),
    ).toBe(true);
    expect(within!.axes.at(-1)!.values).toEqual([0, 0.1, 1]);
    expect(within!.spoken.at(-1)!.values).toEqual([0, 0.1]);
    // Of one Gaussian no mode is rarest, and without real points there is no control to be fresh.
    const rarest = report.claims.find(({ claim }) => claim.name === 'rarest-first')!;
    expect(rarest.axes[0]!.values).toEqual([0.1]);
    const fresh = report.claims.find(({ claim }) => claim.name === 'fresh-prevents')!;
    expect(fresh.axes.at(-1)!.values).toEqual([0.1, 1]);
    const counted = (verdict: 'true' | 'bounded' | 'false') => within!.regions[verdict].count;
    expect(counted('true') + counted('bounded') + counted('false')).toBe(16);

    const text = claimsText(report);
    for (const { claim } of report.claims) {
      expect(text).toContain(`${claim.name}: “${claim.sentence}”`);
    }
    const square = within!.cells[0]!;
    expect(text).toContain(`${shareText(square.share)}`);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(conclusion(within!)).toMatch(/^(True|False) /);

    const rows = claimsCsv(report).trim().split('\n');
    expect(rows[0]).toBe(
      'claim,rarestWeight,sampleSize,samplingBias,realFraction,recall,lineages,judged,met,share,' +
        'low,high,verdict,controlVerdict,law,' +
        'degenerate,overflow,nonFinite,componentLost,attemptsExhausted,unconverged',
    );
    expect(rows).toHaveLength(1 + report.claims.reduce((sum, { cells }) => sum + cells.length, 0));
    expect(rows[1]).toMatch(/^within-5-10,1,10,1,0,0,20,20,\d+,/);
    expect(rows.filter((row) => row.includes(',control,'))).not.toHaveLength(0);
  });

  test('is drawn over any two axes', () => {
    const [within] = report.claims;
    const at = { rarestWeight: 0.1, samplingBias: 0.9 };
    const map = claimMap(within!, { x: 'realFraction', y: 'sampleSize', at });
    expect([map.x.values, map.y.values]).toEqual([
      [0, 0.1, 1],
      [10, 20],
    ]);
    expect(map.cells.map((cell) => cell!.setting)).toEqual(
      [10, 20].flatMap((sampleSize) =>
        [0, 0.1, 1].map((realFraction) => ({ ...at, sampleSize, realFraction, recall: 0 })),
      ),
    );
    map.cells.forEach((cell, i) => {
      expect(map.shares[i]).toBe(cell!.share);
      expect(map.words[map.values[i]!] ?? null).toBe(cell!.verdict);
    });
    expect(() => claimMap(within!, { x: 'recall', y: 'sampleSize', at })).toThrow(RangeError);
  });

  test('that is cut off has the settings that were done', async () => {
    const stop = new AbortController();
    const cut = await run(stop.signal, (_, number) => number === 1 && stop.abort());
    expect(cut.complete).toBe(false);
    expect(cut.claims[0]!.cells.every(({ setting }) => setting.rarestWeight === 1)).toBe(true);
    expect(cut.claims[0]!.cells).toHaveLength(12);
    expect(claimsText(cut)).toContain('Interrupted');
    expect(claimsText(cut)).toContain('INTERRUPTED; of the settings');
    const nothing = await run(AbortSignal.abort());
    expect(nothing.claims.every(({ verdict }) => verdict === null)).toBe(true);
    expect(claimsText(nothing).replaceAll(/\s+/g, ' ')).toContain('Nothing to judge.');
  });
});
