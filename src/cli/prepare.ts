/** What a command line says about an experiment, read and checked. */
import { SpecError, type Problem } from '../errors.ts';
import type { DataSet } from '../model/truth.ts';
import type { ParseOptions } from '../spec/parse.ts';
import { applySetting, parseSpec, type Spec } from '../spec/schema.ts';
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

/** @throws SpecError with all problems at once. */
export async function prepare(
  argument: string,
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
  const file = await attempt(() => readSpec(argument, host));
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
