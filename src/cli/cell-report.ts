/** Options, formats and files that commands share which report on the experiments of one cell. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Engine } from '../engine/engine.ts';
import { BLOCK_SUMMARIES, type BlockSummary } from '../experiment/blocks.ts';
import { minimalSpec, type Spec } from '../spec/schema.ts';
import { SCALAR_STATISTICS, STATISTIC_NAMES, type StatisticName } from '../spec/statistics.ts';
import { engineOption, type EngineChoice } from './engines.ts';
import { addSetting, countOf } from './flags.ts';
import type { Host } from './host.ts';
import { writeFiles } from './output.ts';
import { VERSION } from './version.ts';

const FORMATS = ['text', 'json', 'csv'] as const;
export type CellReport = Readonly<Record<(typeof FORMATS)[number], string>>;

export interface CellFlags {
  readonly cell: number;
  readonly statistic: StatisticName;
  readonly summary: BlockSummary;
  readonly engine: EngineChoice;
  readonly set?: readonly string[];
  readonly format: keyof CellReport;
  readonly out?: string;
  readonly quiet?: true;
}

/** There are too many for a list of choices: those of one mode each are not named. */
function statisticOf(text: string): StatisticName {
  const name = STATISTIC_NAMES.find((known) => known === text);
  if (name) return name;
  throw new InvalidArgumentError(`It is none of ${SCALAR_STATISTICS.join(', ')}, modeMass_1 ….`);
}

/** @param file Name of the files in the folder of --out, without their ends. */
export const addCellOptions = (command: Command, statisticDoc: string, file: string): Command =>
  command
    .argument('[SPEC]', 'JSON file, - or preset:NAME')
    .option('-c, --cell <i>', 'which cell of a sweep', countOf(0), 0)
    .addOption(
      new Option('--statistic <NAME>', `${statisticDoc}; they are listed by genloss schema`)
        .argParser(statisticOf)
        .default('klTruthToModel'),
    )
    .addOption(
      new Option('--summary <NAME>', 'median or mean over lineages')
        .choices(BLOCK_SUMMARIES)
        .default('q50'),
    )
    .addOption(engineOption())
    .option('-s, --set <path=value>', 'set one field of the spec; may be repeated', addSetting)
    .addOption(new Option('--format <NAME>', 'how to say it').choices(FORMATS).default('text'))
    .option('-o, --out <DIR>', `folder for ${file}.json and ${file}.csv, too`)
    .option('-q, --quiet', 'no progress on standard error');

/** To standard output in the format asked for, and as files where a folder is. */
export async function giveReport(
  report: CellReport,
  { format, out }: CellFlags,
  file: string,
  host: Host,
): Promise<void> {
  host.out(report[format]);
  if (out === undefined) return;
  await writeFiles(out, { [`${file}.json`]: [report.json], [`${file}.csv`]: [report.csv] });
}

/** Where the numbers of a report come from. */
export const provenanceOf = (spec: Spec, engine: Engine) => ({
  genloss: VERSION,
  engine: engine.name,
  adapter: engine.adapter.description,
  spec: minimalSpec(spec),
});
