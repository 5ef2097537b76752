/** The report as Markdown: for people, and for the file that is kept beside the code. */
import { markdownTable } from '../../spec/markdown-table.ts';
import { Z_LIMIT } from './agreement.ts';
import type { BenchReport, ContenderLine, Machine } from './report.ts';
import type { CurveReport } from './curves.ts';
import { percent, rateText, ratioText, secondsText } from './format.ts';
import { WITHIN, type Absence, type CaseReport, type Standing } from './runner.ts';
import { HAND_OVER_COST } from '../../plan/hand-over.ts';

type Row = readonly string[];

const NOTHING = '–';

export function benchMarkdown(report: BenchReport): string {
  return joined([
    '# Bench',
    introduction(report),
    ...measured(report),
    ...(isShort(report) || onlyMechanisms(report) ? [] : ['## Targets', targets(report)]),
    '## How it is measured',
    METHOD,
  ]);
}

/** The same without the project's targets, which are not every machine's business. */
export const comparisonMarkdown = (report: BenchReport): string =>
  joined([
    '# Engines compared',
    introduction(report),
    ...measured(report),
    '## How it is measured',
    METHOD,
  ]);

const joined = (parts: readonly string[]): string =>
  `${parts.filter((part) => part !== '').join('\n\n')}\n`;

const measured = (report: BenchReport): string[] => [
  '## Who took part',
  contenders(report),
  ...usualCases(report),
  ...mechanisms(report),
  ...curves(report),
];

const isMechanism = ({ plain }: CaseReport): boolean => plain !== null;
/** The project's targets are of the usual cases. */
const onlyMechanisms = ({ cases }: BenchReport): boolean =>
  cases.length > 0 && cases.every(isMechanism);

function usualCases(report: BenchReport): string[] {
  const cases = report.cases.filter((each) => !isMechanism(each));
  if (cases.length === 0 && onlyMechanisms(report)) return [];
  return ['## Cases', ...cases.map((each) => caseSection(each, report))];
}

/** One row for each mechanism and contender. */
function mechanisms({ cases }: BenchReport): string[] {
  const found = cases.filter(isMechanism);
  if (found.length === 0) return [];
  const head = ['case', 'what', 'who', 'times plain', 'expected', 'within', 'why'];
  const rows = found.flatMap(({ name, title, standings }) =>
    standings.map(({ contender, beside }) => {
      const { factor, expected, explained } = beside!;
      const near = explained ? 'yes' : '**no**';
      const numbers = [ratioText(factor), ratioText(expected.factor), near];
      return [`\`${name}\``, title, contender, ...numbers, expected.why];
    }),
  );
  const stopped = found.flatMap(({ name, stopped: reason }) =>
    reason === null ? [] : [`**${name} was not timed: ${reason}.**`],
  );
  const absent = found.map((each) => absences(`${each.name} without`, each.absent));
  const missing = absent.filter((text) => text !== '');
  return ['## Mechanisms', MECHANISMS_TEXT, markdownTable(head, rows), ...stopped, ...missing];
}

const MECHANISMS_TEXT = `Each beside plain replace of the same shape, K = 2, d = 1, n = 100, 20 EM steps, 20 generations:
how many times as long a lineage-generation takes, the median over pairs of neighbouring runs.
"Expected" is counted from what there is to do, in visits of a point by a component, a plain draw
being ten: points of the training sets, candidates of the slowest of the points made at once, blocks
of words, densities (\`src/experiment/bench/expected.ts\`, \`src/plan/point-costs.ts\`); "within" says
whether the two are within ${WITHIN} times of each other. Where the WASM engine has no kernels for a
mechanism it is what the reference should take, times ${HAND_OVER_COST}: so much longer the reference
takes over a plain generation. On a software GPU no branch is left out.`;

/** Shorter runs than this show that the bench works, and nothing else. */
const LEAST_SECONDS = 0.5;
const isShort = ({ targetSeconds }: BenchReport): boolean => targetSeconds < LEAST_SECONDS;

