/**
 * Compute pipelines from kernels: linked, compiled once per linked text, and a driver's messages
 * brought back to the file and line that somebody wrote.
 */
import { EngineError } from '../../errors.ts';
import { link, type Constants, type Linked, type Sources } from './link.ts';
import { shaderSources } from './shaders.ts';

/** Every kernel's entry point. */
export const ENTRY_POINT = 'main';

export class Pipelines {
  readonly #device: GPUDevice;
  readonly #sources: Sources;
  readonly #byText = new Map<string, Promise<GPUComputePipeline>>();

  constructor(device: GPUDevice, sources: Sources = shaderSources) {
    this.#device = device;
    this.#sources = sources;
  }

  /** The pipeline of `shaders/kernels/<kernel>.wgsl`. Throws EngineError "file:line: message". */
  async get(kernel: string, constants: Constants = {}): Promise<GPUComputePipeline> {
    const linked = link(this.#sources, `kernels::${kernel}`, constants);
    let pipeline = this.#byText.get(linked.text);
    if (!pipeline) {
      pipeline = compile(this.#device, linked, kernel);
      this.#byText.set(linked.text, pipeline);
    }
    return pipeline;
  }
}

/** Compiles linked text. Throws EngineError with every error, one per line. */
export async function compile(
  device: GPUDevice,
  linked: Linked,
  label: string,
): Promise<GPUComputePipeline> {
  // Errors are reported here with their file, so the device need not report them again without.
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ label, code: linked.text });
  const [{ messages }] = await Promise.all([module.getCompilationInfo(), device.popErrorScope()]);
  const errors = messages.filter(({ type }) => type === 'error');
  if (errors.length > 0) throw new EngineError(errors.map((e) => describe(e, linked)).join('\n'));
  try {
    const compute = { module, entryPoint: ENTRY_POINT };
    return await device.createComputePipelineAsync({ label, layout: 'auto', compute });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError(`shaders/kernels/${label}.wgsl: ${reason}`, { cause: error });
  }
}

const describe = ({ lineNum, message }: GPUCompilationMessage, linked: Linked): string =>
  // Line 0 is the driver's way to say that it does not know.
  `${lineNum > 0 ? linked.where(lineNum) : 'linked shader'}: ${message}`;
