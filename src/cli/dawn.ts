/**
 * WebGPU in Node: Dawn, from the package `webgpu`, loaded only when a command wants a GPU. Where
 * the machine has no Vulkan driver at all, the software one inside Debian's chromium can be used on
 * demand.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { restWhileWaiting } from './dawn-rest.ts';

/** Dawn ends the process with a segmentation fault when this object is collected. */
const kept: GPU[] = [];

const CHROMIUM_FOLDERS = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'];

/** Dawn's GPU object; null where the package or its binary for this platform is missing. */
export async function openDawn(): Promise<GPU | null> {
  try {
    const { create, globals } = await import('webgpu');
    restWhileWaiting(globals);
    Object.assign(globalThis, globals);
    // The kernels write workgroup memory before they read it; initialising it once more makes the
    // software driver compile the sort 40 times slower.
    // Drivers of Mesa complain on stderr where a session has none.
    process.env.XDG_RUNTIME_DIR ??= tmpdir();
    const gpu = create(['enable-dawn-features=disable_workgroup_init']);
    kept.push(gpu);
    return gpu;
  } catch {
    return null;
  }
}

/** Prints what Dawn finds, and leaves before Dawn is torn down; the object is kept as in `kept`. */
const PROBE = `
  const { pathToFileURL } = require('node:url');
  import(pathToFileURL(process.argv[1])).then(async ({ create }) => {
    globalThis.kept = create([]);
    const adapter = await kept.requestAdapter({ powerPreference: 'high-performance' });
    const { vendor, architecture, device, description, isFallbackAdapter } = adapter?.info ?? {};
    const info = adapter && { vendor, architecture, device, description, isFallbackAdapter };
    process.stdout.write(JSON.stringify(info), () => process.exit(0));
  });`;

/** A driver that takes longer to find nothing is asked again in this process. */
const PROBE_MS = 20_000;

/**
 * What Dawn finds here, looked for in a process of its own: drivers that are no good make Dawn write
 * warnings past Node to standard error, which this process has for its own sentences. Null where
 * there is no adapter; undefined where nothing could be learnt.
 */
export async function probeAdapter(): Promise<GPUAdapterInfo | null | undefined> {
  try {
    const dawn = createRequire(import.meta.url).resolve('webgpu');
    const env = { ...process.env, XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR ?? tmpdir() };
    const text = await new Promise<string>((resolve) => {
      execFile(
        process.execPath,
        ['-e', PROBE, dawn],
        { env, timeout: PROBE_MS },
        // Dawn may crash after it has answered.
        (_, stdout) => resolve(stdout),
      );
    });
    return JSON.parse(text) as GPUAdapterInfo | null;
  } catch {
    return undefined;
  }
}

const VULKAN = 'libvulkan.so.1';

/**
 * Whether this process can have Vulkan, which on Linux all of Dawn's adapters need: it complains on
 * stderr where it looks for the library in vain.
 */
export const hasVulkan = (): boolean => process.platform !== 'linux' || loadLibrary(VULKAN);

/** dlopen's RTLD_NODELETE on Linux, which Node does not name: the library stays when Node lets go. */
const KEEP_LOADED = 0x1000;

/**
 * Points the Vulkan loader of this process at Chromium's SwiftShader. False where there is none or
 * where the user has chosen a driver. To be called before `openDawn` looks for an adapter again.
 */
export function useSwiftShader(): boolean {
  if (process.platform !== 'linux' || process.env.VK_ICD_FILENAMES) return false;
  const folder = CHROMIUM_FOLDERS.find((path) => existsSync(join(path, MANIFEST)));
  if (folder === undefined) return false;
  process.env.VK_ICD_FILENAMES = join(folder, MANIFEST);
  const loader = join(folder, VULKAN);
  if (existsSync(loader)) loadLibrary(loader);
  return true;
}

const MANIFEST = 'vk_swiftshader_icd.json';

/**
 * Loads a library so that Dawn, which asks for it by name, finds it: it may not be on the path. False
 * where there is none.
 */
function loadLibrary(path: string): boolean {
  const { RTLD_NOW, RTLD_GLOBAL } = constants.dlopen;
  try {
    process.dlopen({ exports: {} }, path, RTLD_NOW | RTLD_GLOBAL | KEEP_LOADED);
    return true;
  } catch (error) {
    // Node says that a library is no add-on, and it is not: by then it is loaded.
    return !/cannot open shared object/.test(String(error));
  }
}
