/**
 * SPIR-V of WGSL, written by Tint inside Dawn, which is what Chrome and the command line compile
 * with. Dawn dumps it as text, and spirv-as makes a module of it again.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ENTRY_POINT } from '../../src/engine/webgpu/pipeline.ts';
import { call, type Tools } from './tools.ts';

const DUMP = fileURLToPath(new URL('dump.js', import.meta.url));
const HEADING = '/* Dumped SPIRV disassembly */';

/** Writes `<path>.wgsl`, `<path>.spvasm` and `<path>.spv`. Throws Error where Dawn refuses it. */
export async function writeModule(path: string, wgsl: string, tools: Tools): Promise<void> {
  const { manifest, folder } = tools.swiftShader;
  const others = process.env.LD_LIBRARY_PATH;
  const env = {
    VK_ICD_FILENAMES: manifest,
    VK_DRIVER_FILES: manifest,
    LD_LIBRARY_PATH: others ? `${folder}:${others}` : folder,
  };
  await writeFile(`${path}.wgsl`, wgsl);
  const assembly = `${path}.spvasm`;
  const dump = { env, input: wgsl, through: assembly };
  const dumped = await call(process.execPath, [DUMP, ENTRY_POINT], dump);
  await writeFile(assembly, onlyModule(dumped));
  await call(tools.spirvAs, ['--target-env', 'vulkan1.3', assembly, '-o', `${path}.spv`]);
}

/** The one disassembly in what Dawn dumped. */
function onlyModule(dumped: string): string {
  const parts = dumped.split(HEADING);
  if (parts.length === 2) return parts[1]!;
  throw new Error(`Dawn dumped ${parts.length - 1} SPIR-V modules and not one: ${dumped}`);
}
