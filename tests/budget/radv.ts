/** What RADV's compiler makes of SPIR-V for one GPU family, through radv.py. */
import { fileURLToPath } from 'node:url';
import { call, type Tools } from './tools.ts';

const SCRIPT = fileURLToPath(new URL('radv.py', import.meta.url));

export interface Compiled {
  /** Vector registers a lane and scalar registers a wave, as allocated. */
  readonly vectorRegisters: number;
  readonly scalarRegisters: number;
  /** Registers, of either kind. */
  readonly spilled: number;
  /** Bytes of memory that a wave needs for what found no register. */
  readonly scratchBytes: number;
  /** Bytes of workgroup memory. */
  readonly ldsBytes: number;
  readonly codeBytes: number;
  readonly instructions: number;
  /** Waves that fit on a SIMD at once. */
  readonly waves: number;
  /** Lanes of a wave. */
  readonly subgroup: number;
  readonly assembly: string;
}

interface Answer {
  readonly statistics: Readonly<Record<string, number>>;
  readonly assembly: string;
  readonly subgroup: number;
}

function compiledOf({ statistics, assembly, subgroup }: Answer): Compiled {
  // Mesa has changed the case of some names over time ("Code size", "Code Size").
  const byName = new Map(
    Object.entries(statistics).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const value = (name: string): number => {
    const found = byName.get(name);
    if (found === undefined) throw new Error(`This RADV does not tell the statistic "${name}".`);
    return found;
  };
  if (assembly === '') throw new Error('This RADV does not show its assembly.');
  return {
    vectorRegisters: value('vgprs'),
    scalarRegisters: value('sgprs'),
    spilled: value('spilled vgprs') + value('spilled sgprs'),
    scratchBytes: value('scratch size'),
    ldsBytes: value('lds size'),
    codeBytes: value('code size'),
    instructions: value('instructions'),
    waves: value('subgroups per simd'),
    subgroup,
    assembly,
  };
}

function script(tools: Tools, family: string, words: readonly string[]): Promise<string> {
  return call(tools.python, [SCRIPT, ...words], {
    env: {
      RADV_FORCE_FAMILY: family,
      VK_ICD_FILENAMES: tools.radv,
      VK_DRIVER_FILES: tools.radv,
      MESA_SHADER_CACHE_DISABLE: 'true',
    },
  });
}

/** The first of a family's names that this RADV knows, or null: Mesa renamed some. */
export async function knownName(tools: Tools, names: readonly string[]): Promise<string | null> {
  for (const name of names) {
    // An unknown name aborts the driver.
    const answer = await script(tools, name, []).catch(() => null);
    if (answer !== null) return name;
  }
  return null;
}

/** One entry per file of SPIR-V. */
export async function compileAll(
  tools: Tools,
  family: string,
  paths: readonly string[],
): Promise<Compiled[]> {
  const answers = JSON.parse(await script(tools, family, paths)) as Answer[];
  return answers.map(compiledOf);
}
