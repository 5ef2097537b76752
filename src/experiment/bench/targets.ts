/**
 * The project's targets of speed and memory, and what a bench found of each: met, not met, or not
 * measured here, with the reason. Every figure comes from the report or is arithmetic of a plan.
 */
import { modelWords, planRun } from '../../plan/plan-run.ts';
import type { EngineLimits } from '../../plan/plan.ts';
import type { BenchReport, ContenderLine, TargetRow } from './report.ts';
import { truthDim } from '../../spec/schema.ts';
import { BENCH_CASES, REFERENCE_CASE, specOf } from './cases.ts';
import { percent, rateText } from './format.ts';
import type { Standing } from './runner.ts';

export type Measured = Omit<BenchReport, 'targets'>;

/** One target: what it asks, and what became of it. */
type Target = (report: Measured) => TargetRow;

interface Entry {
  readonly line: ContenderLine;
  readonly standing: Standing;
}

function entries(report: Measured, caseName: string): Entry[] {
  const found = report.cases.find(({ name }) => name === caseName);
  return (found?.standings ?? []).map((standing) => ({
    standing,
    line: report.contenders.find(({ name }) => name === standing.contender)!,
  }));
}

const isGpu = ({ line }: Entry): boolean =>
  line.engine === 'webgpu' && line.adapter?.software === false;
const isSoftwareGpu = ({ line }: Entry): boolean =>
  line.engine === 'webgpu' && line.adapter?.software === true;
const isWasm =
  (build: string, threads: (count: number) => boolean) =>
  ({ line }: Entry): boolean =>
    line.engine === 'wasm' && line.build === build && threads(line.threads ?? 0);

const rateOf = ({ standing }: Entry): number => standing.rate.median;
const fastest = (found: readonly Entry[]): Entry | null =>
  found.reduce<Entry | null>(
    (best, each) => (best === null || rateOf(each) > rateOf(best) ? each : best),
    null,
  );

const absent = (what: string, target: string, reason: string): TargetRow => ({
  what,
  target,
  measured: reason,
  verdict: 'not measured here',
});

const judged = (what: string, target: string, measured: string, met: boolean): TargetRow => ({
  what,
  target,
  measured,
  verdict: met ? 'met' : 'not met',
});

/** At least so many lineage-generations a second in a case. */
const rateTarget =
  (
    what: string,
    caseName: string,
    least: number,
    who: (entry: Entry) => boolean,
    missing: string,
    unit: { readonly label: string; of(entry: Entry): number } = { label: 'lg/s', of: rateOf },
  ): Target =>
  (report) => {
    const target = `≥ ${rateText(least)} ${unit.label}`;
    const best = fastest(entries(report, caseName).filter(who));
    if (!best) return absent(what, target, missing);
    const rate = unit.of(best);
    return judged(
      what,
      target,
      `${rateText(rate)} ${unit.label} (${best.line.name})`,
      rate >= least,
    );
  };

const perThread = {
  label: 'lg/s a thread',
  of: (entry: Entry) => rateOf(entry) / Math.max(1, entry.line.threads ?? 1),
};

/** At least so many times as fast as another contender of the reference job. */
const ratioTarget =
  (
    what: string,
    least: number,
    who: (entry: Entry) => boolean,
    other: (entry: Entry) => boolean,
    missing: string,
  ): Target =>
  (report) => {
    const found = entries(report, REFERENCE_CASE);
    const [mine, theirs] = [fastest(found.filter(who)), fastest(found.filter(other))];
    const target = `≥ ${least}×`;
    if (!mine || !theirs) return absent(what, target, missing);
    const ratio = rateOf(mine) / rateOf(theirs);
    const text = `${ratio.toPrecision(3)}× (${mine.line.name} to ${theirs.line.name})`;
    return judged(what, target, text, ratio >= least);
  };

const peer =
  (word: RegExp) =>
  ({ line }: Entry): boolean =>
    line.kind === 'peer' && word.test(line.name);

