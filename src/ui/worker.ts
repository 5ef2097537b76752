/**
 * The run, off the main thread: reads the rows, plans, opens an engine, runs, and posts what changed
 * at most ten times a second. One run at a time; the last one's plan and engine stay for traces and
 * laws. In a second worker of this program engines are compared, and one is held against the laws.
 */
import { expose, transfer } from 'comlink';
import { SpecError } from '../errors.ts';
import type { Engine, PaceName } from '../engine/engine.ts';
import { groupRecords } from '../experiment/export/run-json.ts';
import type { Results } from '../experiment/results.ts';
import { runExperiment } from '../experiment/run.ts';
import { absoluteMixture } from '../experiment/views/density.ts';
import type { LawOverlay } from '../experiment/views/law-overlay.ts';
import { parseCsv } from '../model/data/csv.ts';
import type { DataSet, Truth } from '../model/truth.ts';
import type { Plan } from '../plan/plan.ts';
import { planRun } from '../plan/plan-run.ts';
import type { Spec } from '../spec/schema.ts';
import type { BenchListener, BenchRequest, BenchWorker } from './bench/bench-api.ts';
import { chooseEngine } from './choose-engine.ts';
import { LawDesk } from './law-desk.ts';
import { transferables } from './results-patch.ts';
import { packResults, shellBuffers } from './results-shell.ts';
import { packTrace, type PackedTrace } from './trace.ts';
import { UpdateGate } from './update-gate.ts';
import type {
  ValidationListener,
  ValidationRequest,
  ValidationWorker,
} from './validate/validate-api.ts';
import type {
  CsvFile,
  EngineChoice,
  RunEnd,
  RunListener,
  RunRequest,
  RunStart,
  RunWorker,
} from './worker-api.ts';

interface Opened {
  readonly engine: Engine;
  readonly notice: string;
  readonly choice: EngineChoice;
}

let listener: RunListener | null = null;
let opened: Opened | null = null;
let plan: Plan | null = null;
let abort: AbortController | null = null;
let pace: PaceName = 'interactive';
const desk = new LawDesk();

async function openEngine(choice: EngineChoice): Promise<Opened> {
  if (opened?.choice === choice) return opened;
  opened?.engine.close();
  opened = null;
  opened = { ...(await chooseEngine(navigator.gpu, choice)), choice };
  opened.engine.setPace?.(pace);
  return opened;
}

function readRows({ truth }: Spec, file: CsvFile | null): DataSet | null {
  if (truth.kind !== 'data' || !file) return null;
  return parseCsv(file.text, { file: file.name, columns: truth.columns });
}

async function run(request: RunRequest): Promise<RunEnd> {
  const controller = new AbortController();
  abort = controller;
  const began = performance.now();
  try {
    const { engine, notice } = await openEngine(request.engine);
    desk.clear();
    const data = readRows(request.spec, request.file);
    plan = planRun(request.spec, engine.limits, { data });
    const planned = plan;
    const gate = new UpdateGate(plan.batches, (update) =>
      listener?.updated(transfer(update, transferables(update.patch))),
    );
    const results = await runExperiment(plan, engine, {
      signal: controller.signal,
      onStart: (empty) => {
        const start = describeStart(planned, engine, notice, empty);
        void listener?.started(transfer(start, shellBuffers(start.results)));
      },
      onProgress: (progress) => gate.progressed(progress),
      onUpdate: (soFar) => gate.updated(soFar),
    });
    // Updates and the end go through different ports: the end waits for the last update.
    await gate.flush(results);
    const seconds = (performance.now() - began) / 1000;
    return { outcome: results.complete ? 'done' : 'stopped', seconds };
  } catch (error) {
    return failure(error);
  }
}

function describeStart(planned: Plan, engine: Engine, notice: string, empty: Results): RunStart {
  const truths = [...new Set(planned.cells.map(({ truth }) => truth))];
  const positions = new Map<Truth, number>(truths.map((truth, i) => [truth, i]));
  return {
    engine: engine.name,
    adapter: engine.adapter,
    groups: groupRecords(planned),
    notice,
    truths,
    truthOf: Uint32Array.from(planned.cells, ({ truth }) => positions.get(truth)!),
    results: packResults(empty),
    engineBytes: Object.values(planned.bufferBytes).reduce((sum, bytes) => sum + bytes, 0),
  };
}

function failure(error: unknown): RunEnd {
  // A device that was lost cannot be used again; the next run opens another.
  opened?.engine.close();
  opened = null;
  const problems = error instanceof SpecError ? error.problems : [];
  const message = error instanceof Error ? error.message : String(error);
  return { outcome: 'failed', message, problems };
}

async function trace(cell: number, replicate: number): Promise<PackedTrace | null> {
  if (!plan || !opened) return null;
  const { truth } = plan.cells[cell]!;
  const { signal } = new AbortController();
  const models = await opened.engine.trace(plan, cell, replicate, signal);
  const packed = packTrace(
    truth.mixture,
    models.map((model) => absoluteMixture(model, truth)),
  );
  return transfer(packed, [packed.numbers.buffer]);
}

const laws = (cell: number, generations: Float64Array): Promise<LawOverlay | null> =>
  plan ? desk.overlay(plan.cells[cell]!, generations) : Promise.resolve(null);

/** A comparison, or a validation, has its worker for itself, and never a run beside it. */
const task = new AbortController();

async function compare(request: BenchRequest, told: BenchListener) {
  const { compareEngines } = await import('./bench/compare.ts');
  return compareEngines(request, told, task.signal);
}

async function validateEngine(request: ValidationRequest, told: ValidationListener) {
  const { checkLaws } = await import('./validate/check-laws.ts');
  return checkLaws(request, told, task.signal);
}

const api: RunWorker & BenchWorker & ValidationWorker = {
  listen: (given) => void (listener = given),
  run,
  setPace: (given) => {
    pace = given;
    opened?.engine.setPace?.(pace);
  },
  stop: () => abort?.abort(),
  trace,
  laws,
  compare,
  stopComparing: () => task.abort(),
  checkLaws: validateEngine,
  stopChecking: () => task.abort(),
};

expose(api);
