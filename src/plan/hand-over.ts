/**
 * What an engine has no kernels for. Cells that ask for it are handed over: the engine's threads run
 * the reference's own code on their lineages, in f64, and measure and reduce as ever. A mechanism
 * that is rare and costly to write a third time is a row here instead.
 */
import { distils, isGrouped } from '../model/rules.ts';
import { cornerSpecs, isWide, truthDim, type PhaseSpec, type Spec } from '../spec/schema.ts';

export interface Lack {
  /** A word or two for people: what a cell has that kernels have not. */
  readonly reason: string;
  /** Paths of the spec that are concerned. */
  readonly paths: readonly string[];
  /** Whether a cell asks for it in a phase. */
  readonly holds: (phase: PhaseSpec, cell: Spec) => boolean;
}

/** Of the kernels in src/engine/wasm/assembly. */
export const WASM_LACKS: readonly Lack[] = [
  {
    reason: 'coreset',
    paths: ['batch.coreset.size', 'batch.coreset.method'],
    holds: (_, cell) => distils(cell),
  },
  {
    reason: 'verifier',
    paths: ['batch.verifier.keep', 'batch.verifier.error'],
    holds: ({ batch: { verifier } }) => verifier.keep < 1 || verifier.error > 0,
  },
  {
    reason: 'curation',
    paths: ['batch.curation.candidates'],
    holds: ({ batch }) => batch.curation.candidates > 1,
  },
  {
    reason: 'quality filter',
    paths: ['batch.qualityFilter'],
    holds: ({ batch }) => batch.qualityFilter > 0,
  },
  {
    reason: 'protected modes',
    paths: ['batch.protectedModes'],
    holds: ({ batch }) => batch.protectedModes.length > 0,
  },
  {
    reason: 'weighted points',
    paths: ['fit.realWeight', 'fit.tailWeight'],
    holds: ({ fit }) => fit.realWeight !== null || fit.tailWeight > 0,
  },
  {
    reason: 'prior',
    paths: ['fit.prior.centre', 'fit.prior.strength'],
    holds: ({ fit }) => fit.prior !== null,
  },
  {
    reason: 'respawn',
    paths: ['fit.respawn'],
    holds: ({ fit }) => fit.respawn,
  },
  {
    reason: 'fits drawn from groups of points',
    paths: ['closedForm'],
    holds: (_, cell) => isGrouped(cell),
  },
  {
    // What measures models has no room for so many either, see `ReferenceCell`.
    reason: 'many dimensions',
    paths: ['truth.dim'],
    holds: (_, cell) => isWide(truthDim(cell.truth)),
  },
];

/** Reasons why a cell is handed over, in the table's order; none where there are kernels for it. */
export function handOverReasons(spec: Spec, lacks: readonly Lack[]): string[] {
  if (lacks.length === 0) return [];
  const phases = cornerSpecs(spec);
  return lacks
    .filter(({ holds }) => phases.some((phase) => holds(phase, spec)))
    .map(({ reason }) => reason);
}

/** Times that the reference's code takes of what kernels take for the same work. */
export const HAND_OVER_COST = 32;

/** What a visit costs in a pipeline group, in visits of the engine's kernels. */
export const visitCost = ({ handOver }: { readonly handOver: readonly string[] }): number =>
  handOver.length > 0 ? HAND_OVER_COST : 1;

/** "12 of 16 cells by reference (accumulate)"; empty where none are handed over. */
export function handOverText(
  groups: readonly { readonly cells: number; readonly handOver: readonly string[] }[],
): string {
  const handed = groups.filter(({ handOver }) => handOver.length > 0);
  if (handed.length === 0) return '';
  const count = (some: typeof groups) => some.reduce((sum, { cells }) => sum + cells, 0);
  const all = count(groups);
  const share = `${count(handed)} of ${all} ${all === 1 ? 'cell' : 'cells'}`;
  const reasons = new Set(handed.flatMap(({ handOver }) => handOver));
  return `${share} by reference (${[...reasons].join(', ')})`;
}