function introduction(report: BenchReport): string {
  const { command, date, genloss, machine, runs, complete } = report;
  const short = isShort(report) ? ' Its runs were short: no figures to quote.' : '';
  const stopped = complete ? '' : ' It was stopped before its end.';
  return [
    `Written by \`${command}\` on ${date}, genloss ${genloss}.${stopped}${short}`,
    '',
    ...machineLines(machine),
    `- ${runs} timed runs of each, in turns; medians, and the least and the most beside them`,
    '',
    '**lg** is one lineage-generation: points drawn, a model fitted, its statistics and summaries.',
  ].join('\n');
}

function machineLines({ cpu, cores, memoryBytes, system, runtime, load }: Machine): string[] {
  const memory =
    memoryBytes === null ? [] : [`${(memoryBytes / 2 ** 30).toFixed(0)} GiB of memory`];
  const busy =
    load === null ? [] : [`- load before the start ${load.toFixed(2)} (a minute's mean)`];
  const parts = [cpu, `${cores} cores`, ...memory].filter((part) => part !== '');
  return [`- ${parts.join(', ')}`, `- ${system}, ${runtime}`, ...busy];
}

const targets = ({ targets: rows }: BenchReport): string =>
  markdownTable(
    ['what', 'target', 'measured', ''],
    rows.map(({ what, target, measured, verdict }) => [what, target, measured, verdict]),
  );

function contenders({ contenders: lines, missing }: BenchReport): string {
  const rows = lines.map((line) => [
    line.name,
    line.description,
    line.threads === null ? NOTHING : `${line.threads}`,
    peakText(line),
  ]);
  const here = markdownTable(['name', 'what', 'threads', 'operations at most'], rows);
  return [here, absences('Not here', missing)].filter((part) => part !== '').join('\n\n');
}

const peakText = ({ peak }: ContenderLine): string =>
  peak ? `${rateText(peak.opsPerSecond)}/s: ${peak.how}` : NOTHING;

function absences(title: string, absent: readonly Absence[]): string {
  if (absent.length === 0) return '';
  const each = absent.map(({ contender, reason }) => `${contender} (${reason})`);
  return `${title}: ${each.join('; ')}.`;
}

function caseSection(report: CaseReport, bench: BenchReport): string {
  const { title, name, standings, stopped, absent } = report;
  const parts = [`### ${title}`, agreementText(report)];
  if (stopped !== null) parts.push(`**Not timed: ${stopped}.**`);
  if (standings.length > 0) parts.push(standingsTable(standings, bench));
  parts.push(absences('Did not take part', absent));
  return parts
    .filter((part) => part !== '')
    .join('\n\n')
    .replace('\n\n', ` (\`${name}\`)\n\n`);
}

function agreementText({ agreement }: CaseReport): string {
  const { generation, lineages, comparisons, worst } = agreement;
  if (!worst) return 'Nobody to compare with, and no law.';
  const { contender, against, measure, statistic, z } = worst;
  const count = comparisons.length;
  const far = Number.isNaN(z) ? 'no number' : `z = ${z.toFixed(2)}`;
  return (
    `Same output first: ${count} ${count === 1 ? 'comparison' : 'comparisons'} at generation ` +
    `${generation} over ${lineages} lineages each, the furthest out ${far} (${measure} of ` +
    `${statistic}, ${contender} to ${against}; limit ${Z_LIMIT}).`
  );
}

