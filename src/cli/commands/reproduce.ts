/** `genloss reproduce`: figures of the literature, run again beside what was published. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { SpecError } from '../../errors.ts';
import { FIGURES } from '../../experiment/reproduce/figures.ts';
import { reproductionMarkdown } from '../../experiment/reproduce/report.ts';
import {
  disagreements,
  reproduceFigure,
  type FigureReport,
  type ReproductionSize,
} from '../../experiment/reproduce/reproduce.ts';
import { thisMachine } from '../bench/machine.ts';
import { chooseEngine, engineOption, type EngineChoice } from '../engines.ts';
import type { Host } from '../host.ts';
import { folderProblems, openFolder, writeFiles } from '../output.ts';
import { EXIT } from '../problems.ts';
import { progressLine, shortNumber } from '../progress-line.ts';
import { VERSION } from '../version.ts';

interface ReproduceFlags {
  readonly engine: EngineChoice;
  readonly figure?: readonly string[];
  readonly quick?: true;
  readonly out?: string;
  readonly quiet?: true;
}

const REPORT = 'REPORT.md';
const NAMES = FIGURES.map(({ name }) => name);
const LISTED = FIGURES.map(({ name, title }) => `  ${name.padEnd(20)} ${title}`).join('\n');

const HELP = `
Figures:
${LISTED}

Without --out the report goes to standard output. With it, DIR gets, or keeps
from before, NAME.json of each figure, replaced where it is run, and ${REPORT} is
assembled from all that are there: so a long figure may be run by itself.

Examples:
  genloss reproduce --quick
  genloss reproduce --figure kazdan-data dey-donoho --out reproduction

Exit codes: 0 done, 2 flags wrong, 3 the machine cannot, 4 a row does not agree
(|z| > 4), 130 interrupted (figures that were whole are written).`;

export function addReproduce(program: Command, host: Host, finish: (code: number) => void) {
  program
    .command('reproduce')
    .summary('run figures of the literature beside what was published')
    .description('Runs figures of the literature and holds them beside what was published.')
    .addOption(engineOption())
    .addOption(new Option('-f, --figure <NAME...>', 'only these figures').choices(NAMES))
    .option('--quick', 'fewer lineages, in a minute or two: no figures to quote')
    .option('-o, --out <DIR>', 'folder for the report')
    .option('-q, --quiet', 'no progress on standard error')
    .addHelpText('after', HELP)
    .action(async (flags: ReproduceFlags) => finish(await reproduce(flags, host)));
}

async function reproduce(flags: ReproduceFlags, host: Host): Promise<number> {
  if (flags.out !== undefined) await openFolder(checkedFolder(flags.out));
  const chosen = FIGURES.filter(({ name }) => flags.figure?.includes(name) ?? true);
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
  else tell(`Written: ${[REPORT, ...reports.map(fileOf)].join(', ')} in ${flags.out}.\n`);
  return reports.some((report) => disagreements(report).length > 0) ? EXIT.failed : EXIT.done;
}

function checkedFolder(folder: string): string {
  const problems = folderProblems(folder);
  if (problems.length > 0) throw new SpecError(problems);
  return folder;
}

const fileOf = ({ name }: { readonly name: string }): string => `${name}.json`;

/** The figure, and the report of all that are there with it. */
async function keep(report: FigureReport, folder: string): Promise<void> {
  const others = FIGURES.filter(({ name }) => name !== report.name).flatMap((figure) => {
    const path = join(folder, fileOf(figure));
    return existsSync(path) ? [JSON.parse(readFileSync(path, 'utf8')) as FigureReport] : [];
  });
  const all = [...others, report].sort((a, b) => NAMES.indexOf(a.name) - NAMES.indexOf(b.name));
  await writeFiles(folder, {
    [fileOf(report)]: [`${JSON.stringify(report, null, 2)}\n`],
    [REPORT]: [reproductionMarkdown(all)],
  });
}

function outcome(report: FigureReport): string {
  const { name, rows, parts } = report;
  const far = disagreements(report).length;
  const count = parts.reduce((sum, { lineageGenerations }) => sum + lineageGenerations, 0);
  const verdict = far === 0 ? 'agrees' : `${far} rows DO NOT AGREE`;
  return `${name}: ${rows.length} rows, ${shortNumber(count)} lineage-generations, ${verdict}`;
}
