/**
 * SPIR-V of WGSL, written by Tint inside Dawn, which is what Chrome and the command line compile
 * with. Dawn dumps it as text, and spirv-as makes a module of it again.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ENTRY_POINT } from '../../src/engine/webgpu/pipeline.ts';
import { call, type Tools } from './tools.ts';

const DUMP = fileURLToPath(new URL('dump.js', import.meta.url));
const HEADING = '/* Dumped SPIRV disassembly */';
const POLL_MS = 50;

/** Writes `<path>.wgsl`, `<path>.spvasm` and `<path>.spv`. Throws Error where Dawn refuses it. */
export async function writeModule(path: string, wgsl: string, tools: Tools): Promise<void> {
  await writeFile(`${path}.wgsl`, wgsl);
  const assembly = `${path}.spvasm`;
  await writeFile(assembly, await disassemble(wgsl, assembly, tools));
  await call(tools.spirvAs, ['--target-env', 'vulkan1.3', assembly, '-o', `${path}.spv`]);
}

/**
 * Dawn dumps before the driver compiles, which takes SwiftShader minutes where much is unrolled:
 * dump.js is ended as soon as all is there. Its stdout goes through `file`,
 * because Node programs lose what a pipe has no room for.
 */
async function disassemble(
  wgsl: string,
  file: string,
  { swiftShader: { manifest, folder } }: Tools,
): Promise<string> {
  const output = await open(file, 'w');
  const others = process.env.LD_LIBRARY_PATH;
  const env = {
    ...process.env,
    VK_ICD_FILENAMES: manifest,
    VK_DRIVER_FILES: manifest,
    LD_LIBRARY_PATH: others ? `${folder}:${others}` : folder,
  };
  const stdio = ['pipe', output.fd, 'pipe'] as const;
  const child = spawn(process.execPath, [DUMP, ENTRY_POINT], { env, stdio: [...stdio] });
  // That it ended before it read everything is told by its exit code.
  child.stdin!.on('error', () => undefined).end(wgsl);
  const ended = Promise.all([text(child.stderr!), once(child, 'close')]);
  let found: string | null = null;
  while (found === null && child.exitCode === null && child.signalCode === null) {
    await setTimeout(POLL_MS);
    found = wholeModule(await readFile(file, 'utf8'));
  }
  child.kill('SIGKILL');
  const [said] = await ended;
  await output.close();
  found ??= wholeModule(await readFile(file, 'utf8'));
  if (found === null) throw new Error(`Dawn dumped no SPIR-V: ${said}`);
  return found;
}

/** The disassembly in what was dumped, once its last function, the entry point, is complete. */
function wholeModule(dumped: string): string | null {
  const module = dumped.split(HEADING)[1] ?? '';
  const entry = /OpEntryPoint GLCompute (%\w+)/.exec(module)?.[1];
  const body = entry ? module.split(`${entry} = OpFunction `)[1] : undefined;
  return body && /OpFunctionEnd\s*$/.test(body) ? module : null;
}
