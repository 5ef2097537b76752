/** What a command line says about an experiment, read and checked. */
import { SpecError, type Problem } from '../errors.ts';
import type { DataSet } from '../model/truth.ts';
import type { ParseOptions } from '../spec/parse.ts';
import { applySetting, cellSpecs, parseSpec, type Spec } from '../spec/schema.ts';
import { loadData } from './data-file.ts';
import type { Host } from './host.ts';
import { readSpec } from './spec-file.ts';

export interface Asked {
  /** Of `--set`, in their order. */
  readonly settings: readonly string[];
  readonly limits?: ParseOptions;
  /** Problems that are known beside the spec's. */
  readonly besides?: readonly Problem[];
}

/**
 * Of a file, - or preset:NAME, or of what is a raw spec itself.
 * @throws SpecError with all problems at once.
 */
export async function prepare(
  argument: string | object,
  { settings, limits = {}, besides = [] }: Asked,
  host: Host,
): Promise<{ spec: Spec; data: DataSet | null }> {
  const problems: Problem[] = [];
  const attempt = async <T>(work: () => T | Promise<T>): Promise<T | null> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      problems.push(...error.problems);
      return null;
    }
  };
  const file = await attempt(() =>
    typeof argument === 'string' ? readSpec(argument, host) : { raw: argument, folder: '.' },
  );
  let raw = file?.raw;
  for (const setting of settings) {
    const before = raw;
    raw = (await attempt(() => applySetting(before, setting))) ?? before;
  }
  const spec = file && (await attempt(() => parseSpec(raw, limits)));
  const data = spec && (await attempt(() => loadData(spec.truth, file!.folder)));
  problems.push(...besides);
  if (problems.length > 0) throw new SpecError(problems);
  return { spec: spec as Spec, data: data as DataSet | null };
}

/** One cell of it, without its sweep. */
export async function prepareCell(
  argument: string | object,
  asked: Asked,
  cell: number,
  host: Host,
): Promise<{ cell: Spec; data: DataSet | null }> {
  const { spec, data } = await prepare(argument, asked, host);
  const cells = Array.from(cellSpecs(spec), (one) => one.spec);
  const found = cells[cell];
  if (found) return { cell: found, data };
  const message = `There is no cell ${cell}: they are 0 to ${cells.length - 1}.`;
  throw new SpecError([{ field: '--cell', message, remedy: 'Give one of these.' }]);
}
