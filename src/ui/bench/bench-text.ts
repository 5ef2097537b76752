/** Words of a comparison: what is going on, who took part, what was found, and under what conditions. */
import { Z_LIMIT } from '../../experiment/bench/agreement.ts';
import type { BenchReport, ContenderLine } from '../../experiment/bench/report.ts';
import { percent, rateText, ratioText } from '../../experiment/bench/format.ts';
import type { BenchProgress, CaseReport, Standing } from '../../experiment/bench/runner.ts';
import type { BenchLength } from './bench-api.ts';

export const LENGTHS = {
  short: { runs: 3, targetSeconds: 0.5 },
  longer: { runs: 5, targetSeconds: 1.5 },
} as const satisfies Readonly<Record<string, BenchLength>>;
export type LengthName = keyof typeof LENGTHS;

const STAGES: Readonly<Record<BenchProgress['stage'], string>> = {
  prepare: 'first contact',
  check: 'same output?',
  'warm up': 'warming up',
  time: 'timing',
  curve: 'timing',
};

export function progressText({ contender, stage, done, total }: BenchProgress): string {
  const count = stage === 'time' ? `, run ${done + 1} of ${total}` : '';
  return `${contender}: ${STAGES[stage]}${count}`;
}

/** Whether all gave the same, in a sentence. */
export function agreementText({ agreement, stopped }: CaseReport): string {
  const { comparisons, worst, lineages, generation } = agreement;
  if (stopped !== null) return `Not timed: ${stopped}.`;
  if (!worst) return 'Nobody to compare with, and no law of theory.';
  const { contender, against, z } = worst;
  return (
    `Same results first: ${comparisons.length} comparisons of ${lineages} lineages each at ` +
    `generation ${generation}, between engines and with theory. The furthest apart, ${contender} ` +
    `and ${against}, differ by ${Math.abs(z).toFixed(1)} standard errors; ${Z_LIMIT} are allowed.`
  );
}

export interface CaseRow {
  readonly name: string;
  readonly description: string;
  readonly rate: string;
  readonly spread: string;
  /** Share of the computed bound; '–' where there is none. */
  readonly share: string;
  readonly shareHint: string;
  readonly ratio: string;
}

export interface CaseTable {
  /** What ratios are to. */
  readonly base: string;
  /** Fastest first. */
  readonly rows: readonly CaseRow[];
}

const NOTHING = '–';

/** Ratios are to the reference engine where it took part, else to the slowest. */
export function caseTable({ standings }: CaseReport, lines: readonly ContenderLine[]): CaseTable {
  const lineOf = ({ contender }: Standing) => lines.find(({ name }) => name === contender)!;
  const sorted = standings.toSorted((a, b) => b.rate.median - a.rate.median);
  const base = sorted.find((each) => lineOf(each).engine === 'reference') ?? sorted.at(-1)!;
  const rows = sorted.map((standing): CaseRow => {
    const { contender, rate, bound, share } = standing;
    return {
      name: contender,
      description: describe(lineOf(standing)),
      rate: rateText(rate.median),
      spread: `${rateText(rate.min)} – ${rateText(rate.max)}`,
      share: share === null ? NOTHING : percent(share),
      shareHint: bound === null ? 'No bound is known.' : `The bound is ${rateText(bound)} lg/s.`,
      ratio: ratioText(rate.median / base.rate.median),
    };
  });
  return { base: base.contender, rows };
}

const BUILDS: Readonly<Record<string, string>> = {
  simd128: 'WebAssembly, plain SIMD',
  relaxed: 'WebAssembly, fused products and sums',
};

/** What the name does not say already. */
const describe = ({ build, description }: ContenderLine): string => BUILDS[build] ?? description;

/** Where and how, one line each. */
export function conditions(report: BenchReport, wasHidden: boolean): string[] {
  const { machine, date, runs, targetSeconds, missing, complete } = report;
  const { runtime, system, cores } = machine;
  return [
    `${runtime} on ${system}, ${cores} threads; the browser does not name the processor`,
    `${date.slice(0, 16).replace('T', ' ')} UTC, genloss ${report.genloss}`,
    `${runs} timed runs of about ${targetSeconds} s each, in turns`,
    ...missing.map(({ contender, reason }) => `Not here: ${contender}. ${reason}`),
    ...(wasHidden ? ['The page was hidden for a while, and browsers slow hidden pages down'] : []),
    ...(complete ? [] : ['Stopped before its end']),
  ];
}

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg\/(\d+)/, 'Edge'],
  [/\bFirefox\/(\d+)/, 'Firefox'],
  [/\b(?:Headless)?Chrome\/(\d+)/, 'Chrome'],
  [/\bVersion\/(\d+)\S* (?:Mobile\/\S+ )?Safari\//, 'Safari'],
];

/** "Chrome 141" from what a browser calls itself; all of that where it is an unknown one. */
export function browserName(userAgent: string): string {
  for (const [pattern, name] of BROWSERS) {
    const version = pattern.exec(userAgent)?.[1];
    if (version) return `${name} ${version}`;
  }
  return userAgent;
}

/** "Windows NT 10.0; Win64; x64": what is in the first brackets. */
export const systemName = (userAgent: string): string =>
  /\(([^)]*)\)/.exec(userAgent)?.[1] ?? 'an unknown system';
