/** What `genloss mitigations` says: lines for people, JSON, and CSV. */
import { statisticRow } from '../../spec/statistics.ts';
import type { About } from '../attribution/report.ts';
import { BLOCKS, isTold, reachOf } from '../blocks.ts';
import type { Estimate } from '../estimate.ts';
import { numberField, textField } from '../export/csv.ts';
import { figure } from '../figure.ts';
import { textTable } from '../text-table.ts';
import { LOSSES } from './failure.ts';
import type { RankedMitigation, Ranking } from './ranking.ts';
import { NOTHING } from './toolbox.ts';

const SUMMARY_WORDS = { q50: 'the median lineage', mean: 'the mean over lineages' } as const;

const count = (value: number): string =>
  Math.round(value).toLocaleString('en').replaceAll(',', ' ');

const within = (estimate: Estimate): string =>
  Number.isNaN(estimate.value)
    ? figure(NaN)
    : `${figure(estimate.value)} ± ${figure(reachOf(estimate), 2)}`;

/** A table for each budget, with what is to be known of it. */
export const rankingsText = (rankings: readonly Ranking[]): string =>
  `${rankings.map(rankingText).join('\n\n')}\n`;

function rankingText(ranking: Ranking): string {
  const { rows } = ranking;
  return [rankingSummary(ranking), assumptions(rows), notes(ranking)].join('\n\n');
}

/** The ranking, and how each fails. */
export function rankingSummary(ranking: Ranking): string {
  const { statistic, summary, generation, budget, rows, lineages } = ranking;
  const { unit } = statisticRow(statistic);
  const tools = rows.filter(({ name }) => name !== NOTHING.name);
  const whole = tools.filter(({ spends }) => spends === 'all').length;
  const head =
    `${count(budget)} human points, all of them spent by ${whole} of ${tools.length} ` +
    `mitigations:\n${statistic} at generation ` +
    `${generation} of ${SUMMARY_WORDS[summary]}${unit ? `, in ${unit}` : ''}.\n` +
    `${count(lineages)} lineages of each in ${BLOCKS} blocks, the same random numbers for all; ` +
    `± is 95 %.\n${rankWords(ranking)}`;
  return [head, table(ranking), failures(rows)].join('\n\n');
}

const rankWords = ({ complete }: Ranking): string =>
  complete
    ? 'A row shares the rank of the one above, unless it is told to be worse, by the difference in\n' +
      'pairs, than the first that has this rank; else its rank is its place.'
    : 'INTERRUPTED: not all lineages have got to the end, and there are no ranks.';

/** What does not spend the budget stands apart. */
function table({ rows }: Ranking): string {
  const right = { align: 'right' } as const;
  const equal = rows.filter(({ spends }) => spends === 'all').length;
  const lines = textTable(
    [
      { head: '#', ...right },
      { head: 'mitigation' },
      { head: 'value', ...right },
      { head: 'human points', ...right },
      { head: 'trained on', ...right },
      { head: 'survive', ...right },
      { head: '' },
    ],
    rows.map((row) => [
      row.rank ? `${row.rank}` : '–',
      row.label,
      within(row.value),
      spentText(row),
      count(row.trained),
      Number.isNaN(row.survival) ? figure(row.survival) : `${figure(100 * row.survival, 2)} %`,
      remark(row),
    ]),
  ).split('\n');
  if (equal === rows.length) return lines.join('\n');
  const apart = ['', '  Not ranked, as they do not spend the budget:'];
  return lines.toSpliced(1 + equal, 0, ...apart).join('\n');
}

const spentText = ({ spent }: RankedMitigation): string =>
  `${spent.sd > 0 ? 'about ' : ''}${count(spent.mean)}`;

function remark(row: RankedMitigation): string {
  if (row.name === NOTHING.name) return 'for comparison';
  switch (row.spends) {
    case 'all':
      return Number.isNaN(row.value.value) ? 'no number' : '';
    case 'less':
      return `cannot spend it: its batches hold only ${spentText(row)}`;
    case 'more':
      return `spends more: ${spentText(row)}`;
  }
}

const failures = (rows: readonly RankedMitigation[]): string =>
  textTable(
    [{ head: 'mitigation' }, { head: 'how it fails, in the median lineage' }],
    rows.map(({ label, failure }) => [label, failure.text]),
  );

function assumptions(rows: readonly RankedMitigation[]): string {
  const lines = rows.flatMap(({ label, doc, assumes }) => [
    [label, doc],
    ...(assumes ? [['', `takes ${assumes}`]] : []),
  ]);
  return textTable([{ head: 'mitigation' }, { head: 'how it spends human points' }], lines);
}

function notes({ omissions, criterion }: Ranking): string {
  return [
    'Human points are those of the first generation and all that later batches take anew, with those',
    'that a detector drops by mistake; whatever else a mitigation takes is free here. Screening that',
    'is blind to values is fresh data by construction: its gain is that human points which it finds',
    'need not be paid for, and here they are.',
    ...(criterion ? [`Surviving lineages are those that have not met: ${criterion}.`] : []),
    ...omissions.map(({ label, reason }) => `Left out: ${label}. ${reason}`),
  ].join('\n');
}

/** NaN, which JSON has not, is null. */
export const rankingsJson = (rankings: readonly Ranking[], about: About): string =>
  `${JSON.stringify({ ...about, rankings }, null, 2)}\n`;

const CSV_HEAD = [
  ...['budget', 'mitigation', 'rank', 'spends', 'complete', 'statistic', 'summary', 'generation'],
  ...['value', 'se', 'low', 'high', 'distance', 'humanPoints', 'humanPointsSd', 'trainedPoints'],
  ...[
    'survival',
    'varianceKept',
    'shapeKept',
    'tailsKept',
    'modesKept',
    'rarestModeKept',
    'meanKept',
  ],
  ...['worst', 'betterThanNext'],
];

/**
 * One row for each budget and mitigation, in the order of `Ranking.rows`. Low and high are the 95 %
 * interval of the value; rank is empty where there is none, complete is 0 where the run was
 * interrupted, and betterThanNext, of two rows with a rank, is 1 where the row is told to be better
 * than the one below it.
 */
export function rankingsCsv(rankings: readonly Ranking[]): string {
  const lines = rankings.flatMap((ranking) =>
    ranking.rows.map((row, place) => csvRow(ranking, row, place)),
  );
  return `${[CSV_HEAD.join(','), ...lines].join('\n')}\n`;
}

function csvRow(
  { budget, statistic, summary, generation, pairs, rows, complete }: Ranking,
  row: RankedMitigation,
  place: number,
) {
  const { name, rank, spends, value, distance, spent, trained, survival, failure } = row;
  const reach = reachOf(value);
  const next = rows[place + 1]?.rank ? pairs[place]![place + 1]! : null;
  return [
    ...[`${budget}`, textField(name), `${rank ?? ''}`, spends, complete ? '1' : '0'],
    ...[statistic, summary, `${generation}`],
    ...[value.value, value.se, value.value - reach, value.value + reach].map(numberField),
    ...[distance.value, spent.mean, spent.sd, trained, survival].map(numberField),
    ...LOSSES.map((loss) => numberField(failure.kept[loss])),
    textField(failure.worst),
    next ? (isTold(next) ? '1' : '0') : '',
  ].join(',');
}
