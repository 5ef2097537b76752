/** What the numbers say, in a sentence. */
import { statisticIndex, summaryAt, type Results } from '../../experiment/results.ts';
import { hasStages } from '../../experiment/views/shares.ts';
import type { StatisticName } from '../../spec/statistics.ts';
import { formatCount, formatValue } from '../format.ts';

/** A share as a person says it; number and sign stay on one line. */
export function percent(share: number): string {
  if (share >= 0.9995) return `${formatValue(100 * share, 3)}\u00a0%`;
  if (share >= 0.1) return `${Math.round(100 * share)}\u00a0%`;
  if (share === 0) return 'nothing';
  return share < 1e-5 ? 'less than 0.001\u00a0%' : `${formatValue(100 * share, 2)}\u00a0%`;
}

/** Null while the generation is not there yet. */
export function headline(results: Results, cell: number, generation: number): string | null {
  if (generation < 1) return 'Generation 0 is the truth itself.';
  // Nothing is counted where no lineage has got; tables that are not begun hold no number.
  if (!(summaryAt(results, cell, generation, 0, 'count') > 0)) return null;
  const median = (name: StatisticName): number => {
    const s = statisticIndex(results, name);
    return s < 0 ? NaN : summaryAt(results, cell, generation, s, 'q50');
  };
  const said = join([...keepings(median), ...beings(median)]);
  const fits = generation === 1 ? '1 generation' : `${formatCount(generation)} generations`;
  if (said !== '') return `After ${fits} the median lineage ${said}.`;
  if (hasStages(results)) return `After ${fits} ${stages(results, cell, generation)}.`;
  return `After ${fits} what was measured is in the charts below.`;
}

/** Where lineages have got to; the rest of them has lost nothing that counts. */
function stages(results: Results, cell: number, generation: number): string {
  const share = (name: StatisticName): string => {
    const mean = summaryAt(results, cell, generation, statisticIndex(results, name), 'mean');
    return mean === 0 ? 'none' : percent(mean);
  };
  return (
    `${share('stage2Share')} of the lineages are in early collapse ` +
    `and ${share('stage3Share')} in late collapse`
  );
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
  return [...said, ...beliefs(median)];
}

/** What it makes of the world, and how far that is from one. */
function beliefs(median: (name: StatisticName) => number): string[] {
  const risk = median('valueAtRisk99');
  const covered = median('coverage95');
  const copies = median('ancestry');
  const said: string[] = [];
  if (!Number.isNaN(risk))
    said.push(`puts the worst in a hundred at ${percent(risk)} of what it is`);
  if (!Number.isNaN(covered)) said.push(`covers ${percent(covered)} where it claims 95\u00a0%`);
  if (!Number.isNaN(copies)) said.push(`is ${formatValue(copies, 3)} copies from a human`);
  return said;
}

const join = (parts: readonly string[]): string =>
  parts.length < 2
    ? parts.join('')
    : `${parts.slice(0, -1).join(', ')}, and ${parts[parts.length - 1]}`;
