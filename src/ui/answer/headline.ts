/** What the numbers say, in a sentence. */
import { statisticIndex, summaryAt, type Results } from '../../experiment/results.ts';
import { formatCount, formatValue } from '../format.ts';
import type { StatisticName } from '../../spec/statistics.ts';

/** A share as a person says it. */
export function percent(share: number): string {
  if (share >= 0.9995) return `${formatValue(100 * share, 3)} %`;
  if (share >= 0.1) return `${Math.round(100 * share)} %`;
  if (share >= 1e-4) return `${formatValue(100 * share, 2)} %`;
  return share === 0 ? 'nothing' : 'next to nothing';
}

interface Clause {
  readonly statistic: StatisticName;
  /** From the median and the mean; null where they say nothing worth a clause. */
  readonly say: (median: number, mean: number) => string | null;
}

const CLAUSES: readonly Clause[] = [
  { statistic: 'varianceRatio', say: (median) => `keeps ${percent(median)} of the variance` },
  {
    statistic: 'logVarianceRatio',
    say: (median) => `keeps ${percent(Math.exp(median))} of the variance`,
  },
  {
    statistic: 'tailMass1',
    say: (median) => `gives the outer 1 % of the truth ${percent(median)} of its mass`,
  },
  {
    statistic: 'modesAlive',
    say: (median) => `has ${formatValue(median, 3)} ${median === 1 ? 'mode' : 'modes'} alive`,
  },
  {
    statistic: 'klTruthToModel',
    say: (median) => `is ${formatValue(median, 3)} nats from the truth`,
  },
];

const MOST_CLAUSES = 3;

/** Null while the generation is not there yet. */
export function headline(results: Results, cell: number, generation: number): string | null {
  if (generation < 1) return 'Generation 0 is the truth itself.';
  const clauses: string[] = [];
  let lineages = 0;
  for (const { statistic, say } of CLAUSES) {
    const s = statisticIndex(results, statistic);
    if (s < 0 || clauses.length >= MOST_CLAUSES) continue;
    // Two ways to say the same thing are one too many.
    if (statistic === 'logVarianceRatio' && statisticIndex(results, 'varianceRatio') >= 0) continue;
    const median = summaryAt(results, cell, generation, s, 'q50');
    if (Number.isNaN(median)) continue;
    lineages = summaryAt(results, cell, generation, s, 'count');
    const clause = say(median, summaryAt(results, cell, generation, s, 'mean'));
    if (clause) clauses.push(clause);
  }
  if (clauses.length === 0) return null;
  const last = clauses.pop()!;
  const said = clauses.length > 0 ? `${clauses.join(', ')} and ${last}` : last;
  const fits = generation === 1 ? '1 generation' : `${formatCount(generation)} generations`;
  return `After ${fits} the median of ${formatCount(lineages)} lineages ${said}.`;
}
