/** The programs and drivers a measurement needs: where they are, and which are missing. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { findSwiftShader } from '../support/chromium.ts';

export interface Tools {
  /** Manifest of RADV, Mesa's driver of AMD GPUs, which compiles without one. */
  readonly radv: string;
  /** A driver for Dawn to compile with. */
  readonly swiftShader: NonNullable<ReturnType<typeof findSwiftShader>>;
  readonly spirvAs: string;
  readonly python: string;
}

export interface Found {
  readonly tools: Tools | null;
  /** What is missing and where it comes from, as a sentence; empty where nothing is. */
  readonly missing: string;
}

const MANIFEST_FOLDERS = ['/usr/share', '/usr/local/share', '/etc'].map((root) =>
  join(root, 'vulkan', 'icd.d'),
);

function findRadv(): string | null {
  const manifests = MANIFEST_FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder).map((name) => join(folder, name)),
  );
  return manifests.find((path) => /radeon_icd[\w.]*\.json$/.test(path)) ?? null;
}

function findProgram(name: string): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/** Debian's package of each. */
const PACKAGES = {
  radv: 'mesa-vulkan-drivers',
  swiftShader: 'chromium',
  spirvAs: 'spirv-tools',
  python: 'python3',
} as const;

export function findTools(): Found {
  const found = {
    radv: findRadv(),
    swiftShader: findSwiftShader(),
    spirvAs: findProgram('spirv-as'),
    python: findProgram('python3'),
  };
  const names = Object.keys(PACKAGES) as (keyof typeof PACKAGES)[];
  const packages = names.filter((name) => !found[name]).map((name) => PACKAGES[name]);
  if (packages.length === 0) return { tools: found as Tools, missing: '' };
  const missing =
    'The instruction budgets of the kernels are not checked: ' +
    `Debian's ${packages.join(', ')} would have to be installed.`;
  return { tools: null, missing };
}

export interface Call {
  readonly env: Readonly<Record<string, string>>;
}

/** What a program prints on stdout. Throws Error with what it says on stderr where it fails. */
export async function call(
  program: string,
  words: readonly string[],
  { env }: Call = { env: {} },
): Promise<string> {
  const child = spawn(program, words, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [printed, said, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null, string | null]>,
  ]);
  if (code !== 0) throw new Error(`${program} ended with ${code ?? signal}: ${said}`);
  return printed;
}
