/** Words and order of a validation: laws with their checks, those that fail first. */
import type { Check } from '../../experiment/validate/checks.ts';
import type { ValidationSize } from '../../experiment/validate/validate.ts';
import { formatValue } from '../format.ts';

export const SIZES: Readonly<Record<ValidationSize, string>> = {
  glance: 'A glance: a quarter of the lineages of the quick run',
  quick: 'Quick: what genloss validate does, under two minutes on two cores',
  full: 'Full: sixteen times as many lineages, errors a quarter',
};

/** What of all checks is listed. */
export const SHOWN = { all: 'all laws', wide: '|z| over 2', failing: 'what fails' } as const;
export type Shown = keyof typeof SHOWN;

const WIDE = 2;

export interface LawGroup {
  readonly law: string;
  readonly checks: readonly Check[];
  readonly failed: number;
  /** The largest |z|; NaN where a number is missing. */
  readonly furthest: number;
}

const isShown = ({ z, passed }: Check, shown: Shown): boolean => {
  if (shown === 'all') return true;
  return !passed || (shown === 'wide' && Math.abs(z) > WIDE);
};

/** Laws with what is listed of them: those that fail first, else in their order. */
export function lawGroups(checks: readonly Check[], shown: Shown): LawGroup[] {
  const laws = new Map<string, Check[]>();
  for (const check of checks.filter((one) => isShown(one, shown))) {
    const own = laws.get(check.law);
    if (own) own.push(check);
    else laws.set(check.law, [check]);
  }
  const groups = [...laws].map(([law, own]) => ({
    law,
    checks: own.toSorted((a, b) => Number(a.passed) - Number(b.passed)),
    failed: own.filter(({ passed }) => !passed).length,
    furthest: Math.max(...own.map(({ z }) => Math.abs(z))),
  }));
  return groups.toSorted((a, b) => Number(b.failed > 0) - Number(a.failed > 0));
}

export interface CheckRow {
  readonly quantity: string;
  readonly setting: string;
  readonly generation: number;
  readonly expected: string;
  readonly found: string;
  readonly se: string;
  readonly seHint: string;
  readonly z: string;
  readonly passed: boolean;
}

const SE_HINTS: Readonly<Record<Check['seFrom'], string>> = {
  theory: 'Standard error by theory.',
  sample: 'Standard error of the sample: theory has none.',
  bound: 'What the standard error is at most: of a sum of two statistics.',
  rounding: 'Chance has no part: rounding alone.',
};

export const checkRow = (check: Check): CheckRow => {
  const { quantity, setting, generation, expected, slack, found, se, seFrom, z, passed } = check;
  // As in lines for a terminal: a distance that is nothing beside the error is not said.
  const near = slack > 0.01 * se ? ` ± ${formatValue(slack, 1)}` : '';
  return {
    ...{ quantity, setting, generation, passed },
    expected: `${formatValue(expected)}${near}`,
    found: formatValue(found),
    se: formatValue(se, 2),
    seHint: SE_HINTS[seFrom],
    z: zText(z),
  };
};

export const zText = (z: number): string =>
  Number.isFinite(z) ? z.toFixed(2).replace('-', '−') : '–';

export interface Formula {
  readonly quantity: string;
  readonly formula: string;
  readonly source: string;
}

/** Each formula of a law once, with what it is of. */
export function formulasOf(checks: readonly Check[]): Formula[] {
  const found = new Map<string, Formula>();
  for (const { quantity, formula, source } of checks) {
    found.set(`${quantity} ${formula}`, { quantity, formula, source });
  }
  return [...found.values()];
}
