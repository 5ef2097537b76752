/** The generated module `constants`: what a pipeline is specialised on. */
import { packedLength } from '../../model/mixture.ts';
import { RNG_ROUNDS } from '../../model/rng/threefry.ts';
import type { Mapping } from '../../plan/mapping.ts';
import type { Assembly, Cell, Group } from '../../plan/plan.ts';
import { keepsAncestry, ringWords } from '../../plan/plan-run.ts';
import { covarianceForm } from '../../spec/schema.ts';
import type { StatisticName } from '../../spec/statistics.ts';
import type { Constants } from './link.ts';
import { statisticConstants } from './statistic-constants.ts';
import { COPIES_LIMIT } from './unroll.ts';

const COVARIANCE = { full: 0, diagonal: 1, spherical: 2, tied: 0 } as const;
const INIT = { parent: 0, truth: 1, kmeans: 2, random: 3 } as const;

const PRIOR = { none: 0, parent: 1, truth: 2 } as const;

/** Invocations of a workgroup of evolve and closed, where nothing has been measured. */
export const WORKGROUP = 64;

/**
 * Words of a fit that was broken off between two passes: its components and four of its own, its
 * training set's ancestry, and of an assembled one the status of its points.
 */
export const stateWords = ({ truth, spec }: Cell, { assembly }: Group): number =>
  4 +
  spec.fit.components * (1 + truth.dim + packedLength(truth.dim)) +
  (keepsAncestry(spec.statistics) ? 1 : 0) +
  (assembly ? 1 : 0);

/** Words that history has of a model: its own, and the threshold that it was found to ask for. */
export const historyWords = (modelWords: number): number => modelWords + 1;

const CORESET = { none: 0, uniform: 1, kmeans: 2, quantile: 3 } as const;

/** Invocations that a lineage of many dimensions has: about one an axis. */
export const wideWorkgroup = (dim: number): number =>
  Math.min(WORKGROUP, 2 ** Math.ceil(Math.log2(dim)));

const RETENTION = { replace: 0, accumulate: 1, 'accumulate-subsample': 2 } as const;
const POOL = { none: 0, model: 1, whole: 2, kinds: 3 } as const;

function assemblyConstants({ assembly, grouping }: Group): Constants {
  const flag = (holds: boolean | undefined) => (holds ? 1 : 0);
  return {
    ASSEMBLED: flag(assembly !== null),
    GROUPED: flag(grouping !== null),
    COUNTED: flag(grouping?.counted),
    POOL: POOL[grouping?.pool ?? 'none'],
    RETENTION:
      RETENTION[
        assembly?.retention ?? (grouping && grouping.pool !== 'none' ? 'accumulate' : 'replace')
      ],
    FIXED: flag(assembly?.fixed ?? grouping?.fixed),
    SEGMENTED: flag(grouping?.segmented),
    DISTILLED: flag(Boolean(assembly?.coreset)),
    CORESET: CORESET[assembly?.coreset?.method ?? 'none'],
    MEMORY: flag(assembly?.memory ?? grouping?.memory),
    LOOKED: flag(assembly?.looked),
    POISONED: flag(assembly?.poisoned ?? grouping?.poisoned),
    NOISY: flag(assembly?.noisy ?? grouping?.noisy),
    PROTECTS: flag(assembly?.protects),
  };
}

/** Constants of a pipeline group, from any of its cells. */
export function groupConstants(
  cell: Cell,
  group: Group,
  statistics: readonly StatisticName[],
  workgroup = WORKGROUP,
): Constants {
  const { spec, truth } = cell;
  const { fit, criteria } = spec;
  const { dim } = truth;
  const truthCount = truth.mixture.weights.length;
  const choosesCentres = fit.init === 'kmeans' || fit.init === 'random';
  const orphan = fit.init === 'parent' && fit.components !== truthCount;
  return {
    ...statisticConstants(statistics, truthCount),
    CRITERION_COUNT: criteria.length,
    D: dim,
    TRI: packedLength(dim),
    K: fit.components,
    J: truthCount,
    SOURCES: truthCount + fit.components,
    MODEL_WORDS: ringWords(spec, dim),
    ANCESTRY: keepsAncestry(spec.statistics) ? 1 : 0,
    STATUS_WORD: 1,
    COVARIANCE: COVARIANCE[fit.covariance],
    TIED: covarianceForm(fit) === 'tied' ? 1 : 0,
    INIT: INIT[fit.init],
    // A parent start has no parent at generation 1 and, where K is not J, no truth to start from.
    KMEANS: fit.components > 1 && (choosesCentres || orphan) ? 1 : 0,
    REAL_ROWS: truth.rows ? 1 : 0,
    RNG_ROUNDS,
    WORKGROUP: group.wide ? wideWorkgroup(dim) : workgroup,
    BY_PART: fit.components * (1 + (dim * (dim - 1)) / 2) > COPIES_LIMIT ? 1 : 0,
    STANDARDISED: group.standardised ? 1 : 0,
    WIDE: group.wide ? 1 : 0,
    PHASED: group.phased ? 1 : 0,
    HAS_REAL: group.real ? 1 : 0,
    TOLERANCE: group.tolerant ? 1 : 0,
    BIASED: group.biased ? 1 : 0,
    SHARPENED: group.sharpened ? 1 : 0,
    WEIGHED: group.weighed ? 1 : 0,
    TAILED: group.tailed ? 1 : 0,
    PRIOR: PRIOR[group.prior],
    RESPAWN: group.respawn ? 1 : 0,
    STATE_WORDS: stateWords(cell, group),
    ...(group.mapping && mappingConstants(group.mapping, dim, group.assembly)),
    ...assemblyConstants(group),
    // Training sets of other sizes than the last one's leave more than its last block empty.
    ...((group.assembly || group.grows) && { MASK_FROM: 0 }),
    HISTORY: Math.max(1, group.past),
    HISTORY_WORDS: historyWords(ringWords(spec, dim)),
    POOL_AT: group.past * historyWords(ringWords(spec, dim)),
  };
}

function mappingConstants(mapping: Mapping, dim: number, assembly: Assembly | null): Constants {
  const { team, lanePoints, tiles, points, weights } = mapping;
  const blockPoints = dim === 1 ? 2 : 1;
  return {
    TEAM: team,
    TEAM_LOG2: Math.log2(team),
    TILES: tiles,
    LANE_POINTS: lanePoints,
    // The points' ancestry together comes after all of them.
    KEPT_VALUES: lanePoints * (dim + weights) + (assembly?.ancestry ? 1 : 0),
    // No array may be empty.
    WEIGHT_COUNT: weights === 1 ? lanePoints : 1,
    LANE_BLOCKS: lanePoints / blockPoints,
    BLOCK_POINTS: blockPoints,
    // What a point comes from is a byte.
    PICK_WORDS: Math.ceil(lanePoints / 4),
    RESIDENT: points === 'registers' ? 1 : 0,
    STORED: points === 'storage' ? 1 : 0,
    // Points of a tile that may be past the last: all, or the last block where one tile holds all.
    MASK_FROM: points === 'registers' ? lanePoints - blockPoints : 0,
  };
}
