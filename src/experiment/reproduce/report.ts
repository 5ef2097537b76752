/** The report as Markdown, assembled from figures that may have been run one by one. */
import { markdownTable } from '../../spec/markdown-table.ts';
import { rateText, secondsText } from '../bench/format.ts';
import type { Machine } from '../bench/report.ts';
import { Z_LIMIT } from '../validate/checks.ts';
import { LEAST_P } from '../validate/false-alarm.ts';
import type { Row } from './figure.ts';
import { disagreements, isTooFar, type FigureReport, type PartReport } from './reproduce.ts';

const NOTHING = '–';

const number = (value: number): string =>
  Number.isFinite(value) ? `${Number(value.toPrecision(5))}` : NOTHING;

const errorText = (value: number): string =>
  Number.isFinite(value) ? `${Number(value.toPrecision(2))}` : NOTHING;

const withError = (value: number, se: number): string =>
  se > 0 ? `${number(value)} ± ${errorText(se)}` : number(value);

/** In the order of `reports`. */
export function reproductionMarkdown(reports: readonly FigureReport[]): string {
  const parts = [
    '# Figures of the literature, run again',
    INTRODUCTION,
    reproductionSummary(reports),
    ...reports.map(section),
  ];
  return `${parts.join('\n\n')}\n`;
}

const INTRODUCTION = `\`genloss reproduce --figure NAME\` runs a figure and \`npm run reproduce\` all of them, with fixed
seeds: the same version on the same engine and machine gives the same numbers. Where a record was made in
another way its section says so. Seconds are by the clock, beside whatever else the machine had to do.

**z** is (ours − published or exact) in standard errors: that of theory where it is known, else the
sample's, and that of what was published where it has one. By the sample's own it is Student's t, given as
the normal deviate of the same chance. Where a limit is stated ± says how far the setting may be from it,
beyond which z is counted. A row without z has a statement instead: it is shown and not tested. χ² adds up
one tested row of each cell, which are independent. Over ${Z_LIMIT} in z a row does not agree, nor do all of
a figure together where p, the chance of so large a χ², is under ${LEAST_P}: the command ends with code 4.`;

/**
 * A line for each figure: how much was tested, how far off it is, and what it cost. `file` is where
 * the report is, for a table beside it.
 */
export function reproductionSummary(reports: readonly FigureReport[], file = ''): string {
  const head = ['figure', 'rows tested', 'worst z', 'χ²', 'p', 'lineage-generations', 'took'];
  return markdownTable(
    head,
    reports.map((report) => {
      const tested = report.rows.filter(({ z }) => z !== null);
      const { chiSquare } = report;
      return [
        `[${report.title}](${file}#${report.name})`,
        `${tested.length} of ${report.rows.length}`,
        zText(worst(tested)),
        chiSquare ? `${number(chiSquare.sum)} of ${chiSquare.degrees}` : NOTHING,
        chiSquare ? errorText(chiSquare.p) : NOTHING,
        rateText(total(report.parts, 'lineageGenerations')),
        secondsText(total(report.parts, 'seconds')),
      ];
    }),
  );
}

const total = (parts: readonly PartReport[], field: 'lineageGenerations' | 'seconds'): number =>
  parts.reduce((sum, part) => sum + part[field], 0);

/** The z that is furthest out; null where none is tested. */
function worst(rows: readonly Row[]): number | null {
  const all = rows.flatMap(({ z }) => (z === null ? [] : [z]));
  return all.length > 0 ? all.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a)) : null;
}

const zText = (z: number | null): string => (z === null ? NOTHING : z.toFixed(2));

function section(report: FigureReport): string {
  const far = disagreements(report);
  const failed = far.length > 0 ? `**${far.length} rows do not agree.**` : '';
  const together = isTooFar(report) ? `**χ² is too large: p is under ${LEAST_P}.**` : '';
  const quick =
    report.size === 'quick' ? '**A quick run: fewer lineages than the report has.**' : '';
  const parts = [
    `<a id="${report.name}"></a>`,
    `## ${report.title}`,
    report.about,
    report.citation,
    [failed, together, quick].filter(Boolean).join(' '),
    rowTable(report.rows),
    ...report.conclusions,
    costText(report),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

const HEAD = ['setting', 't', 'quantity', 'published or exact', 'ours', 'z', 'statement', 'source'];

const rowTable = (rows: readonly Row[]): string =>
  markdownTable(
    HEAD,
    rows.map((row) => [
      row.setting || NOTHING,
      `${row.generation}`,
      row.quantity,
      expectedText(row),
      withError(row.found, row.se),
      zText(row.z),
      row.statement || NOTHING,
      row.source,
    ]),
  );

function expectedText({ expected, expectedSe, slack, se }: Row): string {
  if (expected === null) return NOTHING;
  return withError(expected, expectedSe > 0 ? expectedSe : slack > 0.01 * se ? slack : 0);
}

function costText(report: FigureReport): string {
  const { parts, genloss, date, engine, adapter, machine } = report;
  const runs = parts.map(({ spec, cells, lineages, lineageGenerations, seconds }) => {
    const size = `${cells === 1 ? '1 cell' : `${cells} cells`}, ${rateText(lineages)} lineages`;
    const cost = `${rateText(lineageGenerations)} lineage-generations in ${secondsText(seconds)}`;
    return `- ${size}, ${cost}: \`${JSON.stringify(spec)}\``;
  });
  const where = `genloss ${genloss}, ${date.slice(0, 10)}: ${engine} on ${adapter}; ${machineText(machine)}.`;
  return [where, ...runs].join('\n');
}

function machineText({ cpu, cores, system, runtime, load }: Machine): string {
  const busy = load === null ? '' : `load ${load.toFixed(1)} before the start`;
  return [cpu, `${cores} cores`, system, runtime, busy].filter((part) => part !== '').join(', ');
}
