/** The generated module `constants`: what a pipeline is specialised on. */
import { packedLength } from '../../model/mixture.ts';
import { RNG_ROUNDS } from '../../model/rng/threefry.ts';
import type { Cell } from '../../plan/plan.ts';
import { modelWords } from '../../plan/plan-run.ts';
import type { StatisticName } from '../../spec/statistics.ts';
import type { Constants } from './link.ts';
import { statisticConstants } from './statistic-constants.ts';

const COVARIANCE = { full: 0, diagonal: 1, spherical: 2 } as const;
const INIT = { parent: 0, truth: 1, kmeans: 2 } as const;

/** Constants of a pipeline group, from any of its cells. */
export function groupConstants(
  { spec: { fit }, truth }: Cell,
  statistics: readonly StatisticName[],
): Constants {
  const { dim } = truth;
  const truthCount = truth.mixture.weights.length;
  return {
    ...statisticConstants(statistics),
    D: dim,
    TRI: packedLength(dim),
    K: fit.components,
    J: truthCount,
    SOURCES: truthCount + fit.components,
    MODEL_WORDS: modelWords(dim, fit.components),
    STATUS_WORD: 1,
    COVARIANCE: COVARIANCE[fit.covariance],
    INIT: INIT[fit.init],
    REAL_ROWS: truth.rows ? 1 : 0,
    RNG_ROUNDS,
  };
}
