/** What `genloss claims` says: maps for people, JSON, CSV, and a summary in Markdown. */
import { STATUS_NAMES } from '../../model/status.ts';
import { numberField, textField } from '../export/csv.ts';
import { regionSummary, regionText } from './boundary.ts';
import type { ClaimCell, ClaimResult, ClaimsReport } from './check.ts';
import { EARLY, LATE } from './events.ts';
import { FALSE_POSITIVE_RATE } from './grid.ts';
import {
  SETTING_AXES,
  settingText,
  type AxisName,
  type GridAxis,
  type SettingAxis,
} from './setting.ts';
import { FALSE_BELOW, TRUE_ABOVE, VERDICTS, type Verdict } from './verdict.ts';

/** A map for each claim, and what its letters mean. */
export function claimsText(report: ClaimsReport): string {
  const sections = report.claims.map((result) => section(result, report.complete));
  return `${[...sections, legend(report)].join('\n\n')}\n`;
}

/** What it comes to: "true", "bounded" …, and where. */
export function conclusion({ cells, spoken, regions, verdict }: ClaimResult): string {
  const judged = cells.filter((cell) => cell.verdict !== null).length;
  if (verdict === null) return 'Nothing to judge.';
  const text = (of: Verdict) => regionText(regions[of], spoken, judged, of);
  return verdict !== 'bounded' ? text(verdict) : `${text('true')} ${text('false')}`;
}

function section(result: ClaimResult, complete: boolean): string {
  const { claim, verdict } = result;
  const said = `${verdict === null ? 'Not judged' : upper(verdict)}. ${conclusion(result)}`;
  return [
    `${claim.name}: “${claim.sentence}”`,
    ...wrapped(`Said in ${claim.said}.`),
    ...wrapped(`Taken as: ${claim.reading}.`),
    ...(claim.domain ? wrapped(`It is looked at ${claim.domain}.`) : []),
    ...wrapped(complete ? said : `INTERRUPTED; of the settings that were finished: ${said}`),
    '',
    ...mapLines(result),
  ].join('\n');
}

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Of a line, that a terminal of eighty columns has room for. */
const WIDTH = 78;

/** Stands for a blank that no line ends at, as in "n ≤ 30". */
const TIED = '\u00a0';

/** Lines of a paragraph, two blanks in front. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  const tied = text.replace(/ ([≤≥=%]) ?/g, (sign) => sign.replaceAll(' ', TIED));
  for (const word of tied.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(`  ${word}`);
  }
  return lines.map((line) => line.replaceAll(TIED, ' '));
}

const ROWS: readonly AxisName[] = ['rarestWeight', 'sampleSize'];
const SQUARE = 6;

const LETTERS: Readonly<Record<Verdict, string>> = { true: 'T', bounded: 'b', false: 'F' };

/** Rows are weights and sizes; columns are the other two axes. */
function mapLines({ axes, cells }: ClaimResult): string[] {
  const at = (names: (name: AxisName) => boolean) => axes.filter(({ name }) => names(name));
  const [outerRow, innerRow] = at((name) => ROWS.includes(name)) as [GridAxis, GridAxis];
  const [outer, inner] = at((name) => !ROWS.includes(name)) as [GridAxis, GridAxis];
  const head = (axis: GridAxis) => axis.symbol.padStart(SQUARE);
  const block = (values: readonly number[]) => values.map((v) => `${v}`.padStart(SQUARE)).join('');
  const first = inner.values.length * SQUARE;
  const over = (value: number) => `${outer.symbol} = ${value}`;
  const lines = [
    [' '.repeat(3 * SQUARE), ...outer.values.map((v) => over(v).padEnd(first + 2))].join(''),
    [outerRow, innerRow, inner].map(head).join('') +
      outer.values.map(() => block(inner.values)).join('  '),
  ];
  for (const weight of outerRow.values) {
    for (const size of innerRow.values) {
      const squares = outer.values.map((o) =>
        inner.values
          .map((i) => {
            const cell = cells.find(
              ({ setting }) =>
                setting[outerRow.name] === weight &&
                setting[innerRow.name] === size &&
                setting[outer.name] === o &&
                setting[inner.name] === i,
            );
            return square(cell).padStart(SQUARE);
          })
          .join(''),
      );
      const place = `${`${weight}`.padStart(SQUARE)}${`${size}`.padStart(SQUARE)}`;
      lines.push(`${place}${' '.repeat(SQUARE)}${squares.join('  ')}`);
    }
  }
  return lines.map((line) => line.trimEnd());
}

/** "T .98", or "T=.98" as its control; a share is only 0 or 1 where it is. */
function square(cell: ClaimCell | undefined): string {
  if (!cell) return '';
  if (cell.judged === 0) return '–';
  const { verdict, controlVerdict, share } = cell;
  const sign = verdict !== null && verdict === controlVerdict ? '=' : ' ';
  return `${verdict ? LETTERS[verdict] : '·'}${sign}${shareText(share)}`;
}

export function shareText(share: number): string {
  if (share === 0 || share === 1) return `${share}`.padStart(3);
  const cents = Math.min(99, Math.max(1, Math.round(100 * share)));
  return `.${`${cents}`.padStart(2, '0')}`;
}

