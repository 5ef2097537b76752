/** What a cell's summaries come to beside its laws. */
import { survivalLaw } from '../../model/theory/survival-law.ts';
import type { Plan } from '../../plan/plan.ts';
import { lawAt, lawLabel, summaryAt, type Results } from '../results.ts';
import { survivalOf } from '../survival.ts';
import type { ValidationCase } from './case.ts';
import { readerOf, type Reader, type StatedLaw } from './stated.ts';

/** Two-sided: a right engine fails one check in 16 000. */
export const Z_LIMIT = 4;
/** What f32 makes of a number to which each generation adds as much as it was: its share. */
const ROUNDING = 2 ** -22;

export interface Check {
  readonly law: string;
  /** The axes of the cell: `sampleSize = 10`; empty without any. */
  readonly setting: string;
  /** What is measured, and how it is summed up: `varianceRatio, mean`. */
  readonly quantity: string;
  readonly formula: string;
  readonly source: string;
  readonly generation: number;
  readonly lineages: number;
  readonly expected: number;
  /** How far the exact law may be from what is expected, where that is a limit; else 0. */
  readonly slack: number;
  readonly found: number;
  readonly se: number;
  /** Where the standard error is from; `rounding` where chance has no part, `bound` is the most it is. */
  readonly seFrom: 'theory' | 'sample' | 'bound' | 'rounding';
  /** Of what `found` is off by beyond the slack. */
  readonly z: number;
  readonly passed: boolean;
  /** What is found is a mean that is less than normal, and strays more often. */
  readonly near: boolean;
  /** One of each cell, whose squares may be added up: other checks are of the same lineages. */
  readonly independent: boolean;
}

/** Where a check is taken. */
export interface Cell {
  readonly of: ValidationCase;
  readonly plan: Plan;
  readonly results: Results;
  readonly cell: number;
}

export function checksOf(at: Cell): Check[] {
  const { of, plan, results, cell } = at;
  const { spec } = plan.cells[cell]!;
  const read = readerOf(results, cell, spec);
  const stated = (of.stated?.(spec) ?? []).flatMap((law) => statedChecks(at, law, read));
  const means = plan.statistics.flatMap((_, s) => meanChecks(at, s));
  const found = [
    ...survivalChecks(at),
    ...stated,
    ...means.filter((mean) => !stated.some((one) => isRepeat(mean, one))),
  ];
  // The last generation of the first quantity that is exact, with chance in it.
  const scatters = ({ seFrom }: Check) => seFrom === 'theory' || seFrom === 'sample';
  const exact = found.filter((check) => scatters(check) && check.slack === 0);
  const last = exact.findLast(({ quantity }) => quantity === exact[0]!.quantity);
  return found.map((check) => ({ ...check, independent: check === last }));
}

/**
 * Whether the law of the spec says again what a case has stated by itself: one check, not two. Where
 * they part, the theory is wrong in one of them, and both stay.
 */
const isRepeat = (a: Check, b: Check): boolean =>
  a.quantity === b.quantity &&
  a.generation === b.generation &&
  a.seFrom === b.seFrom &&
  Math.abs(a.expected - b.expected) <= ROUNDING * Math.abs(b.expected);

export const settingOf = ({ plan, cell }: Cell): string =>
  plan.axes.map((axis, a) => `${axis} = ${plan.cells[cell]!.values[a]!}`).join(', ');

