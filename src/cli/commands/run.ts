/** `genloss run`: a spec in, tables and run.json out. */
import type { Command } from 'commander';
import type { Engine } from '../../engine/engine.ts';
import { collapseCsv, statusCsv } from '../../experiment/export/collapse-csv.ts';
import { resultsCsv } from '../../experiment/export/csv.ts';
import { groupRecords, runRecord } from '../../experiment/export/run-json.ts';
import { runExperiment } from '../../experiment/run.ts';
import type { Results } from '../../experiment/results.ts';
import { verdictLines } from '../../experiment/verdict-text.ts';
import { handOverText } from '../../plan/hand-over.ts';
import type { Plan } from '../../plan/plan.ts';
import { planRun } from '../../plan/plan-run.ts';
import { DEFAULT_MAX_CELLS, DEFAULT_MAX_LINEAGES, specNotes } from '../../spec/schema.ts';
import { chooseEngine, engineOption, type EngineChoice } from '../engines.ts';
import { addSetting, countOf } from '../flags.ts';
import type { Host } from '../host.ts';
import {
  openFolder,
  outputProblems,
  COLLAPSE_FILE,
  FILES,
  RESULTS_FILE,
  RUN_FILE,
  STATUS_FILE,
  writeFiles,
} from '../output.ts';
import { prepare } from '../prepare.ts';
import { EXIT } from '../problems.ts';
import { duration, progressLine, shortNumber } from '../progress-line.ts';
import { VERSION } from '../version.ts';

interface RunFlags {
  readonly out?: string;
  readonly engine: EngineChoice;
  readonly set?: readonly string[];
  readonly batch?: number;
  readonly maxLineages: number;
  readonly maxCells: number;
  readonly maxResults: number;
  readonly force?: true;
  readonly quiet?: true;
}

const HELP = `
SPEC is a JSON file (see: genloss schema), - for standard input, or preset:NAME
(see: genloss presets). Without --out, results.csv goes to standard output.

With --out, DIR gets
  results.csv   one row per cell, generation and statistic
  collapse.csv  one row per cell, criterion and generation: who survives
  status.csv    one row per cell, generation and status bit: who carries it
  run.json      the spec with every default, seed, versions, engine, timings,
                and what each cell has come to

What has become of each cell is said on standard error at the end, under --quiet
too, which leaves out what is said before and on the way.

Examples:
  genloss run spec.json --out out
  genloss run preset:old-faithful --out out --set replicates=1000
  genloss run spec.json --out out --set 'sweep.sampleSize=[10,100,1000]'

Exit codes: 0 done, 2 spec or flags wrong, 3 the machine cannot, 4 the engine
failed, 130 interrupted (what is there is written, and run.json says that it is
incomplete; a second Ctrl-C quits at once).`;

export function addRun(program: Command, host: Host, finish: (code: number) => void) {
  program
    .command('run')
    .summary('run an experiment')
    .description('Runs an experiment and writes what it finds.')
    .argument('<SPEC>', 'JSON file, - or preset:NAME')
    .option('-o, --out <DIR>', 'folder for results.csv, collapse.csv, status.csv and run.json')
    .addOption(engineOption())
    .option('-s, --set <path=value>', 'set one field of the spec; may be repeated', addSetting)
    .option('--batch <n>', 'most lineages in flight at once (default: as fits)', countOf(1))
    .option(
      '--max-lineages <n>',
      'refuse specs with more lineages than this',
      countOf(1),
      DEFAULT_MAX_LINEAGES,
    )
    .option('--max-cells <n>', 'refuse sweeps with more cells', countOf(1), DEFAULT_MAX_CELLS)
    .option('--max-results <MiB>', 'refuse results that need more memory', countOf(1), 1024)
    .option('-f, --force', 'replace results that are already in DIR')
    .option('-q, --quiet', 'only the answer on standard error: no progress')
    .addHelpText('after', HELP)
    .action(async (argument: string, flags: RunFlags) => {
      finish(await run(argument, flags, host));
    });
}

async function run(argument: string, flags: RunFlags, host: Host): Promise<number> {
  const startedAt = host.date().toISOString();
  const { maxLineages, maxCells, out } = flags;
  const asked = {
    settings: flags.set ?? [],
    limits: { maxLineages, maxCells },
    besides: out === undefined ? [] : outputProblems(out, flags.force === true),
  };
  const { spec, data } = await prepare(argument, asked, host);
  host.signal.throwIfAborted();
  const { engine, why } = await chooseEngine(flags.engine);
  try {
    const plan = planRun(spec, engine.limits, {
      data,
      maxResultBytes: flags.maxResults * 2 ** 20,
      ...(flags.batch !== undefined && { batchLineages: flags.batch }),
    });
    host.signal.throwIfAborted();
    if (flags.out !== undefined) await openFolder(flags.out);
    if (!flags.quiet) host.err(`${[why, ...specNotes(spec), describe(plan)].join('\n')}\n`);
    const began = host.now();
    const { results, done } = await execute(plan, engine, flags, host);
    const runSeconds = (host.now() - began) / 1000;
    const finishedAt = host.date().toISOString();
    const written = flags.out === undefined ? [] : FILES;
    const record = runRecord({
      version: VERSION,
      plan,
      results,
      engine,
      timings: { startedAt, finishedAt, runSeconds },
      lineageGenerationsDone: done,
      written,
    });
    await write(results, `${JSON.stringify(record, null, 2)}\n`, flags.out, host);
    // What is incomplete never looks whole, however quiet.
    const ends = !flags.quiet || !results.complete;
    const lines = [
      ...verdictLines(results),
      ...(ends ? [ending(results, done, runSeconds, flags.out)] : []),
    ];
    host.err(lines.map((line) => `${line}\n`).join(''));
    return results.complete ? EXIT.done : EXIT.interrupted;
  } finally {
    engine.close();
  }
}

async function execute(plan: Plan, engine: Engine, flags: RunFlags, host: Host) {
  const line = progressLine(host, flags.quiet === true);
  let done = 0;
  const results = await runExperiment(plan, engine, {
    signal: host.signal,
    now: () => host.now(),
    onProgress: (progress) => {
      done = progress.lineageGenerationsDone;
      line.show(progress);
    },
  }).finally(() => line.clear());
  return { results, done };
}

async function write(results: Results, record: string, out: string | undefined, host: Host) {
  if (out !== undefined) {
    await writeFiles(out, {
      [RESULTS_FILE]: resultsCsv(results),
      [COLLAPSE_FILE]: collapseCsv(results),
      [STATUS_FILE]: statusCsv(results),
      [RUN_FILE]: [record],
    });
    return;
  }
  for (const piece of resultsCsv(results)) host.out(piece);
}

function describe(plan: Plan): string {
  const { cells, lineageCount, lineageGenerations } = plan;
  const cellText = cells.length === 1 ? '1 cell' : `${cells.length} cells`;
  const total = shortNumber(lineageGenerations);
  const handed = handOverText(groupRecords(plan));
  const how = handed && `; ${handed}`;
  return `${cellText}, ${shortNumber(lineageCount)} lineages, ${total} lineage-generations${how}.`;
}

function ending(results: Results, done: number, seconds: number, out: string | undefined) {
  const what = results.complete ? 'Done' : 'Results are incomplete: interrupted';
  const rate = seconds > 0 ? ` (${shortNumber(done / seconds)} lg/s)` : '';
  const where =
    out === undefined ? '' : ` Written: ${FILES.map((name) => `${out}/${name}`).join(', ')}.`;
  return `${what} after ${duration(seconds)}${rate}.${where}`;
}
