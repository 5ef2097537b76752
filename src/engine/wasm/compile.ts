/**
 * Build time only: the kernels of `assembly/` compiled to WebAssembly, and the vite plugin through
 * which page, command line, library and tests get them as `virtual:genloss-wasm`. Compiled bytes are
 * kept under node_modules/.cache by a hash of all sources, options and the compiler's version.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

/** `relaxed` has fused multiply-adds, which not every host runs; `baseline` is simd128 alone. */
export type Build = 'baseline' | 'relaxed';

const ASSEMBLY = fileURLToPath(new URL('assembly/', import.meta.url));
const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const CACHE = `${PROJECT}node_modules/.cache/genloss-wasm/`;

const OPTIONS = [
  '--optimizeLevel 3 --shrinkLevel 0 --converge --noAssert --runtime stub --enable simd',
  // Without it the module imports a function to report aborts by, of which there are none.
  '--use abort=',
  // Vectors are handed between modules here, never to the host.
  '--disableWarning 112',
]
  .join(' ')
  .split(' ');

const optionsOf = (build: Build): string[] =>
  build === 'relaxed' ? [...OPTIONS, '--enable', 'relaxed-simd'] : OPTIONS;

/** Every source below `assembly/`, absolute. */
const assemblySources = (): string[] =>
  readdirSync(ASSEMBLY, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ASSEMBLY + file.replaceAll('\\', '/'))
    .sort();

/**
 * Bytes of the module whose entry is the file `entry`, a path relative to the project.
 * @throws Error with the compiler's messages where it refuses the source.
 */
export async function compileAssembly(
  entry: string,
  build: Build,
): Promise<Uint8Array<ArrayBuffer>> {
  const options = optionsOf(build);
  const file = `${CACHE}${cacheKey(entry, options)}.wasm`;
  const kept = readOrNull(file);
  if (kept) return kept;
  const bytes = await compile(entry, options);
  mkdirSync(CACHE, { recursive: true });
  // Renamed into place: another process may be reading.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, bytes);
  renameSync(draft, file);
  return bytes;
}

function cacheKey(entry: string, options: readonly string[]): string {
  const version = readFileSync(`${PROJECT}node_modules/assemblyscript/package.json`);
  const hash = createHash('sha256')
    .update(version)
    .update(JSON.stringify([entry, options]));
  for (const path of new Set([...assemblySources(), PROJECT + entry])) {
    hash.update(path.slice(PROJECT.length)).update(readFileSync(path));
  }
  return hash.digest('hex').slice(0, 32);
}

function readOrNull(file: string): Uint8Array<ArrayBuffer> | null {
  try {
    return new Uint8Array(readFileSync(file));
  } catch {
    return null;
  }
}

async function compile(
  entry: string,
  options: readonly string[],
): Promise<Uint8Array<ArrayBuffer>> {
  const asc = await import('assemblyscript/asc');
  const output = 'kernels.wasm';
  let bytes: Uint8Array<ArrayBuffer> | null = null;
  const { error, stderr } = await asc.main(
    [entry, '--baseDir', PROJECT, '--outFile', output, ...options],
    {
      writeFile: (name, contents) => {
        if (name === output) bytes = new Uint8Array(contents as Uint8Array);
      },
    },
  );
  if (error || !bytes) throw new Error(`${entry} does not compile.\n${stderr.toString()}`);
  return bytes;
}

const MODULE = 'virtual:genloss-wasm';
const ENTRY = 'src/engine/wasm/assembly/index.ts';

/** `virtual:genloss-wasm`: both builds as base64, see `virtual.d.ts`. */
export const genlossWasm = (): Plugin => ({
  name: 'genloss-wasm',
  resolveId: (id) => (id === MODULE ? `\0${MODULE}` : null),
  async load(id) {
    if (id !== `\0${MODULE}`) return null;
    for (const file of assemblySources()) this.addWatchFile(file);
    const exported = async (build: Build) => {
      const bytes = await compileAssembly(ENTRY, build);
      return `export const ${build} = '${Buffer.from(bytes).toString('base64')}';\n`;
    };
    return (await exported('baseline')) + (await exported('relaxed'));
  },
});
