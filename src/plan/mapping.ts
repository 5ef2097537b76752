/**
 * How a GPU lays one lineage out: a team of lanes, each with some of its points. It follows from the
 * spec and from what the adapter can do, never from a clock, because the order of sums follows from
 * it. Engines that do not work in lanes have none.
 */
import { packedLength } from '../model/mixture.ts';

/** What an adapter can do with neighbouring lanes. */
export interface Lanes {
  /** Lanes that a team has at least; a power of two. */
  readonly least: number;
  /** Lanes that a team of one subgroup may have. */
  readonly most: number;
  /** Lanes where the points do not fit into the registers of a team of `most`. */
  readonly wide: number;
  /** Whether teams up to `most` add up by subgroup shuffles, or else through workgroup memory. */
  readonly subgroups: boolean;
}

export interface Mapping {
  /** Lanes of a team. */
  readonly team: number;
  /** Points of a lane in one tile. */
  readonly lanePoints: number;
  /** Tiles that the points come to; 1 where they are in registers. */
  readonly tiles: number;
  /** Where points are between two passes. */
  readonly points: 'registers' | 'storage' | 'redrawn';
  /** Values beside a point's coordinates that are kept with it: 1 where points weigh unlike. */
  readonly weights: 0 | 1;
  /** How a team adds up. */
  readonly sums: 'subgroup' | 'workgroup';
}

/**
 * Values that a lane holds in registers, points and model together, and points at least. Sums and
 * temporaries take as many again and more; beyond, RDNA 3 spills (tests/budget).
 */
const LANE_VALUES = 32;
const LEAST_VALUES = 8;
/** Values of a lane where a tile does not hold all points: block sums are folded after as many. */
const TILE_VALUES = 16;
/** Training sets that must fit side by side, or points are drawn again on every pass. */
const LEAST_SETS = 256;

/** Points of a lane where a team holds all n: at d = 1 they come in pairs, from one block of words. */
const residentPoints = (sampleSize: number, dim: number, team: number): number =>
  dim === 1 ? 2 * Math.ceil(sampleSize / (2 * team)) : Math.ceil(sampleSize / team);

/** Values of a model of K components: weight, mean and packed factor of each. */
const modelValues = (dim: number, components: number): number =>
  components * (1 + dim + packedLength(dim));

export interface Room {
  /** Bytes that all kept training sets may take together. */
  readonly pointBytes: number;
  /** Lineages that there are at most. */
  readonly lineages: number;
  /** Whether points may be drawn again on every pass, or have to be kept. */
  readonly redraws: boolean;
  /** Values beside a point's coordinates that are kept with it. */
  readonly weights: 0 | 1;
}

/** Mapping of the sampled path at n = `sampleSize` and K = `components`. */
export function mappingFor(
  sampleSize: number,
  dim: number,
  components: number,
  lanes: Lanes,
  { pointBytes, lineages, redraws, weights }: Room,
): Mapping {
  const room = Math.max(LEAST_VALUES, LANE_VALUES - modelValues(dim, components));
  for (let team = lanes.least; team <= lanes.most; team *= 2) {
    const lanePoints = residentPoints(sampleSize, dim, team);
    if (lanePoints * (dim + weights) <= room) {
      const sums = lanes.subgroups ? 'subgroup' : 'workgroup';
      return { team, lanePoints, tiles: 1, points: 'registers', weights, sums };
    }
  }
  const team = lanes.wide;
  const lanePoints = tilePoints(dim, weights);
  const tiles = Math.ceil(sampleSize / (team * lanePoints));
  const layout = { team, lanePoints, tiles, weights, sums: sumsOf(team, lanes) } as const;
  const kept = { ...layout, points: 'storage' } as const;
  const fits = setBytes(kept, dim) * Math.min(LEAST_SETS, lineages) <= pointBytes;
  return fits || !redraws ? kept : { ...kept, points: 'redrawn' };
}

/** Points of a lane in one tile of many; at d = 1 in pairs. */
const tilePoints = (dim: number, weights: 0 | 1): number => {
  const points = Math.floor(TILE_VALUES / (dim + weights));
  return dim === 1 ? points - (points % 2) : points;
};

const sumsOf = (team: number, lanes: Lanes): Mapping['sums'] =>
  lanes.subgroups && team <= lanes.most ? 'subgroup' : 'workgroup';

const allBytes = ({ team, lanePoints, tiles, weights }: Mapping, dim: number): number =>
  tiles * team * lanePoints * (dim + weights) * 4;

/** Bytes that one lineage's points take outside the registers. */
export const setBytes = (mapping: Mapping, dim: number): number =>
  mapping.points === 'storage' ? allBytes(mapping, dim) : 0;

/** What of a group says where its points are. */
interface Kept {
  readonly mapping: Mapping | null;
  readonly assembly: { readonly ancestry: boolean } | null;
  readonly wide: boolean;
}

/** Triangles that a lineage of many dimensions is computed in: shaders/kernels/wide_closed.wgsl. */
const WIDE_TRIANGLES = 4;

/**
 * The same for a group: what is assembled comes to the registers from storage, and with each lane's
 * tile the copies since a human of its points, together.
 */
export function keptBytes({ mapping, assembly, wide }: Kept, dim: number): number {
  if (wide) return WIDE_TRIANGLES * packedLength(dim) * 4;
  if (!mapping) return 0;
  if (!assembly) return setBytes(mapping, dim);
  return allBytes(mapping, dim) + (assembly.ancestry ? 4 * mapping.tiles * mapping.team : 0);
}
