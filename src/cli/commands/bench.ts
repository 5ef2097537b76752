/** `genloss bench`: how fast the engines of this machine are, and other programs beside them. */
import { isAbsolute, resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { SpecError } from '../../errors.ts';
import { runBench } from '../../experiment/bench/bench.ts';
import type { BenchReport } from '../../experiment/bench/report.ts';
import type { Contender } from '../../experiment/bench/contender.ts';
import { BENCH_CASES, type BenchCase } from '../../experiment/bench/cases.ts';
import { CURVES } from '../../experiment/bench/curves.ts';
import {
  BENCH_ENGINES,
  openEngines,
  type BenchEngine,
  type BenchHost,
} from '../../experiment/bench/engines.ts';
import { ratioText, rateText } from '../../experiment/bench/format.ts';
import { benchMarkdown } from '../../experiment/bench/markdown.ts';
import { MECHANISM_CASES } from '../../experiment/bench/mechanisms.ts';
import type { BenchProgress } from '../../experiment/bench/runner.ts';
import { thisMachine } from '../bench/machine.ts';
import { openPeers } from '../bench/peers.ts';
import { gpuOnDemand } from '../engines.ts';
import type { Host } from '../host.ts';
import { folderProblems, openFolder, writeFiles } from '../output.ts';
import { EXIT } from '../problems.ts';
import { nodeThreads } from '../threads.ts';
import { VERSION } from '../version.ts';

interface BenchFlags {
  readonly engine?: readonly BenchEngine[];
  readonly case?: readonly string[];
  readonly mechanisms?: true;
  readonly runs: number;
  readonly quick?: true;
  readonly full?: true;
  readonly peers?: true | string;
  readonly python: string;
  readonly curves?: true;
  readonly out?: string;
  readonly quiet?: true;
}

const RESULTS_MARKDOWN = 'RESULTS.md';
const RESULTS_JSON = 'results.json';
const PEERS_FOLDER = 'tests/bench/peers';

/** About how long a timed run lasts. */
const TARGET_SECONDS = 1;
const QUICK_SECONDS = 0.05;
/** Long enough that what a run costs once is a small part, with and without a mechanism. */
const MECHANISM_SECONDS = 2;
/** Replicates of a quick check, at most. */
const QUICK_REPLICATES = 100;

const ALL_CASES = [...BENCH_CASES, ...MECHANISM_CASES];
const CASE_NAMES = ALL_CASES.map(({ name }) => name);

function listed(cases: readonly BenchCase[]): string {
  return cases.map(({ name, title }) => `  ${name.padEnd(20)} ${title}`).join('\n');
}

const HELP = `
Without --out the report goes to standard output. With it, DIR gets
  ${RESULTS_MARKDOWN}    for people
  ${RESULTS_JSON}  every run of everybody

Cases:
${listed(BENCH_CASES)}

Mechanisms of batch and retention, each beside plain replace (K = 2, d = 1, n = 100):
${listed(MECHANISM_CASES)}

Examples:
  genloss bench --quick
  genloss bench --case reference --peers --out bench

Exit codes: 0 done, 2 flags wrong, 4 somebody's output differs from the others' or
from the law (that case is not timed), 130 interrupted.`;

const runCount = (text: string): number => {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('Give a whole number from 1 up.');
};

export function addBench(program: Command, host: Host, finish: (code: number) => void) {
  program
    .command('bench')
    .summary('measure how fast the engines of this machine are')
    .description(
      'Measures how fast the engines of this machine are, after holding their output together.',
    )
    .addOption(new Option('-e, --engine <NAME...>', 'only these engines').choices(BENCH_ENGINES))
    .addOption(new Option('-c, --case <NAME...>', 'only these cases').choices(CASE_NAMES))
    .addOption(
      new Option(
        '--mechanisms',
        'what each mechanism costs beside plain replace, instead of the usual cases',
      ).conflicts(['case', 'curves', 'peers', 'full']),
    )
    .option('--runs <n>', 'timed runs of each', runCount, 5)
    .option('--quick', 'short runs, to see that it works: no figures to quote')
    .addOption(new Option('--full', 'whole jobs of a case, on all but the slow').conflicts('quick'))
    .option('--peers [DIR]', `other programs too, those in DIR (default: ${PEERS_FOLDER})`)
    .option('--python <COMMAND>', 'what runs the peers in Python', 'python3')
    .option(
      '--curves',
      'growth with lineages, n, K, d, T, G and all that is kept, of all but the slow',
    )
    .option('-o, --out <DIR>', 'folder for the report')
    .option('-q, --quiet', 'no progress on standard error')
    .addHelpText('after', HELP)
    .action(async (flags: BenchFlags) => finish(await bench(flags, host)));
}

async function bench(flags: BenchFlags, host: Host): Promise<number> {
  if (flags.out !== undefined) await openFolder(checkedFolder(flags.out));
  const engines = await openEngines(flags.engine ?? BENCH_ENGINES, await placeOf(host));
  const peers = await peersOf(flags);
  const opened = [...engines.contenders, ...peers.peers];
  const contenders = flags.mechanisms ? oneOfEach(opened) : opened;
  try {
    const report = await runBench({
      contenders,
      missing: [...engines.missing, ...peers.missing],
      cases: casesOf(flags),
      curves: flags.curves ? CURVES : [],
      runs: flags.runs,
      targetSeconds: secondsOf(flags),
      full: flags.full === true,
      about: {
        genloss: VERSION,
        date: host.date().toISOString(),
        command: commandOf(flags),
        machine: thisMachine(),
      },
      signal: host.signal,
      ...telling(flags, host),
    });
    await write(report, flags, host);
    if (!report.complete) return EXIT.interrupted;
    return report.cases.every(({ agreement }) => agreement.agreed) ? EXIT.done : EXIT.failed;
  } finally {
    opened.forEach((contender) => contender.close());
  }
}

const secondsOf = ({ quick, mechanisms }: BenchFlags): number =>
  quick ? QUICK_SECONDS : mechanisms ? MECHANISM_SECONDS : TARGET_SECONDS;

/** Of each engine the one opened last: all threads, the best build. */
const oneOfEach = (opened: readonly Contender[]): Contender[] =>
  opened.filter(
    ({ engine }, index) => !opened.slice(index + 1).some((later) => later.engine === engine),
  );

const placeOf = async (host: Host): Promise<BenchHost> => ({
  now: () => host.now(),
  threads: await nodeThreads(),
  gpu: gpuOnDemand,
  pace: 'turbo',
  signal: host.signal,
});

function checkedFolder(folder: string): string {
  const problems = folderProblems(folder);
  if (problems.length > 0) throw new SpecError(problems);
  return folder;
}

async function peersOf({ peers, python }: BenchFlags) {
  if (peers === undefined) return { peers: [], missing: [] };
  const folder = peers === true ? PEERS_FOLDER : peers;
  return openPeers(isAbsolute(folder) ? folder : resolve(folder), python);
}

function casesOf({ case: names, quick, mechanisms }: BenchFlags): BenchCase[] {
  const usual = mechanisms ? MECHANISM_CASES : BENCH_CASES;
  const chosen = names ? ALL_CASES.filter(({ name }) => names.includes(name)) : [...usual];
  if (!quick) return chosen;
  return chosen.map((each) => {
    const { generation, replicates } = each.check;
    return { ...each, check: { generation, replicates: Math.min(replicates, QUICK_REPLICATES) } };
  });
}

/** The command line as it can be given again. */
function commandOf(flags: BenchFlags): string {
  const { engine, case: cases, mechanisms, runs, quick, full } = flags;
  const { peers, python, curves, out } = flags;
  const words = [
    'genloss bench',
    engine && `--engine ${engine.join(' ')}`,
    cases && `--case ${cases.join(' ')}`,
    mechanisms && '--mechanisms',
    `--runs ${runs}`,
    quick && '--quick',
    full && '--full',
    peers !== undefined && (peers === true ? '--peers' : `--peers ${peers}`),
    python !== 'python3' && '--python …',
    curves && '--curves',
    out !== undefined && `--out ${out}`,
  ];
  return words.filter((word) => typeof word === 'string').join(' ');
}

/** Progress: where it is on a terminal's line, and every case's medians when it is done. */
function telling({ quiet }: BenchFlags, host: Host) {
  if (quiet) return { onProgress: () => undefined };
  const clear = () => host.terminal && host.err('\r\x1b[K');
  let told = 0;
  return {
    onProgress: ({ name, contender, stage, done, total }: BenchProgress) => {
      if (!host.terminal) return;
      const count = total > 0 ? ` ${done + 1}/${total}` : '';
      const text = `${name} · ${contender} · ${stage}${count}`;
      host.err(`\r${text.slice(0, host.columns - 1)}\x1b[K`);
    },
    onReport: ({ cases }: BenchReport) => {
      clear();
      for (; told < cases.length; told++) host.err(`${caseLine(cases[told]!)}\n`);
    },
  };
}

function caseLine({ name, stopped, standings }: BenchReport['cases'][number]): string {
  if (stopped !== null) return `${name}: not timed, ${stopped}`;
  const rates = standings.map(({ contender, rate }) => `${contender} ${rateText(rate.median)}`);
  const factors = standings.flatMap(({ contender, beside }) =>
    beside ? [`${contender} ${ratioText(beside.factor)}`] : [],
  );
  if (factors.length > 0) return `${name}: ${factors.join(', ')} of plain`;
  return `${name}: ${rates.join(', ')} lg/s`;
}

async function write(report: BenchReport, { out, quiet }: BenchFlags, host: Host) {
  const markdown = benchMarkdown(report);
  if (out === undefined) return host.out(markdown);
  const json = `${JSON.stringify(report, null, 2)}\n`;
  await writeFiles(out, { [RESULTS_MARKDOWN]: [markdown], [RESULTS_JSON]: [json] });
  if (!quiet) host.err(`Written: ${out}/${RESULTS_MARKDOWN}, ${out}/${RESULTS_JSON}.\n`);
}