function standingsTable(standings: readonly Standing[], bench: BenchReport): string {
  const base = slowest(standings, bench);
  const head = ['who', 'lg/s', 'least – most', 'MAD', 'lineages', 'first contact', 'bound'];
  const rows = standings.map((standing) => {
    const { contender, rate, lineageGenerations, prepareSeconds, bound, share } = standing;
    return [
      contender,
      rateText(rate.median),
      `${rateText(rate.min)} – ${rateText(rate.max)}`,
      percent(rate.mad / rate.median),
      rateText(lineageGenerations / standing.generations),
      secondsText(prepareSeconds),
      bound === null ? NOTHING : rateText(bound),
      share === null ? NOTHING : percent(share),
      documentedText(standing),
      ratioText(rate.median / base.rate.median),
    ];
  });
  const whole = [...head, 'share of it', 'of the computed bound', `to ${base.contender}`];
  return dropEmpty(whole, rows);
}

/** What ratios are to: the slowest peer, or where none took part the slowest of all. */
function slowest(standings: readonly Standing[], { contenders: lines }: BenchReport): Standing {
  const peers = new Set(lines.filter(({ kind }) => kind === 'peer').map(({ name }) => name));
  const among = standings.filter(({ contender }) => peers.has(contender));
  const pool = among.length > 0 ? among : standings;
  return pool.reduce((a, b) => (b.rate.median < a.rate.median ? b : a));
}

function documentedText({ documented, rate }: Standing): string {
  if (!documented) return NOTHING;
  const share = percent(rate.median / documented.rate);
  return `${share} of ${rateText(documented.rate)} (${documented.name})`;
}

/** A table without the columns in which nothing stands. */
function dropEmpty(head: Row, rows: readonly Row[]): string {
  const kept = head.map((_, column) => rows.some((row) => row[column] !== NOTHING));
  const keep = (row: Row) => row.filter((_, column) => kept[column]);
  return markdownTable(keep(head), rows.map(keep));
}

function curves({ curves: all, curvesAbsent }: BenchReport): string[] {
  if (all.length === 0) return [];
  const names = [...new Set(all.map(({ name }) => name))];
  const sections = names.map((name) => curveSection(all.filter((curve) => curve.name === name)));
  return ['## Scaling', CURVES_TEXT, ...sections, absences('Not measured', curvesAbsent)];
}

const CURVES_TEXT =
  'The reference job at 20 generations with one size at a time; seconds are medians. The slope ' +
  'is that of ln seconds on ln size by least squares, ± its standard error; 1 is linear.';

function curveSection(curves: readonly CurveReport[]): string {
  const { title, points: values } = curves[0]!;
  const head = ['who', 'lineages', ...values.map(({ value }) => `${value}`), 'slope'];
  const rows = curves.map(({ contender, replicates, points, slope, standardError }) => [
    contender,
    rateText(replicates),
    ...points.map(({ spread }) => secondsText(spread.median)),
    `${slope.toFixed(2)} ± ${standardError.toFixed(2)}`,
  ]);
  return `### ${title}\n\n${markdownTable(head, rows)}`;
}

const METHOD = `- Before anything is timed, everybody runs the same short job from a seed of its own, and the
  mean of logVarianceRatio and the median of varianceRatio are compared in pairs, and means with
  their laws where theory has one; a difference over ${Z_LIMIT} combined standard errors stops the
  case. A median's error is taken from the quartiles.
- Sizes are such that a timed run takes about the time asked for. Runs while the size is sought are
  the warm-up and not counted. Then all run in turns: A B C A B C ….
- Wall clock from the plan to the last summary: drawing, fitting, statistics, reductions, transfers
  and reading back. "First contact" is one lineage-generation before all else, compilation included.
- "Bound" is what the device could do at most: the operations of a lineage-generation, counted from
  the kernels as if every one of them ran at the rate of the cheapest and nothing else took time
  (\`src/experiment/bench/bounds.ts\`), and the rate of operations that independent chains of
  products and sums reached on the same device in the same session. Where EM stops by tolerance the
  number of operations depends on the data, and there is no bound.
- MAD is the median absolute deviation of the runs, as a share of their median.
- Peers are the programs in tests/bench/peers; each reports the wall clock of its own work, without
  its start and compilation.`;
