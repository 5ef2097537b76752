/** What `genloss attribute` says: lines for people, JSON, and CSV. */
import type { PlainObject } from '../../spec/paths.ts';
import { statisticRow } from '../../spec/statistics.ts';
import { BLOCKS, isTold, reachOf } from '../blocks.ts';
import type { Estimate } from '../estimate.ts';
import { numberField } from '../export/csv.ts';
import { figure } from '../figure.ts';
import { textTable } from '../text-table.ts';
import type { Attribution, CauseShare, Combination } from './attribution.ts';
import { CAUSES, COALITIONS } from './causes.ts';

const SUMMARY_WORDS = { q50: 'the median lineage', mean: 'the mean over lineages' } as const;

const within = (estimate: Estimate): string =>
  Number.isNaN(estimate.value)
    ? figure(NaN)
    : `${figure(estimate.value)} ± ${figure(reachOf(estimate), 2)}`;

const percent = (portion: number): string =>
  Number.isNaN(portion) ? '' : `${figure(100 * portion, 2)} %`;

/** Bars in characters, the table of all combinations, and what the shares add up to. */
export function attributionText(attribution: Attribution): string {
  const { statistic, generation, summary, lineages } = attribution;
  const row = statisticRow(statistic);
  const unit = row.unit ? `, in ${row.unit}` : '';
  const count = lineages.toLocaleString('en').replaceAll(',', ' ');
  const head =
    `Which error did it: ${statistic} at generation ${generation} of ${SUMMARY_WORDS[summary]}${unit}.\n` +
    `${count} lineages in ${BLOCKS} blocks; ± is 95 %.`;
  const parts = [
    head,
    bars(attribution),
    efficiency(attribution),
    combinationTable(attribution),
    interactionTable(attribution),
    notes(attribution).join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

const BAR_WIDTH = 30;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;
/** Of a cause that has undone some of the damage. */
const LIGHT = '░';

function bar(share: number, longest: number): string {
  if (!Number.isFinite(share) || longest === 0) return '';
  const eighths = Math.round((8 * BAR_WIDTH * Math.abs(share)) / longest);
  if (share < 0) return LIGHT.repeat(Math.ceil(eighths / 8));
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]!;
}

function bars({ causes }: Attribution): string {
  const longest = Math.max(...causes.map(({ share }) => Math.abs(share.value) || 0));
  const rows = causes.map((cause) => [
    cause.label,
    bar(cause.share.value, longest).padEnd(BAR_WIDTH),
    within(cause.share),
    percent(cause.portion),
    remark(cause),
  ]);
  const right = { align: 'right' } as const;
  return textTable(
    [
      { head: 'cause' },
      { head: 'share' },
      { head: '', ...right },
      { head: '', ...right },
      { head: '' },
    ],
    rows,
  );
}

function remark({ name, acts, share }: CauseShare): string {
  // Every spec has a finite n.
  if (!acts) return name === 'finite-n' ? 'changes nothing here' : 'the spec does not have it';
  return isTold(share) || Number.isNaN(share.value) ? '' : 'not told from 0';
}

function efficiency({ causes, all, none, explained }: Attribution): string {
  const sum = causes.reduce((total, { share }) => total + share.value, 0);
  return (
    `  Shares add up to ${figure(sum, 6)}: ${figure(all.value, 6)} with all four` +
    ` less ${figure(none.value, 6)} with none is ${figure(explained.value, 6)}.`
  );
}

const mark = (there: boolean): string => (there ? '×' : '·');

function combinationTable({ combinations }: Attribution): string {
  const held = combinations.some((one) => one.held > 0);
  const rows = combinations.map((one) => [
    ...CAUSES.map(({ name }) => mark(one.causes.includes(name))),
    within(one.value),
    `${one.sampleSize}`,
    `${one.lineages}`,
    ...(held ? [`${one.held}`] : []),
  ]);
  const right = { align: 'right' } as const;
  return textTable(
    [
      ...CAUSES.map(({ label }) => ({ head: label })),
      { head: 'value', ...right },
      { head: 'n', ...right },
      { head: 'lineages', ...right },
      ...(held ? [{ head: 'held', ...right }] : []),
    ],
    rows,
  );
}

function interactionTable({ interactions, explained }: Attribution): string {
  const rows = interactions.map(({ between: [a, b], value }) => [
    `${labelOf(a)} and ${labelOf(b)}`,
    within(value),
    isTold(value) ? `${value.value * explained.value > 0 ? 'more' : 'less'} together` : '',
  ]);
  return textTable([{ head: 'interaction' }, { head: '', align: 'right' }, { head: '' }], rows);
}

const labelOf = (name: string): string => CAUSES.find((cause) => cause.name === name)!.label;

function notes({ causes, combinations, manyPoints, summary, complete }: Attribution): string[] {
  const meanings = CAUSES.map(({ label, doc }) => `${label}: ${doc}.`);
  const acts = causes.some((cause) => cause.name === 'finite-n' && cause.acts);
  const left = causes.map((cause) => Math.abs(cause.left)).filter((move) => !Number.isNaN(move));
  const many = manyPoints.toLocaleString('en').replaceAll(',', ' ');
  const rest =
    left.length > 0
      ? ` By cells with a quarter of them,\nno share would move by more than about ` +
        `${figure(Math.max(...left), 2)} from there to infinitely many.`
      : '';
  return [
    ...meanings,
    acts
      ? `Without finite n a batch has ${many} points.${rest}`
      : `n is as large as what stands in for infinitely many points: ${many}.`,
    ...heldNotes(combinations, summary),
    ...unconvergedNotes(combinations),
    ...(complete ? [] : ['INTERRUPTED: not all lineages have got that far.']),
  ];
}

function heldNotes(
  combinations: readonly Combination[],
  summary: Attribution['summary'],
): string[] {
  const held = combinations.filter((one) => one.held > 0).length;
  if (held === 0) return [];
  const what =
    summary === 'mean'
      ? 'which have no mean: --summary q50 may have a number'
      : 'which the median can bear as long as they are fewer than half';
  return [`In ${held} of ${COALITIONS} combinations some lineages are held at ±1e18,\n${what}.`];
}

function unconvergedNotes(combinations: readonly Combination[]): string[] {
  const open = combinations.filter((one) => one.unconverged > 0);
  if (open.length === 0) return [];
  const most = Math.max(...open.map(({ unconverged, lineages }) => unconverged / lineages));
  return [
    `In ${open.length} of ${COALITIONS} combinations EM that was to converge did not,\nin some fit of up to ` +
      `${figure(100 * most, 2)} % of the lineages.`,
  ];
}

/** What was run, and by whom. */
export interface About {
  readonly genloss: string;
  readonly engine: string;
  readonly adapter: string;
  /** Without its defaults. */
  readonly spec: PlainObject;
}

/** NaN, which JSON has not, is null. */
export const attributionJson = (attribution: Attribution, about: About): string =>
  `${JSON.stringify({ ...about, ...attribution }, null, 2)}\n`;

const CSV_HEAD = [
  ...['row', ...CAUSES.map(({ name }) => name)],
  ...['value', 'se', 'low', 'high', 'sampleSize', 'lineages', 'held'],
];

/**
 * One row for each combination, share and interaction; columns of causes have 1 for those that a row
 * is about. Low and high are the 95 % interval.
 */
export function attributionCsv({ causes, combinations, interactions }: Attribution): string {
  const line = (
    kind: string,
    about: readonly string[],
    estimate: Estimate,
    rest: readonly number[],
  ) => {
    const marks = CAUSES.map(({ name }) => (about.includes(name) ? '1' : '0'));
    const { value, se } = estimate;
    const reach = reachOf(estimate);
    const numbers = [value, se, value - reach, value + reach].map(numberField);
    const others = [0, 1, 2].map((i) => numberField(rest[i] ?? NaN));
    return [kind, ...marks, ...numbers, ...others].join(',');
  };
  const lines = [
    CSV_HEAD.join(','),
    ...combinations.map((one) =>
      line('combination', one.causes, one.value, [one.sampleSize, one.lineages, one.held]),
    ),
    ...causes.map(({ name, share }) => line('share', [name], share, [])),
    ...interactions.map(({ between, value }) => line('interaction', between, value, [])),
  ];
  return `${lines.join('\n')}\n`;
}
