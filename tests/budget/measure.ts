/** Kernels of the table of budgets → what RADV makes of each, and where that is over budget. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { budgetsOf, FAMILIES, type Budget, type EStepBudget, type ShapeName } from './budgets.ts';
import { cyclesPerExponential, eStepTurn, type Turn } from './isa.ts';
import { KERNELS, moduleText } from './modules.ts';
import { compileAll, knownName, type Compiled } from './radv.ts';
import { writeModule } from './spirv.ts';
import type { Tools } from './tools.ts';

export interface Measured {
  readonly kernel: string;
  readonly shape: ShapeName;
  readonly family: string;
  readonly budget: Budget;
  readonly compiled: Compiled;
  /** Of the E-step; null where the budget has none. */
  readonly eStep: EStep | null;
}

export interface EStep {
  readonly turn: Turn;
  /** Cycles a sample, if `turn` is as the budget says. */
  readonly cycles: number;
}

interface Module {
  readonly kernel: string;
  readonly shape: ShapeName;
  readonly budget: Budget;
  readonly wgsl: string;
  /** File without extension; shapes with the same text share one. */
  readonly path: string;
}

export interface Measurement {
  readonly rows: readonly Measured[];
  /** Names of families that this Mesa does not know. */
  readonly unknown: readonly string[];
}

export interface Selection {
  /** All of them, where none is named. */
  readonly kernel?: string;
  readonly shapes?: readonly ShapeName[];
  readonly families?: typeof FAMILIES;
  /** Where WGSL, SPIR-V and disassemblies are left. */
  readonly folder?: string;
}

/** Measures what has a budget. The first family has to be known to this Mesa. */
export async function measure(tools: Tools, selection: Selection = {}): Promise<Measurement> {
  const { kernel, folder, families = FAMILIES } = selection;
  const room = folder ?? (await mkdtemp(join(tmpdir(), 'genloss-budget-')));
  await mkdir(room, { recursive: true });
  try {
    const kernels = KERNELS.filter((name) => !kernel || name === kernel);
    if (kernels.length === 0) throw new Error(`There is no kernel ${kernel}.`);
    const modules = modulesOf(room, kernels).filter(
      ({ shape }) => selection.shapes?.includes(shape) ?? true,
    );
    await writeAll(modules, tools);
    const names = await Promise.all(families.map((family) => knownName(tools, family)));
    const unknown = families.filter((_, f) => names[f] === null).map((family) => family[0]!);
    if (names[0] === null) throw new Error(`This RADV does not know ${unknown.join(', ')}.`);
    const rows = await Promise.all(
      names.filter((name) => name !== null).map((name) => measureFamily(tools, name, modules)),
    );
    return { rows: interleave(rows), unknown };
  } finally {
    if (!folder) await rm(room, { recursive: true });
  }
}

function modulesOf(folder: string, kernels: readonly string[]): Module[] {
  const paths = new Map<string, string>();
  return kernels.flatMap((kernel) =>
    (Object.entries(budgetsOf(kernel)) as [ShapeName, Budget][]).map(([shape, budget]) => {
      const wgsl = moduleText(kernel, shape);
      const path = paths.get(wgsl) ?? join(folder, `${kernel} ${shape}`.replaceAll(' ', '-'));
      paths.set(wgsl, path);
      return { kernel, shape, budget, wgsl, path };
    }),
  );
}

/** Two at a time: each is a process that compiles on one core, and has little memory. */
async function writeAll(modules: readonly Module[], tools: Tools): Promise<void> {
  const left = [...new Map(modules.map(({ path, wgsl }) => [path, wgsl]))];
  const work = async () => {
    for (let next = left.shift(); next; next = left.shift()) await writeModule(...next, tools);
  };
  await Promise.all([work(), work()]);
}

async function measureFamily(
  tools: Tools,
  family: string,
  modules: readonly Module[],
): Promise<Measured[]> {
  const paths = [...new Set(modules.map(({ path }) => path))];
  const files = paths.map((path) => `${path}.spv`);
  const all = await compileAll(tools, family, files);
  const byPath = new Map(paths.map((path, p) => [path, all[p]!]));
  await Promise.all(paths.map((path, p) => writeFile(`${path}.${family}.isa`, all[p]!.assembly)));
  return modules.map(({ kernel, shape, budget, path }) => {
    const other = modules.find(
      (module) => module.kernel === kernel && module.shape === budget.eStep?.against,
    );
    const compiled = byPath.get(path)!;
    const otherCompiled = other ? byPath.get(other.path)! : compiled;
    const eStep = budget.eStep ? eStepOf(budget.eStep, compiled, otherCompiled) : null;
    return { kernel, shape, family, budget, compiled, eStep };
  });
}

function eStepOf({ exponentials }: EStepBudget, compiled: Compiled, other: Compiled): EStep {
  const turn = eStepTurn(compiled.assembly);
  const cycles = exponentials * cyclesPerExponential(turn, eStepTurn(other.assembly));
  return { turn, cycles };
}

/** [family][module] → all families of a module together. */
const interleave = (families: readonly (readonly Measured[])[]): Measured[] =>
  families[0]!.flatMap((_, m) => families.map((rows) => rows[m]!));

/** What is over budget, as sentences; empty where nothing is. */
export function excesses({ compiled, budget, eStep }: Measured): string[] {
  const { vectorRegisters, scratchBytes, spilled } = compiled;
  const sentences: string[] = [];
  if (scratchBytes > 0) sentences.push(`${scratchBytes} bytes of scratch, and none is allowed`);
  if (spilled > 0) sentences.push(`${spilled} spilled registers, and none is allowed`);
  if (vectorRegisters > budget.vectorRegisters) {
    const allowed = budget.vectorRegisters;
    sentences.push(`${vectorRegisters} vector registers, and ${allowed} are allowed`);
  }
  if (eStep) sentences.push(...eStepExcess(eStep, budget.eStep!));
  return sentences;
}

function eStepExcess({ turn, cycles }: EStep, budget: EStepBudget): string[] {
  const expected = budget.exponentials * budget.visits;
  if (turn.exponentials !== expected) {
    const found = `${turn.exponentials} exponentials in a turn of the E-step`;
    return [`${found}, and ${expected} are expected: samples unrolled, or another algorithm`];
  }
  if (cycles <= budget.cycles) return [];
  return [`${cycles.toFixed(1)} cycles a sample, and ${budget.cycles} are allowed`];
}
