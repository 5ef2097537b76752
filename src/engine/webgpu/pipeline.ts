/**
 * Compute pipelines from kernels: linked, compiled once per linked text, and a driver's messages
 * brought back to the file and line that somebody wrote.
 */
import { EngineError } from '../../errors.ts';
import type { Mapping } from '../../plan/mapping.ts';
import { link, type Constants, type Linked, type Sources } from './link.ts';
import { shaderSources } from './shaders.ts';

/** Every kernel's entry point. */
export const ENTRY_POINT = 'main';

export class Pipelines {
  readonly #device: GPUDevice;
  readonly #sources: Sources;
  readonly #byText = new Map<string, Promise<Pipeline>>();

  constructor(device: GPUDevice, sources: Sources = shaderSources) {
    this.#device = device;
    this.#sources = sources;
  }

  /**
   * The pipeline of `shaders/kernels/<kernel>.wgsl`; `sums` chooses the module `package::team`.
   * Throws EngineError "file:line: message".
   */
  async get(
    kernel: string,
    constants: Constants = {},
    sums: Mapping['sums'] = 'workgroup',
  ): Promise<Pipeline> {
    const sources = withSet(withTeam(this.#sources, sums), constants);
    const linked = link(sources, `kernels::${kernel}`, constants);
    let pipeline = this.#byText.get(linked.text);
    if (!pipeline) {
      pipeline = compile(this.#device, linked, kernel);
      this.#byText.set(linked.text, pipeline);
    }
    return pipeline;
  }
}

/** The modules with one of shaders/team/ as `team`. */
export function withTeam(sources: Sources, sums: Mapping['sums']): Sources {
  const team = sources.get(`team::${sums}`);
  return team ? new Map(sources).set('team', team) : sources;
}

/** Sources of which a word holds a set. */
const WORD_SOURCES = 32;

/** The modules with one of shaders/set/ as `set`. */
export function withSet(sources: Sources, constants: Constants): Sources {
  const pair = sources.get('set::pair');
  const many = Number(constants['SOURCES'] ?? 0) > WORD_SOURCES;
  return pair && many ? new Map(sources).set('set', pair) : sources;
}

/** A compiled kernel, and the layout of its bindings as the kernel declares them. */
export interface Pipeline {
  readonly compute: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

const BINDING = /@group\(0\) @binding\((\d+)\) var<(uniform|storage, read_write|storage, read)>/g;
const BUFFER_TYPES: Readonly<Record<string, GPUBufferBindingType>> = {
  uniform: 'uniform',
  'storage, read': 'read-only-storage',
  'storage, read_write': 'storage',
};

/** Every binding that the text declares: a kernel specialised on less may not read them all. */
const layoutOf = (device: GPUDevice, { text }: Linked, label: string): GPUBindGroupLayout =>
  device.createBindGroupLayout({
    label,
    entries: Array.from(text.matchAll(BINDING), ([, binding, kind]) => ({
      binding: Number(binding),
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type: BUFFER_TYPES[kind!]! },
    })),
  });

/** Compiles linked text. Throws EngineError with every error, one per line. */
export async function compile(device: GPUDevice, linked: Linked, label: string): Promise<Pipeline> {
  // Errors are reported here with their file, so the device need not report them again without.
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ label, code: linked.text });
  const [{ messages }] = await Promise.all([module.getCompilationInfo(), device.popErrorScope()]);
  const errors = messages.filter(({ type }) => type === 'error');
  if (errors.length > 0) throw new EngineError(errors.map((e) => describe(e, linked)).join('\n'));
  try {
    const bindings = layoutOf(device, linked, label);
    const layout = device.createPipelineLayout({ label, bindGroupLayouts: [bindings] });
    const stage = { module, entryPoint: ENTRY_POINT };
    const compute = await device.createComputePipelineAsync({ label, layout, compute: stage });
    return { compute, layout: bindings };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError(`shaders/kernels/${label}.wgsl: ${reason}`, { cause: error });
  }
}

const describe = ({ lineNum, message }: GPUCompilationMessage, linked: Linked): string =>
  // Line 0 is the driver's way to say that it does not know.
  `${lineNum > 0 ? linked.where(lineNum) : 'linked shader'}: ${message}`;