const gpuShare: Target = (report) => {
  const what = 'WebGPU on a GPU, reference job';
  const target = '≥ 30 % of its computed bound';
  const best = fastest(entries(report, REFERENCE_CASE).filter(isGpu));
  if (!best) return absent(what, target, NO_GPU);
  const { rate, bound, documented } = best.standing;
  const computed = documented?.rate ?? bound;
  if (computed === null) return absent(what, target, 'no bound is known for this adapter');
  const share = rate.median / computed;
  return judged(what, target, `${percent(share)} of ${rateText(computed)} lg/s`, share >= 0.3);
};

/** Lineage-generations a second over the most lineages of the curve, and how many those are. */
function longRun(report: Measured, contender: string) {
  const curve = report.curves.find(
    (each) => each.name === 'lineages' && each.contender === contender,
  );
  const last = curve?.points.at(-1);
  if (!curve || !last) return null;
  const rate = last.lineageGenerations / last.spread.median;
  return { rate, lineages: last.value * curve.replicates };
}

/** The same over more lineages than a case has time for: chunks are cut, and pilots sorted, once. */
const swiftShader: Target = (report) => {
  const [what, target] = ['WebGPU on SwiftShader, reference job', '≥ 60 k lg/s'];
  const best = fastest(entries(report, REFERENCE_CASE).filter(isSoftwareGpu));
  if (!best) return absent(what, target, 'no software adapter took part');
  const { name } = best.line;
  const long = longRun(report, name);
  const more = long ? `; ${rateText(long.rate)} over ${rateText(long.lineages)} lineages` : '';
  const most = Math.max(rateOf(best), long?.rate ?? 0);
  return judged(what, target, `${rateText(rateOf(best))} lg/s (${name})${more}`, most >= 60e3);
};

const h200: Target = (report) =>
  rateTarget(
    'WebGPU on an H200, reference job',
    REFERENCE_CASE,
    250e6,
    (entry) => isGpu(entry) && /H200/.test(entry.line.description),
    'no H200 took part',
  )(report);

/** A slope of 1.0 ± 0.1, or another, for each size and engine that was measured. */
const growth =
  (name: string, title: string, power = 1): Target =>
  (report) => {
    const what = `Growth with ${title}`;
    const target = `log-log slope ${power.toFixed(1)} ± ${SLOPE_ERROR}, or less`;
    const found = report.curves.filter((curve) => curve.name === name);
    if (found.length === 0) return absent(what, target, 'no such curve was measured');
    const text = found.map(
      ({ contender, slope, standardError }) =>
        `${slope.toFixed(2)} ± ${standardError.toFixed(2)} ${contender}`,
    );
    return judged(
      what,
      target,
      text.join('; '),
      found.every(({ slope }) => slope <= power + SLOPE_ERROR),
    );
  };

const SLOPE_ERROR = 0.1;

/** Limits that every WebGPU device has. */
const DEFAULT_LIMITS: EngineLimits = {
  bufferBytes: 128 * 2 ** 20,
  totalBytes: 512 * 2 ** 20,
  dispatchWork: 5e8,
  batchLineages: 65_536,
  lanes: null,
  lacks: [],
};

const memory: Target = () => {
  const reference = BENCH_CASES.find(({ name }) => name === REFERENCE_CASE)!;
  const spec = specOf(reference, 1e6, reference.spec.generations, 1);
  const bytes = 4 * modelWords(truthDim(spec.truth), spec.fit.components);
  const largest = Math.max(...Object.values(planRun(spec, DEFAULT_LIMITS).bufferBytes));
  const mebibytes = (largest / 2 ** 20).toFixed(1);
  return judged(
    'Memory at K = 2, d = 1, 10⁶ lineages',
    '≤ 64 bytes a lineage and held generation; inside a binding of 128 MiB',
    `${bytes} bytes; the largest buffer of the plan has ${mebibytes} MiB`,
    bytes <= 64 && largest <= DEFAULT_LIMITS.bufferBytes,
  );
};

