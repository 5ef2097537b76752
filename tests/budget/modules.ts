/** The texts to be measured: every kernel as the engine links it for a shape. */
import { groupConstants } from '../../src/engine/webgpu/constants.ts';
import { link } from '../../src/engine/webgpu/link.ts';
import { shaderSources } from '../../src/engine/webgpu/shaders.ts';
import { withSet, withTeam } from '../../src/engine/webgpu/pipeline.ts';
import { planRun } from '../../src/plan/plan-run.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import { SHAPES, type ShapeName } from './budgets.ts';

export const KERNELS: readonly string[] = [...shaderSources.keys()]
  .filter((name) => name.startsWith('kernels::'))
  .map((name) => name.slice('kernels::'.length));

/** What the engine would find on an AMD GPU: subgroups of at least 32 lanes. */
const LIMITS = {
  bufferBytes: 2 ** 27,
  totalBytes: 2 ** 29,
  dispatchWork: 1e9,
  batchLineages: 65_536,
  lanes: { least: 4, most: 32, wide: 64, subgroups: true },
  lacks: [],
};

/** WGSL of `shaders/kernels/<kernel>.wgsl` for the only cell of a shape's spec. */
export function moduleText(kernel: string, shape: ShapeName): string {
  const { cells, groups, statistics } = planRun(parseSpec(SHAPES[shape]), LIMITS);
  const group = groups[0]!;
  const constants = groupConstants(cells[0]!, group, statistics);
  const sums = group.mapping?.sums ?? 'subgroup';
  const sources = withSet(withTeam(shaderSources, sums), constants);
  return link(sources, `kernels::${kernel}`, constants).text;
}
