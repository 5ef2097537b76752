/** A command line without a process: what it writes is kept, its clock and signal are the test's. */
import type { Host } from '../../src/cli/host.ts';
import { main } from '../../src/cli/program.ts';

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface HostOptions {
  readonly input?: string;
  readonly signal?: AbortSignal;
  /** Called with every piece of stderr. */
  readonly onErr?: (text: string) => void;
  /** Called whenever the clock is read, first when a run begins. */
  readonly onNow?: () => void;
}

/** Runs one command line in this process. */
export async function genloss(
  words: readonly string[],
  options: HostOptions = {},
): Promise<Outcome> {
  const out: string[] = [];
  const err: string[] = [];
  const host: Host = {
    out: (text) => void out.push(text),
    err: (text) => {
      err.push(text);
      options.onErr?.(text);
    },
    terminal: false,
    columns: 80,
    now: () => {
      options.onNow?.();
      return performance.now();
    },
    date: () => new Date(),
    readInput: () => Promise.resolve(options.input ?? ''),
    signal: options.signal ?? new AbortController().signal,
  };
  const code = await main(words, host);
  return { code, out: out.join(''), err: err.join('') };
}
