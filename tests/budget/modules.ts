/** The texts to be measured: every kernel as the engine links it for a shape. */
import { createReferenceEngine } from '../../src/engine/reference/engine.ts';
import { groupConstants } from '../../src/engine/webgpu/constants.ts';
import { link } from '../../src/engine/webgpu/link.ts';
import { shaderSources } from '../../src/engine/webgpu/shaders.ts';
import { planRun } from '../../src/plan/plan-run.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import { SHAPES, type ShapeName } from './budgets.ts';

export const KERNELS: readonly string[] = [...shaderSources.keys()]
  .filter((name) => name.startsWith('kernels::'))
  .map((name) => name.slice('kernels::'.length));

/** WGSL of `shaders/kernels/<kernel>.wgsl` for the only cell of a shape's spec. */
export function moduleText(kernel: string, shape: ShapeName): string {
  // Limits cut a run into batches; constants do not depend on them.
  const { limits } = createReferenceEngine();
  const { cells, statistics } = planRun(parseSpec(SHAPES[shape]), limits);
  return link(shaderSources, `kernels::${kernel}`, groupConstants(cells[0]!, statistics)).text;
}