function legend({ claims, generations, complete, engine, adapter }: ClaimsReport): string {
  const cells = claims.flatMap((result) => result.cells);
  const lineages = Math.max(0, ...cells.map((cell) => cell.lineages));
  const widest = Math.max(0, ...cells.filter(isWhole).map(({ low, high }) => (high - low) / 2));
  const axes = SETTING_AXES.filter(({ name }) =>
    claims.some((result) => result.axes.some((axis) => axis.name === name)),
  );
  return [
    ...wrapped(
      'Squares are the share of lineages that the sentence holds of. T: true, the 95 % interval ' +
        `is over ${TRUE_ABOVE}. F: false, it is under ${FALSE_BELOW}. b: bounded, between, or too ` +
        'few to tell. –: no lineage to judge. ·: a control; for r = 1 every point is real, ' +
        'nothing learns from a model. =: the control with the same other numbers has the same ' +
        'verdict, so that no recursion is needed for it.',
    ),
    ...axes.map(({ symbol, label }) => `    ${symbol}  ${label}`),
    ...wrapped(
      'ω = 1 is one Gaussian, ω < 1 two of them eight standard deviations apart; models have as ' +
        'many components. A point is real with probability r. A sampler of one Gaussian that is ' +
        'cut off at ±c has the λ of its variance: c = 2.44 has λ = 0.9. ' +
        `${detectorText(axes)}Late collapse is under ${LATE} of the variance, or ` +
        `one mode left of two; early collapse is under ${EARLY} of the outer 1 %. The horizon is ` +
        `generation ${generations}. At n = 10 a component may be stuck on one point while the other ` +
        'covers both modes: too wide, which no stage counts.',
    ),
    ...wrapped(
      `${lineages} lineages a setting, on ${engine}: ${adapter}. Where all of them are judged, ` +
        `intervals are up to ±${widest.toFixed(3)}. None is left out: ${statusText(claims)}.`,
    ),
    ...(complete ? [] : wrapped('Interrupted: settings that were not finished are left out.')),
  ].join('\n');
}

const detectorText = (axes: readonly SettingAxis[]): string =>
  axes.some(({ name }) => name === 'recall')
    ? `A detector drops ${100 * FALSE_POSITIVE_RATE} % of real points, too. `
    : '';

const isWhole = ({ judged, lineages }: ClaimCell): boolean => judged === lineages;

/** Of each setting once, what is the matter with its lineages at the horizon. */
function statusText(claims: readonly ClaimResult[]): string {
  const settings = new Map<string, ClaimCell>();
  for (const { axes, cells } of claims) {
    const grid = axes.map(({ name }) => name).join();
    for (const cell of cells) settings.set(`${grid} ${settingText(cell.setting, axes)}`, cell);
  }
  const all = [...settings.values()];
  const lineages = all.reduce((sum, cell) => sum + cell.lineages, 0);
  const counts = STATUS_NAMES.flatMap((name, bit) => {
    const count = all.reduce((sum, { status }) => sum + status[bit]!, 0);
    return count > 0 ? [`${count} ${name}`] : [];
  });
  return `of ${lineages} lineages ${counts.length > 0 ? counts.join(', ') : 'no one is marked'}`;
}

export const claimsJson = (report: ClaimsReport): string =>
  // JSON has no NaN: a number that is missing is null.
  `${JSON.stringify(report, null, 2)}\n`;

const COLUMNS = [
  'claim',
  ...SETTING_AXES.map(({ name }) => name),
  ...['lineages', 'judged', 'met', 'share', 'low', 'high', 'verdict', 'controlVerdict', 'law'],
  ...STATUS_NAMES,
];

/** A row for each claim and setting; shares to six digits. */
export function claimsCsv({ claims }: ClaimsReport): string {
  const rows = claims.flatMap(({ claim, cells }) => cells.map((cell) => csvRow(claim.name, cell)));
  return `${[COLUMNS.join(','), ...rows].join('\n')}\n`;
}

function csvRow(name: string, cell: ClaimCell): string {
  const { setting, lineages, judged, met, share, low, high, control, verdict, law } = cell;
  const { controlVerdict, status } = cell;
  const short = (value: number) => numberField(Number(value.toPrecision(6)));
  return [
    textField(name),
    ...SETTING_AXES.map((axis) => numberField(setting[axis.name])),
    ...[lineages, judged, met].map(numberField),
    ...[share, low, high].map(short),
    control ? 'control' : (verdict ?? ''),
    controlVerdict ?? '',
    law === null ? '' : short(law),
    ...status.map(numberField),
  ].join(',');
}

/** A line for each claim: what is said, how it is taken, how often it is so and mostly where. */
export function claimsMarkdown(claims: readonly ClaimResult[]): string {
  const rows = claims.map((result) => {
    const { claim, cells, spoken, regions } = result;
    const judged = cells.filter(({ verdict }) => verdict !== null).length;
    const counts = VERDICTS.map((verdict) => regions[verdict].count).join(' / ');
    const alike = VERDICTS.map((verdict) => regions[verdict].alike).join(' / ');
    const cause = claim.domain ? `, ${claim.domain}` : '';
    const said = `“${claim.sentence}” (${claim.said}) \`${claim.name}\``;
    const largest = (['true', 'false'] as const).map((verdict) =>
      regionSummary(regions[verdict], spoken, verdict),
    );
    const taken = `${upper(claim.reading)}${cause}`;
    return `| ${[said, taken, `${counts} of ${judged}`, alike, largest.join(' ')].join(' | ')} |`;
  });
  const head =
    '| said | taken as | true / bounded / false | of which also without any model in the loop | ' +
    'the largest block |';
  return `${[head, '|---|---|---|---|---|', ...rows].join('\n')}\n`;
}