/** Laws of the mean of a statistic. */
function meanChecks(at: Cell, s: number): Check[] {
  const { of, plan, results, cell } = at;
  const label = lawLabel(results, cell, s);
  if (!label) return [];
  const { sampleSize } = plan.cells[cell]!.spec;
  return of.generations.flatMap((generation) => {
    if (generation > label.testableUntil) return [];
    const known = lawAt(results, cell, generation, s, 'se');
    // A sample's own error can be trusted where the population is near normal.
    const bounded = label.testableUntil === Infinity || 10 * generation <= sampleSize;
    if (Number.isNaN(known) && !bounded) return [];
    const field = (name: 'mean' | 'se' | 'count') => summaryAt(results, cell, generation, s, name);
    const { source, formula } = label;
    return [
      checkOf(at, {
        ...{ source, formula, generation, slack: 0 },
        near: generation > label.testableUntil / 2,
        quantity: `${plan.statistics[s]!}, mean`,
        ...{ lineages: field('count'), found: field('mean') },
        expected: lawAt(results, cell, generation, s),
        known: Number.isNaN(known) ? null : known,
        sample: field('se'),
      }),
    ];
  });
}

/** When a cell's first criterion is met, where the spec tells. */
function survivalChecks(at: Cell): Check[] {
  const { of, plan, results, cell } = at;
  const { spec, truth } = plan.cells[cell]!;
  const [criterion] = spec.criteria;
  // Specs have one by default: it is asked about where a case is about it.
  if (!criterion || of.spec['criteria'] === undefined) return [];
  const law = survivalLaw(spec, truth, criterion);
  if (!law) return [];
  const { survival } = survivalOf(results, cell, 0);
  return of.generations.map((generation) => {
    const expected = law.shares[generation]!;
    const lineages = spec.replicates;
    return checkOf(at, {
      ...{ formula: law.formula, source: law.source, quantity: `${criterion.name}, survival` },
      ...{ generation, lineages, expected, slack: 0, found: survival[generation]! },
      near: isRare(expected, lineages),
      known: Math.sqrt((expected * (1 - expected)) / lineages),
      sample: NaN,
    });
  });
}

function statedChecks(at: Cell, law: StatedLaw, read: Reader): Check[] {
  const lineages = read.spec.replicates;
  return (law.generations ?? at.of.generations).map((generation) => {
    const variance = law.variance(generation);
    const { quantity, formula, source } = law;
    const expected = law.expected(generation);
    return checkOf(at, {
      ...{ quantity, formula, source, generation, lineages, expected },
      near: law.isShare === true && isRare(expected, lineages),
      slack: law.slack?.(generation) ?? 0,
      found: law.found(read, generation),
      known: variance === null ? null : Math.sqrt(variance / lineages),
      sample: (law.sampleSd?.(read, generation) ?? NaN) / Math.sqrt(lineages),
      ...(law.atMost ? { atMost: true } : {}),
    });
  });
}

/** Below so many lineages on the rarer side a share is less than normal. */
const FEW_LINEAGES = 50;

const isRare = (share: number, lineages: number): boolean =>
  lineages * Math.min(share, 1 - share) < FEW_LINEAGES;

type Given = 'quantity' | 'formula' | 'source' | 'generation' | 'lineages' | 'near';

interface Numbers extends Pick<Check, Given | 'expected' | 'slack' | 'found'> {
  /** Theory's standard error; null where it has none. */
  readonly known: number | null;
  readonly sample: number;
  /** The sample's is what it is at most. */
  readonly atMost?: true;
}

export function checkOf(at: Cell, { known, sample, atMost, ...numbers }: Numbers): Check {
  const { expected, generation, found, slack } = numbers;
  const chance = known ?? sample;
  const rounding = ROUNDING * generation ** 2 * Math.abs(expected);
  const source = known !== null ? 'theory' : atMost ? 'bound' : 'sample';
  const seFrom = chance <= rounding ? 'rounding' : source;
  const se = Math.hypot(chance, rounding);
  const off = found - expected;
  const beyond = Math.sign(off) * Math.max(0, Math.abs(off) - slack);
  const z = beyond === 0 ? 0 : beyond / se;
  const setting = settingOf(at);
  // A missing number never passes.
  const passed = Math.abs(z) <= Z_LIMIT;
  return { law: at.of.name, setting, ...numbers, se, seFrom, z, passed, independent: false };
}
