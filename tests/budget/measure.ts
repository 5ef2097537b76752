/** Kernels of the table of budgets → what RADV makes of each, and where that is over budget. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { budgetsOf, FAMILIES, type Budget, type EStepBudget, type ShapeName } from './budgets.ts';
import { cyclesPerVisit, eStepTurn } from './isa.ts';
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
  /** Cycles of the E-step a sample; null where the budget has none, NaN where its loop is not as said. */
  readonly eStepCycles: number | null;
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

/**
 * Measures `kernel`, or all of them, for every shape that it has a budget for, on every family.
 * WGSL, SPIR-V and disassemblies are left in `folder`, where one is given.
 */
export async function measure(
  tools: Tools,
  { kernel, folder }: { readonly kernel?: string; readonly folder?: string } = {},
): Promise<Measurement> {
  const room = folder ?? (await mkdtemp(join(tmpdir(), 'genloss-budget-')));
  await mkdir(room, { recursive: true });
  try {
    const kernels = KERNELS.filter((name) => !kernel || name === kernel);
    if (kernels.length === 0) throw new Error(`There is no kernel ${kernel}.`);
    const modules = modulesOf(room, kernels);
    await writeAll(modules, tools);
    const names = await Promise.all(FAMILIES.map((family) => knownName(tools, family)));
    const unknown = FAMILIES.filter((_, f) => names[f] === null).map((family) => family[0]!);
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
  const compiled = await compileAll(tools, family, files);
  const byPath = new Map(paths.map((path, p) => [path, compiled[p]!]));
  await Promise.all(
    paths.map((path, p) => writeFile(`${path}.${family}.isa`, compiled[p]!.assembly)),
  );
  return modules.map(({ kernel, shape, budget, path }) => {
    const other = modules.find(
      (module) => module.kernel === kernel && module.shape === budget.eStep?.against,
    );
    const { assembly } = byPath.get(path)!;
    const otherAssembly = other ? byPath.get(other.path)!.assembly : null;
    const eStepCycles = budget.eStep ? eStepOf(budget.eStep, assembly, otherAssembly) : null;
    return { kernel, shape, family, budget, compiled: byPath.get(path)!, eStepCycles };
  });
}

function eStepOf(
  { exponentials, visits }: EStepBudget,
  assembly: string,
  other: string | null,
): number {
  const turn = eStepTurn(assembly, exponentials);
  if (turn?.visits !== visits) return NaN;
  return cyclesPerVisit(turn, other === null ? null : eStepTurn(other, exponentials));
}

/** [family][module] → all families of a module together. */
const interleave = (families: readonly (readonly Measured[])[]): Measured[] =>
  families[0]!.flatMap((_, m) => families.map((rows) => rows[m]!));

/** What is over budget, as sentences; empty where nothing is. */
export function excesses({ compiled, budget, eStepCycles }: Measured): string[] {
  const { vectorRegisters, scratchBytes, spilled } = compiled;
  const sentences: string[] = [];
  if (scratchBytes > 0) sentences.push(`${scratchBytes} bytes of scratch, and none is allowed`);
  if (spilled > 0) sentences.push(`${spilled} spilled registers, and none is allowed`);
  if (vectorRegisters > budget.vectorRegisters) {
    sentences.push(
      `${vectorRegisters} vector registers, and ${budget.vectorRegisters} are allowed`,
    );
  }
  if (budget.eStep && !(eStepCycles! <= budget.eStep.cycles)) {
    const { cycles, visits, exponentials } = budget.eStep;
    sentences.push(
      Number.isNaN(eStepCycles)
        ? `no loop of ${visits} samples a turn with ${exponentials} exponentials each was found`
        : `${eStepCycles!.toFixed(1)} cycles a sample, and ${cycles} are allowed`,
    );
  }
  return sentences;
}
