/**
 * How likely a right engine is to be called wrong, by chance: at most the sum over all checks of the
 * chance that each of them fails, however they depend on one another (Boole), and that of the sum of
 * squares.
 */
import type { Check } from './checks.ts';

/** P(|z| > 4) of a normal number. */
export const PLAIN_RATE = 6.334e-5;
/**
 * The same at most of a mean that is not quite normal: of variances in the second half of the window in
 * which they may be tested, and of few lineages. Of 16 000 means of 4000 lineages at n = 10 a share of
 * 1.2e-4 was beyond 4 standard errors at t = 5, 2.5e-4 at 10 and 6.9e-4 at 11, the window's end.
 */
export const NEAR_RATE = 1e-3;
/** Below this the sum of squares is called too large. */
export const LEAST_P = 1e-4;

export interface FalseAlarm {
  /** Of any check at all: the sum of rates. */
  readonly most: number;
  /** Checks whose mean is near normal, and others. */
  readonly plain: number;
  readonly near: number;
}

export function falseAlarmOf(checks: readonly Check[]): FalseAlarm {
  const near = checks.filter((check) => check.near).length;
  const plain = checks.length - near;
  return { plain, near, most: Math.min(1, plain * PLAIN_RATE + near * NEAR_RATE + LEAST_P) };
}

/** In lines. */
export const falseAlarmText = ({ most, plain, near }: FalseAlarm): string[] => [
  `A right engine would be called wrong by chance with probability ${Number(most.toPrecision(2))} at most:`,
  `${plain} checks at 6.3·10⁻⁵ each, ${near} of means that are less than normal at 10⁻³, and 10⁻⁴`,
  'for χ². Seeds are fixed, so that the outcome is the same every time.',
];
