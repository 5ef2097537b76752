/**
 * The training set of a generation as places in batches: the batch itself, every batch there has
 * been, or some points of them all; real points of a batch may stand in a coreset. Twin: shaders/assemble/training_set.wgsl.
 */
import { coresetEntries, poolSize, rulesAt, trainingSize, type Rules } from '../rules.ts';
import { permutationOf, permute } from './permutation.ts';

/** A point of a batch. */
export interface Entry {
  /** 0: of the coreset. */
  readonly generation: number;
  readonly index: number;
}

/** Entry number e of the training set, e from 0 to `trainingSize` − 1. */
export function trainingSet(
  rules: Rules,
  lineage: number,
  generation: number,
): (e: number) => Entry {
  if (rules.retention === 'replace') return inBatch(rules, generation);
  const inPool = poolOf(rules, generation);
  if (rules.retention === 'accumulate') return inPool;
  const size = poolSize(rules, generation);
  const permutation = permutationOf(rules.key, lineage, generation, size);
  return (e) => inPool(permute(permutation, e));
}

/** The batch, the coreset before it in the place of its real points. */
function inBatch(rules: Rules, generation: number): (e: number) => Entry {
  const distilled = coresetEntries(rules, generation);
  if (distilled === 0) return (index) => ({ generation, index });
  const { quota } = rulesAt(rules, generation);
  return (e) =>
    e < distilled ? { generation: 0, index: e } : { generation, index: e - distilled + quota };
}

/** The pool in the order of its generations. */
function poolOf(rules: Rules, generation: number): (e: number) => Entry {
  const { phases } = rules;
  if (phases.every(({ sampleSize }) => sampleSize === rules.sampleSize)) {
    const { sampleSize } = rules;
    return (e) => ({ generation: 1 + Math.floor(e / sampleSize), index: e % sampleSize });
  }
  const ends = Array.from({ length: generation }, (_, g) => poolSize(rules, g + 1));
  return (e) => {
    let [low, high] = [0, ends.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (e < ends[middle]!) high = middle;
      else low = middle + 1;
    }
    return { generation: low + 1, index: e - (low === 0 ? 0 : ends[low - 1]!) };
  };
}

/** The cell at a generation, with as many points as its training set has. */
export function trainingRules(rules: Rules, generation: number): Rules {
  const own = rulesAt(rules, generation);
  const sampleSize = trainingSize(rules, generation);
  // With a coreset the set has other than n_t points, which weigh n_t together: a prior of κ of a
  // batch's points is worth as large a share of the set.
  const unit = coresetEntries(rules, generation) > 0 ? sampleSize / own.sampleSize : 1;
  return { ...own, sampleSize, strength: own.strength * unit };
}
