/**
 * The whole law over lineages, and not its mean alone, of what is a sum of independent ln χ² or the
 * exponential of one: variances and determinants of one Gaussian fitted to its own samples, the sums
 * whose means are in `log-laws.ts`.
 */
import type { Spec } from '../../spec/schema.ts';
import type { StatisticName } from '../../spec/statistics.ts';
import type { Truth } from '../truth.ts';
import { chainSetting } from './chain.ts';
import type { Setting } from './law.ts';
import { logChiSquares, type Distribution } from './log-chi-square.ts';
import { detIncrement, gaussianEntropy, traceIncrement, type Increment } from './log-laws.ts';
import { traceOf } from './second-moments.ts';

/** A statistic that is an increasing function of the sum. */
export interface Reading {
  readonly statistic: StatisticName;
  readonly formula: string;
  /** Whether it is the exponential of the sum, whose mean rare large values hold up. */
  readonly exponential: boolean;
  valueOf(sum: number): number;
  sumOf(value: number): number;
}

export interface WholeLaw {
  readonly name: string;
  readonly source: string;
  /** Of the sum, at a generation from 1 on. */
  sumAt(generation: number): Distribution;
  readonly readings: readonly Reading[];
}

const SOURCE = 'Products of χ² (Bartlett’s decomposition), inverted by Gil-Pelaez 1951';

/** Of each generation so far. */
const EACH = ', u = 1 … t';

/** `spec` is one cell's, without its sweep. */
export function wholeLaws(spec: Spec, truth: Truth): WholeLaw[] {
  const setting = chainSetting(spec, truth);
  if (!setting) return [];
  const trace = traceIncrement(setting);
  const det = detIncrement(setting);
  return [
    ...(trace
      ? [
          {
            name: 'distribution of the variance',
            source: SOURCE,
            sumAt: sumOf(trace, Math.log(setting.bias)),
            readings: traceReadings(setting),
          },
        ]
      : []),
    ...(det
      ? [
          {
            name: 'distribution of the determinant',
            source: SOURCE,
            sumAt: sumOf(det, (setting.dim * Math.log(setting.bias)) / det.factor),
            readings: detReadings(setting, det.factor),
          },
        ]
      : []),
  ];
}

/** @param narrowing What the sampler's bias adds at every generation but the first. */
const sumOf =
  ({ shift, terms }: Increment, narrowing: number) =>
  (generation: number): Distribution =>
    logChiSquares({
      shift: generation * shift + (generation - 1) * narrowing,
      terms: terms.map(({ degrees, times }) => ({ degrees, times: generation * times })),
    });

function traceReadings(setting: Setting): Reading[] {
  const { dim, truth, bias } = setting;
  const total = traceOf(truth.covariance, dim);
  const count = countOf(setting);
  const ratio = dim === 1 ? `χ²_{n−1}/${count}` : `χ²_{d(n−1)}/(d${count})`;
  const narrowing = bias === 1 ? '' : 'λ^(t−1) ';
  const product = `${narrowing}Π ${ratio}${EACH}`;
  const exponential = (statistic: StatisticName, unit: number, formula: string): Reading => ({
    statistic,
    formula,
    exponential: true,
    valueOf: (sum) => unit * Math.exp(sum),
    sumOf: (value) => Math.log(value / unit),
  });
  return [
    exponential('varianceRatio', 1, product),
    exponential('totalVariance', total, `tr C₀ ${product}`),
    linear('logVarianceRatio', 0, 1, `${biased(setting, '')}Σ ln(${ratio})${EACH}`),
  ];
}

function detReadings(setting: Setting, factor: number): Reading[] {
  const count = countOf(setting);
  const text = {
    full: `Σ ln(χ²_{n−i}/${count})${EACH}, i = 1 … d`,
    diagonal: `Σ ln(χ²_{n−1}/${count})${EACH}, i = 1 … d`,
    spherical: `d Σ ln(χ²_{d(n−1)}/(d${count}))${EACH}`,
  }[setting.form];
  const formula = `${biased(setting, 'd ')}${text}`;
  const start = gaussianEntropy(setting);
  return [
    linear('logDetRatio', 0, factor, formula),
    linear('entropy', start, factor / 2, `h(p₀) + ½ [${formula}]`),
  ];
}

const linear = (
  statistic: StatisticName,
  start: number,
  slope: number,
  formula: string,
): Reading => ({
  statistic,
  formula,
  exponential: false,
  valueOf: (sum) => start + slope * sum,
  sumOf: (value) => (value - start) / slope,
});

/** What a sum of squares is divided by. */
const countOf = ({ bessel }: Setting): string => (bessel === 1 ? 'n' : '(n−1)');

const biased = ({ bias }: Setting, factor: string): string =>
  bias === 1 ? '' : `(t−1) ${factor}ln λ + `;
