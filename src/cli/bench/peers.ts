/**
 * Peers: other programs that do the reference job's work. Each is a process that takes jobs and
 * gives results as lines of JSON; tests/bench/peers/README.md has the protocol.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { EngineError } from '../../errors.ts';
import type { Contender, Outcome } from '../../experiment/bench/contender.ts';
import type { Population } from '../../experiment/bench/population.ts';
import type { Absence } from '../../experiment/bench/runner.ts';
import { isAssembled, usesReal } from '../../model/rules.ts';
import type { Spec } from '../../spec/schema.ts';
import type { StatisticName } from '../../spec/statistics.ts';

interface Program {
  /** What a report calls it where it does not run. */
  readonly name: string;
  readonly file: string;
  readonly runtime: 'python' | 'node';
}

const PROGRAMS: readonly Program[] = [
  { name: 'scikit-learn + joblib', file: 'sklearn_joblib.py', runtime: 'python' },
  { name: 'plain JavaScript', file: 'plain.js', runtime: 'node' },
  { name: 'NumPy over lineages', file: 'numpy_lineages.py', runtime: 'python' },
  { name: 'JAX vmap', file: 'jax_vmap.py', runtime: 'python' },
  { name: 'Numba prange', file: 'numba_prange.py', runtime: 'python' },
];

interface Hello {
  readonly name: string;
  readonly versions: string;
  readonly threads: number | null;
  readonly grain: number;
  readonly device: string;
}

interface Reply {
  readonly seconds: number;
  readonly last: Readonly<Record<string, PeerSummary>>;
}

interface PeerSummary {
  readonly count: number;
  readonly mean: number;
  readonly sd: number;
  readonly q25: number;
  readonly q50: number;
  readonly q75: number;
}

/** Starts every program of the folder; those that cannot run are listed with their reason. */
export async function openPeers(
  folder: string,
  python: string,
): Promise<{ peers: Contender[]; missing: Absence[] }> {
  const peers: Contender[] = [];
  const missing: Absence[] = [];
  for (const program of PROGRAMS) {
    try {
      peers.push(await openPeer(program, folder, python));
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      missing.push({ contender: program.name, reason: error.message });
    }
  }
  return { peers, missing };
}

async function openPeer({ file, runtime }: Program, folder: string, python: string) {
  const path = join(folder, file);
  if (!existsSync(path)) throw new EngineError(`${path} is not there`);
  const command = runtime === 'node' ? process.execPath : python;
  const peer = new PeerProcess(spawn(command, [path]), command);
  const hello = (await peer.nextLine()) as Hello;
  return peerContender(peer, hello);
}

function peerContender(peer: PeerProcess, hello: Hello): Contender {
  const { name, versions, device, threads, grain } = hello;
  return {
    name,
    kind: 'peer',
    engine: null,
    adapter: null,
    description: `${versions}, ${device}`,
    ...{ threads, grain, build: '', peak: null, slow: true, lacks: [] },
    takes: isReferenceJob,
    run: async (spec, signal) => outcomeOf(spec, (await peer.ask(jobOf(spec), signal)) as Reply),
    ops: () => null,
    close: () => peer.close(),
  };
}

/** What the programs can do: two equal Gaussians on a line, two components, fixed steps of EM. */
function isReferenceJob(spec: Spec): boolean {
  const { truth, fit, batch, sweep, closedForm, growth } = spec;
  return (
    !isAssembled(spec) &&
    growth === 0 &&
    batch.samplingBias === 1 &&
    batch.weightSharpening === 1 &&
    truth.kind === 'blobs' &&
    truth.dim === 1 &&
    truth.components === 2 &&
    truth.weights === 'equal' &&
    fit.components === 2 &&
    fit.tolerance === 0 &&
    fit.init === 'parent' &&
    fit.covarianceFloor === 0 &&
    !usesReal(spec) &&
    closedForm === 'auto' &&
    Object.keys(sweep).length === 0
  );
}

function jobOf({ truth, fit, replicates, generations, sampleSize, seed }: Spec) {
  const separation = truth.kind === 'blobs' ? truth.separation : NaN;
  const { iterations } = fit;
  return { lineages: replicates, generations, sampleSize, iterations, separation, seed };
}

function outcomeOf(spec: Spec, { seconds, last }: Reply): Outcome {
  const populations = Object.entries(last).map(
    ([statistic, summary]) => [statistic as StatisticName, populationOf(summary)] as const,
  );
  const lineageGenerations = spec.replicates * spec.generations;
  return { seconds, lineageGenerations, last: new Map(populations) };
}

const populationOf = ({ count, mean, sd, q25, q50, q75 }: PeerSummary): Population => ({
  ...{ count, mean, median: q50, law: NaN, lawError: NaN },
  meanError: sd / Math.sqrt(count),
  medianError: (q75 - q25) / Math.sqrt(count),
});

/** A process that answers each line with a line. */
class PeerProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #ended: Promise<never>;
  #said = '';

  constructor(child: ChildProcessWithoutNullStreams, command: string) {
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    child.stderr.on('data', (text: Buffer) => (this.#said = `${this.#said}${text}`.slice(-2000)));
    // A line written to a process that has just ended is told by its end.
    child.stdin.on('error', () => undefined);
    this.#ended = new Promise((_, reject) => {
      child.on('error', () => reject(new EngineError(`${command} could not be started`)));
      child.on('close', (code) => reject(new EngineError(this.#lastWords(code))));
    });
    this.#ended.catch(() => undefined);
  }

  async nextLine(): Promise<unknown> {
    const line = await Promise.race([this.#lines.next(), this.#ended]);
    // Its output ends a little before it does.
    return line.done ? this.#ended : JSON.parse(line.value);
  }

  async ask(job: object, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted();
    const stop = () => this.close();
    signal.addEventListener('abort', stop);
    try {
      this.#child.stdin.write(`${JSON.stringify(job)}\n`);
      return await this.nextLine();
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  close(): void {
    this.#child.kill();
  }

  #lastWords(code: number | null): string {
    const last = this.#said.trim().split('\n').at(-1);
    return last ? last : `it ended with code ${code}`;
  }
}
