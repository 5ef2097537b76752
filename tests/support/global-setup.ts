/**
 * Once per test run: finds Chromium (installs Debian's where that is allowed), points Dawn at its
 * software Vulkan driver, and says in one sentence what is missing and which tests do not run.
 * Where an adapter is expected (CI=true) its absence is a failure. GENLOSS_TEST_ADAPTER=system
 * keeps the machine's own Vulkan driver, to run the same tests on a real GPU.
 */
import { spawnSync } from 'node:child_process';
import { findChromium, findSwiftShader } from './chromium.ts';

/** The browser, its SwiftShader, and a Vulkan loader that Dawn finds by name. */
const PACKAGES = ['chromium', 'libvulkan1'];

const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);

function installChromium(): void {
  const mayInstall = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0;
  if (!mayInstall) return;
  say(`Installing ${PACKAGES.join(' and ')} with apt-get for the browser and WebGPU tests.`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]) => spawnSync('apt-get', args, { env, stdio: 'ignore' });
  apt('update');
  apt('install', '--yes', '--no-install-recommends', ...PACKAGES);
}

function useSwiftShader(): void {
  if (process.env.GENLOSS_TEST_ADAPTER === 'system' || process.env.VK_ICD_FILENAMES) return;
  const driver = findSwiftShader();
  if (!driver) return;
  process.env.VK_ICD_FILENAMES = driver.manifest;
  const others = process.env.LD_LIBRARY_PATH;
  process.env.LD_LIBRARY_PATH = others ? `${driver.folder}:${others}` : driver.folder;
}

/** Asked in a process of its own: the loader's environment is read when a process starts. */
function dawnFindsAdapter(): boolean {
  const script = `
    const gpu = (await import('webgpu')).create([]);
    process.exitCode = (await gpu.requestAdapter()) ? 0 : 1;
    globalThis.keep = gpu;
    process.exit();`;
  return spawnSync(process.execPath, ['--input-type=module', '--eval', script]).status === 0;
}

export function setup(): void {
  if (!findChromium()) installChromium();
  useSwiftShader();
  const missing: string[] = [];
  if (!findChromium()) {
    missing.push('No Chromium or Chrome: the browser tests (tests/e2e) do not run.');
  }
  if (!dawnFindsAdapter()) {
    process.env.GENLOSS_NO_ADAPTER = '1';
    missing.push('No WebGPU adapter for Node: the tests of shaders and WebGPU do not run.');
  }
  if (missing.length === 0) return;
  const remedy = `Install Debian's packages ${PACKAGES.join(' and ')}, or Chrome, and run again.`;
  const sentence = [...missing, remedy].join(' ');
  if (process.env.CI) throw new Error(sentence);
  say(sentence);
}
