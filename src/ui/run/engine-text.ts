/** Words about the engine of a run: which it is, and how it goes about the work. */
import type { AdapterInfo, EngineName } from '../../engine/engine.ts';
import type { GroupRecord } from '../../experiment/export/run-json.ts';
import { handOverText } from '../../plan/hand-over.ts';
import type { Mapping } from '../../plan/mapping.ts';

export const ENGINE_NAMES: Readonly<Record<EngineName, string>> = {
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  reference: 'the reference engine',
};

/**
 * "WebGPU: NVIDIA H200", "WebAssembly: SIMD (relaxed), 8 threads; 12 of 16 cells by reference
 * (accumulate)".
 */
export function engineText(
  engine: EngineName,
  { description }: AdapterInfo,
  groups: readonly GroupRecord[],
): string {
  const handed = handOverText(groups);
  const name = `${capitalised(ENGINE_NAMES[engine])}: ${description.replace(/^WASM /, '')}`;
  return handed ? `${name}; ${handed}` : name;
}

const PATHS: Readonly<Record<GroupRecord['path'], string>> = {
  closed: 'closed form, no points drawn',
  standardised: 'fits to standard normals, multiplied on',
  sampled: 'fits to the points drawn',
};

const POINTS: Readonly<Record<Mapping['points'], string>> = {
  registers: 'points in registers',
  storage: 'points in memory',
  redrawn: 'points drawn anew in every pass',
};

const SUMS: Readonly<Record<Mapping['sums'], string>> = {
  subgroup: 'sums in subgroups',
  workgroup: 'sums in workgroups',
};

/** How a GPU lays a lineage out, or what the other engines do at once. */
function layoutText(engine: EngineName, { mapping, handOver }: GroupRecord): string {
  if (handOver.length > 0) return 'lineage by lineage in f64 on each thread';
  if (mapping) {
    const { team, points, sums } = mapping;
    return `${team} lanes a lineage, ${POINTS[points]}, ${SUMS[sums]}`;
  }
  if (engine === 'wasm') return 'four lineages at once on each thread';
  return engine === 'webgpu' ? 'one lane a lineage' : 'lineage by lineage';
}

function groupText(engine: EngineName, group: GroupRecord): string {
  const { path, drawn, tolerant } = group;
  const way = drawn === 'first' ? 'closed form from generation 2 on' : PATHS[path];
  return `${way}${tolerant ? ' until EM has converged' : ''}; ${layoutText(engine, group)}`;
}

/** How the cells are computed, a line for each way; several ways come with their cells. */
export function pathTexts(engine: EngineName, groups: readonly GroupRecord[]): string[] {
  const cells = new Map<string, number>();
  for (const group of groups) {
    const text = groupText(engine, group);
    cells.set(text, (cells.get(text) ?? 0) + group.cells);
  }
  if (cells.size === 1) return [...cells.keys()].map(capitalised);
  return Array.from(
    cells,
    ([text, count]) => `${count} ${count === 1 ? 'cell' : 'cells'}: ${text}`,
  );
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
