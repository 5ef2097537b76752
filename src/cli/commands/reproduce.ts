/** `genloss reproduce`: figures of the literature, run again beside what was published. */
import { Option, type Command } from 'commander';
import { SpecError } from '../../errors.ts';
import type { Figure } from '../../experiment/reproduce/figure.ts';
import { FIGURES } from '../../experiment/reproduce/figures.ts';
import { reproductionMarkdown } from '../../experiment/reproduce/report.ts';
import {
  agrees,
  disagreements,
  isTooFar,
  reproduceFigure,
  type FigureReport,
  type ReproductionSize,
} from '../../experiment/reproduce/reproduce.ts';
import { thisMachine } from '../bench/machine.ts';
import { chooseEngine, engineOption, type EngineChoice } from '../engines.ts';
import type { Host } from '../host.ts';
import { openFolder, outputProblems, writeFiles } from '../output.ts';
import { EXIT } from '../problems.ts';
import { progressLine, shortNumber } from '../progress-line.ts';
import { figureFile, keptFigures } from '../reproduced.ts';
import { VERSION } from '../version.ts';

interface ReproduceFlags {
  readonly engine: EngineChoice;
  readonly figure?: readonly string[];
  readonly quick?: true;
  readonly out?: string;
  readonly force?: true;
  readonly quiet?: true;
}

const REPORT = 'REPORT.md';
const NAMES = FIGURES.map(({ name }) => name);
const LISTED = FIGURES.map(({ name, title }) => `  ${name.padEnd(20)} ${title}`).join('\n');

const HELP = `
Figures:
${LISTED}

Without --out the report goes to standard output. With it, DIR gets, or keeps
from before, NAME.json of each figure, and ${REPORT} is assembled from all that
are there: so a long figure may be run by itself. A figure that is there already
is replaced with --force alone, by a quick run as by any other.

Examples:
  genloss reproduce --quick
  genloss reproduce --figure kazdan-data dey-donoho --out reproduction

Exit codes: 0 done, 2 flags or files in DIR wrong, 3 the machine cannot, 4 a row
does not agree (|z| > 4) or all of a figure do not (χ² with p < 0.0001), 130
interrupted (figures that were whole are written).`;

export function addReproduce(program: Command, host: Host, finish: (code: number) => void) {
  program
    .command('reproduce')
    .summary('run figures of the literature beside what was published')
    .description('Runs figures of the literature and holds them beside what was published.')
    .addOption(engineOption())
    .addOption(new Option('-f, --figure <NAME...>', 'only these figures').choices(NAMES))
    .option('--quick', 'fewer lineages, in a minute or two: no figures to quote')
    .option('-o, --out <DIR>', 'folder for the report')
    .option('--force', 'replace figures that are already in DIR')
    .option('-q, --quiet', 'no progress on standard error')
    .addHelpText('after', HELP)
    .action(async (flags: ReproduceFlags) => finish(await reproduce(flags, host)));
}

async function reproduce(flags: ReproduceFlags, host: Host): Promise<number> {
  const chosen = FIGURES.filter(({ name }) => flags.figure?.includes(name) ?? true);
  if (flags.out !== undefined) await openReports(flags.out, chosen, flags.force === true);
  const { engine, why } = await chooseEngine(flags.engine);
  const size: ReproductionSize = flags.quick ? 'quick' : 'published';
  const reports: FigureReport[] = [];
  const tell = (text: string) => {
    if (!flags.quiet) host.err(text);
  };
  try {
    tell(`${why}\n`);
    for (const [index, figure] of chosen.entries()) {
      tell(`${index + 1}/${chosen.length} ${figure.name}\n`);
      const line = progressLine(host, flags.quiet === true);
      const report = await reproduceFigure(figure, engine, {
        ...{ size, signal: host.signal, now: () => host.now() },
        about: { genloss: VERSION, date: host.date().toISOString(), machine: thisMachine() },
        onProgress: (progress) => line.show(progress),
      }).finally(() => line.clear());
      if (!report) return EXIT.interrupted;
      reports.push(report);
      if (flags.out !== undefined) await keep(report, flags.out);
      tell(`${outcome(report)}\n`);
    }
  } finally {
    engine.close();
  }
  if (flags.out === undefined) host.out(reproductionMarkdown(reports));
  else
    tell(
      `Written: ${[REPORT, ...reports.map(({ name }) => figureFile(name))].join(', ')} in ${flags.out}.\n`,
    );
  return reports.every(agrees) ? EXIT.done : EXIT.failed;
}

/** Whatever would end in an error after the run ends in one before it. */
async function openReports(
  folder: string,
  chosen: readonly Figure[],
  force: boolean,
): Promise<void> {
  const names = chosen.map(({ name }) => name);
  const problems = outputProblems(folder, force, names.map(figureFile));
  if (problems.length > 0) throw new SpecError(problems);
  const others = keptFigures(folder, names);
  // Beside figures it is theirs, and assembled anew.
  const strange = outputProblems(folder, force || others.length > 0, [REPORT]);
  if (strange.length > 0) throw new SpecError(strange);
  await openFolder(folder);
}

/** The figure first: it is there whatever has become of the others while it ran. */
async function keep(report: FigureReport, folder: string): Promise<void> {
  const { name } = report;
  await writeFiles(folder, { [figureFile(name)]: [`${JSON.stringify(report, null, 2)}\n`] });
  const all = [...keptFigures(folder, [name]), report];
  all.sort((a, b) => NAMES.indexOf(a.name) - NAMES.indexOf(b.name));
  await writeFiles(folder, { [REPORT]: [reproductionMarkdown(all)] });
}

function outcome(report: FigureReport): string {
  const { name, rows, parts } = report;
  const far = disagreements(report).length;
  const count = parts.reduce((sum, { lineageGenerations }) => sum + lineageGenerations, 0);
  const faults = [
    far > 0 && `${far} rows DO NOT AGREE`,
    isTooFar(report) && 'χ² IS TOO LARGE (p < 0.0001)',
  ].filter(Boolean);
  const verdict = faults.length === 0 ? 'agrees' : faults.join(', ');
  return `${name}: ${rows.length} rows, ${shortNumber(count)} lineage-generations, ${verdict}`;
}
