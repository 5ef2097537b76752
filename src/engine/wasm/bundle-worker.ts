/**
 * Build time only: the program of a thread, `worker.ts`, bundled to one classic script, and the
 * vite plugin through which page, command line, library and tests get its text.
 */
import { fileURLToPath } from 'node:url';
import { build, type Plugin, type Rolldown } from 'vite';

const MODULE = 'virtual:genloss-wasm-worker';
const ENTRY = fileURLToPath(new URL('worker.ts', import.meta.url));

/** The script's text and the files that went into it. */
async function bundle(): Promise<{ code: string; files: string[] }> {
  const output = (await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: ENTRY, formats: ['iife'], name: 'genlossWorker' },
      // Of the reference's code only what computes lineages: tables of the spec stay outside.
      rolldownOptions: { treeshake: { moduleSideEffects: false } },
    },
  })) as Rolldown.RolldownOutput[];
  const [chunk] = output[0]!.output;
  return { code: chunk.code, files: chunk.moduleIds };
}

/** `virtual:genloss-wasm-worker`, see `worker-program.d.ts`. */
export const genlossWasmWorker = (): Plugin => ({
  name: 'genloss-wasm-worker',
  resolveId: (id) => (id === MODULE ? `\0${MODULE}` : null),
  async load(id) {
    if (id !== `\0${MODULE}`) return null;
    const { code, files } = await bundle();
    for (const file of files) this.addWatchFile(file);
    return `export const program = ${JSON.stringify(code)};\n`;
  },
});
