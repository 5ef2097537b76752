/** Verdicts and regimes in words, for the page and for the end of a run on the command line. */
import { CERTAIN } from './estimate.ts';
import { figure } from './figure.ts';
import { REGIME_NAME, REGIMES, regimeOf, type Regime } from './regime.ts';
import type { Results } from './results.ts';
import { lossTrend, scalingLaws, type LossTrend, type ScalingLaw } from './verdicts.ts';

/** As large as the error lets it be, and no more exact. */
const within = (value: number, se: number): string =>
  `${figure(value)} ± ${figure(CERTAIN * se, 2)}`;

const TREND_WORDS = {
  rising: 'still rising',
  falling: 'falling',
  unclear: 'no change that is more than chance',
} as const satisfies Record<LossTrend['verdict'], string>;

/** Without the full stop. */
export function trendText({ verdict, of, from, to, change, se }: LossTrend): string {
  const nats = `${within(change, se)} nats from generation ${from} to ${to}`;
  const words = verdict === 'unclear' ? 'unclear: ' : `${TREND_WORDS[verdict]}, by `;
  return `${words}${nats} (${of} over lineages)`;
}

const LAW_WORDS = {
  steeper: 'steeper: few data cost more than they did with real data',
  shallower: 'shallower: more data help less than they did with real data',
  unclear: 'no change that is more than chance',
} as const satisfies Record<ScalingLaw['verdict'], string>;

/** Without the full stop. */
export function scalingText({ verdict, first, last, generation }: ScalingLaw): string {
  const power = ({ slope, se }: ScalingLaw['first']) => `n^(${within(slope, se)})`;
  const laws = `the excess loss goes as ${power(first)} in generation 1`;
  return `${laws} and as ${power(last)} in generation ${generation}, ${LAW_WORDS[verdict]}`;
}

/** What is said of single cells and laws; more of them are counted. */
const MOST_SINGLE = 4;

/** What a run comes to, in a few lines; none where nothing that has a verdict was measured. */
export function verdictLines(results: Results): string[] {
  return [...regimeLines(results), ...trendLines(results), ...scalingLines(results)];
}

function regimeLines(results: Results): string[] {
  const found = results.cells.map((_, cell) => regimeOf(results, cell));
  const counts = REGIMES.map((regime): [Regime, number] => [
    regime,
    found.filter((one) => one === regime).length,
  ]).filter(([, count]) => count > 0);
  if (counts.length === 0) return [];
  if (found.length === 1) return [`${REGIME_NAME}: ${found[0]}.`];
  return [
    `Regimes of the variance: ${counts.map(([regime, count]) => `${count} ${regime}`).join(', ')}.`,
  ];
}

function trendLines(results: Results): string[] {
  const trends = results.cells.flatMap((_, cell) => {
    const trend = lossTrend(results, cell);
    return trend ? [{ cell, trend }] : [];
  });
  if (trends.length === 0) return [];
  if (trends.length > MOST_SINGLE) {
    const counted = countWords(trends.map(({ trend }) => TREND_WORDS[trend.verdict]));
    return [`Test loss at the horizon: ${counted}.`];
  }
  const of = (cell: number) => (results.cells.length > 1 ? `, cell ${cell}` : '');
  return trends.map(
    ({ cell, trend }) => `Test loss at the horizon${of(cell)}: ${trendText(trend)}.`,
  );
}

function scalingLines(results: Results): string[] {
  const laws = scalingLaws(results);
  if (laws.length > MOST_SINGLE) {
    return [`Scaling in n: ${countWords(laws.map(({ verdict }) => verdict))}.`];
  }
  const of = ({ cells }: ScalingLaw) => (laws.length > 1 ? `, cells ${cells.join(', ')}` : '');
  return laws.map((law) => `Scaling in n${of(law)}: ${scalingText(law)}.`);
}

/** "12 × rising, 3 × falling", the most frequent first. */
function countWords(words: readonly string[]): string {
  return [...new Set(words)]
    .map((word): [string, number] => [word, words.filter((one) => one === word).length])
    .toSorted(([, a], [, b]) => b - a)
    .map(([word, count]) => `${count} × ${word}`)
    .join(', ');
}