const twoThreads: Target = (report) => {
  const what = 'WASM, two threads to one';
  const found = entries(report, REFERENCE_CASE);
  const ratios = BUILDS.flatMap((build) => {
    const one = fastest(found.filter(isWasm(build, (count) => count === 1)));
    const two = fastest(found.filter(isWasm(build, (count) => count === 2)));
    if (!one || !two) return [];
    const [alone, together] = [one, two].map(({ line }) => longRun(report, line.name));
    const long = alone && together ? together.rate / alone.rate : null;
    return [{ build, ratio: rateOf(two) / rateOf(one), long }];
  });
  if (ratios.length === 0) return absent(what, '≥ 1.9×', 'nothing ran on one thread and on two');
  const text = ratios.map(({ build, ratio, long }) => {
    const more = long === null ? '' : `, ${long.toFixed(2)}× over the most lineages`;
    return `${ratio.toFixed(2)}× ${build}${more}`;
  });
  const met = ratios.every(({ ratio, long }) => Math.max(ratio, long ?? 0) >= 1.9);
  return judged(what, '≥ 1.9×', text.join('; '), met);
};

const BUILDS = ['simd128', 'relaxed'];
const NO_GPU = 'no GPU took part';
const NO_WASM = 'the engine did not take part';
const NO_PEER = 'they did not both take part';

const one = (count: number) => count === 1;
const several = (count: number) => count >= 1;

const pageTarget =
  (what: string, target: string): Target =>
  () =>
    absent(what, target, 'a matter of the page, which its own test measures');

const TARGETS: readonly Target[] = [
  gpuShare,
  h200,
  swiftShader,
  rateTarget(
    'WASM simd128, reference job',
    REFERENCE_CASE,
    170e3,
    isWasm('simd128', one),
    NO_WASM,
    perThread,
  ),
  rateTarget(
    'WASM relaxed, reference job',
    REFERENCE_CASE,
    250e3,
    isWasm('relaxed', one),
    NO_WASM,
    perThread,
  ),
  twoThreads,
  ratioTarget(
    'WASM to scikit-learn + joblib',
    500,
    ({ line }) => line.engine === 'wasm',
    peer(/scikit/),
    NO_PEER,
  ),
  ratioTarget('WASM simd128 to NumPy f32', 5, isWasm('simd128', several), peer(/NumPy/), NO_PEER),
  ratioTarget('WASM relaxed to NumPy f32', 8, isWasm('relaxed', several), peer(/NumPy/), NO_PEER),
  ratioTarget(
    'WebGPU on a GPU to JAX vmap on it',
    10,
    isGpu,
    (entry) => peer(/JAX/)(entry) && !/\bcpu\b/i.test(entry.line.description),
    'no GPU with JAX on it took part',
  ),
  rateTarget(
    'K = 1 in closed form, n = 100',
    'closed-form',
    20e6,
    ({ line }) => line.engine === 'wasm' && line.threads === 1,
    NO_WASM,
    perThread,
  ),
  rateTarget(
    'K = 1 in closed form, n = 1 000 000',
    'closed-form-million',
    20e6,
    ({ line }) => line.engine === 'wasm' && line.threads === 1,
    NO_WASM,
    perThread,
  ),
  growth('lineages', 'lineages'),
  growth('n', 'n'),
  growth('K', 'K'),
  growth('T', 'T'),
  growth('G', 'G'),
  growth('accumulate', 'G where all batches stay', 2),
  memory,
  pageTarget('First chart on the CPU engine', '< 1 s after load'),
  pageTarget('Main thread while running', 'no task > 50 ms'),
  pageTarget('Submits while somebody looks', '≤ 8 ms'),
];

export const targetRows = (report: Measured): TargetRow[] =>
  TARGETS.map((target) => target(report));
