/**
 * Three products of one source: the page (`vite build` → dist/page, served from any path), the
 * command line and the library (`vite build --mode cli` → dist/cli.js, dist/genloss.js, one file
 * each, nothing left out but Dawn), and the test run.
 */
import { chmodSync } from 'node:fs';
import type { EnvironmentOptions, Plugin, UserConfig } from 'vite';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { genlossWasmWorker } from './src/engine/wasm/bundle-worker.ts';
import { genlossWasm } from './src/engine/wasm/compile.ts';

/** The kernels of the WASM engine and the program of its threads. */
const wasmModules = (): Plugin[] => [genlossWasm(), genlossWasmWorker()];

const EXECUTABLE = 0o755;

/** Makes the written command line a program. */
const executable: Plugin = {
  name: 'executable',
  applyToEnvironment: ({ name }) => name === 'cli',
  writeBundle: () => chmodSync('dist/cli.js', EXECUTABLE),
};

/** One self-contained ES module for Node and, as far as its imports go, the browser. */
const bundle = (input: string, name: string, banner = ''): EnvironmentOptions => ({
  consumer: 'server',
  resolve: { noExternal: true, external: ['webgpu'] },
  build: {
    target: 'node20',
    outDir: 'dist',
    emptyOutDir: false,
    copyPublicDir: false,
    minify: false,
    rolldownOptions: {
      input,
      output: { entryFileNames: `${name}.js`, format: 'es', banner, codeSplitting: false },
    },
  },
});

const node: UserConfig = {
  environments: {
    cli: bundle('src/cli/main.ts', 'cli', '#!/usr/bin/env node'),
    lib: bundle('src/index.ts', 'genloss'),
  },
  builder: {
    buildApp: async (builder) => {
      await builder.build(builder.environments.cli!);
      await builder.build(builder.environments.lib!);
    },
  },
  plugins: [executable, ...wasmModules()],
};

/** Without a screen there is no browser to open: `npm start` then only prints the address. */
const hasScreen =
  process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);

const page: UserConfig = {
  base: './',
  build: { outDir: 'dist/page', target: 'es2022', chunkSizeWarningLimit: 1000 },
  preview: { open: hasScreen },
  plugins: wasmModules(),
  worker: { format: 'es', plugins: wasmModules },
};

const tests: NonNullable<ViteUserConfig['test']> = {
  include: ['tests/**/*.test.ts'],
  globalSetup: 'tests/support/global-setup.ts',
  // Dawn reads VK_ICD_FILENAMES from the real environment, which only a process has.
  pool: 'forks',
  // Of two cores one would be idle: compiling shaders and the reference engine take one thread each.
  maxWorkers: '100%',
  // A guard against hanging and no measure of speed: a software Vulkan driver on two busy cores
  // compiles the largest kernels for half a minute.
  testTimeout: 600_000,
  hookTimeout: 600_000,
};

export default defineConfig(({ mode }) => ({ ...(mode === 'cli' ? node : page), test: tests }));
