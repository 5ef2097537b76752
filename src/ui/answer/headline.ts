/** What the numbers say, in a sentence. */
import { statisticIndex, summaryAt, type Results } from '../../experiment/results.ts';
import type { StatisticName } from '../../spec/statistics.ts';
import { formatCount, formatValue } from '../format.ts';

/** A share as a person says it; number and sign stay on one line. */
export function percent(share: number): string {
  if (share >= 0.9995) return `${formatValue(100 * share, 3)}\u00a0%`;
  if (share >= 0.1) return `${Math.round(100 * share)}\u00a0%`;
  if (share === 0) return 'nothing';
  return share < 1e-5 ? 'less than 0.001\u00a0%' : `${formatValue(100 * share, 2)}\u00a0%`;
}

/** Null while the generation is not there yet, or where nothing that has words was measured. */
export function headline(results: Results, cell: number, generation: number): string | null {
  if (generation < 1) return 'Generation 0 is the truth itself.';
  const median = (name: StatisticName): number => {
    const s = statisticIndex(results, name);
    return s < 0 ? NaN : summaryAt(results, cell, generation, s, 'q50');
  };
  const said = join([...keepings(median), ...beings(median)]);
  if (said === '') return null;
  const fits = generation === 1 ? '1 generation' : `${formatCount(generation)} generations`;
  return `After ${fits} the median lineage ${said}.`;
}

function keepings(median: (name: StatisticName) => number): string[] {
  const ratio = median('varianceRatio');
  const variance = Number.isNaN(ratio) ? Math.exp(median('logVarianceRatio')) : ratio;
  const tail = median('tailMass1');
  const kept: string[] = [];
  if (!Number.isNaN(variance)) kept.push(`${percent(variance)} of the variance`);
  if (!Number.isNaN(tail)) kept.push(`${percent(tail)} of the outermost 1\u00a0%`);
  return kept.length > 0 ? [`keeps ${kept.join(' and ')}`] : [];
}

function beings(median: (name: StatisticName) => number): string[] {
  const modes = median('modesAlive');
  const divergence = median('klTruthToModel');
  const said: string[] = [];
  if (!Number.isNaN(modes)) {
    said.push(`has ${formatValue(modes, 3)} of the truth’s modes left alive`);
  }
  if (!Number.isNaN(divergence)) said.push(`is ${formatValue(divergence, 3)} nats from the truth`);
  return said;
}

const join = (parts: readonly string[]): string =>
  parts.length < 2
    ? parts.join('')
    : `${parts.slice(0, -1).join(', ')}, and ${parts[parts.length - 1]}`;
