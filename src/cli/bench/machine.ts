/** The machine that a bench runs on, as its report names it. */
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import type { Machine } from '../../experiment/bench/report.ts';

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown CPU',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    system: `${type()} ${release()} ${process.arch}`,
    runtime: `Node ${process.versions.node}`,
    // Windows has no such figure and gives 0.
    load: process.platform === 'win32' ? null : loadavg()[0]!,
  };
}
