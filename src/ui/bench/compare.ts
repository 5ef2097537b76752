/** The comparison itself, in the worker: every engine of this browser, on the cases asked for. */
import { version } from '../../../package.json';
import { runBench } from '../../experiment/bench/bench.ts';
import type { BenchReport, Machine } from '../../experiment/bench/report.ts';
import { BENCH_CASES } from '../../experiment/bench/cases.ts';
import { BENCH_ENGINES, openEngines } from '../../experiment/bench/engines.ts';
import { browserThreads } from '../threads.ts';
import type { BenchListener, BenchRequest } from './bench-api.ts';
import { browserName, systemName } from './bench-text.ts';

/** @throws what no engine may fail with; where one is not to be had the report says why. */
export async function compareEngines(
  request: BenchRequest,
  listener: BenchListener,
  signal: AbortSignal,
): Promise<BenchReport> {
  const { cases, runs, targetSeconds } = request;
  const now = () => performance.now();
  const gpu = () => Promise.resolve(navigator.gpu as GPU | undefined);
  const host = { now, threads: browserThreads(), gpu, pace: 'interactive', signal } as const;
  const { contenders, missing } = await openEngines(BENCH_ENGINES, host);
  try {
    await listener.opened(contenders.length);
    return await runBench({
      contenders,
      missing,
      cases: BENCH_CASES.filter(({ name }) => cases.includes(name)),
      curves: [],
      full: false,
      runs,
      targetSeconds,
      about: {
        genloss: version,
        date: new Date().toISOString(),
        command: 'the comparison of engines on the page',
        machine: thisMachine(),
      },
      signal,
      onProgress: (progress) => void listener.progressed(progress),
      onReport: (report) => void listener.reported(report),
    });
  } finally {
    contenders.forEach((contender) => contender.close());
  }
}

const thisMachine = (): Machine => ({
  cpu: '',
  cores: navigator.hardwareConcurrency,
  memoryBytes: null,
  system: systemName(navigator.userAgent),
  runtime: browserName(navigator.userAgent),
  load: null,
});
