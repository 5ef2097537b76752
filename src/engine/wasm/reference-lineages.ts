/**
 * Lineages that the kernels have no code for: the reference's own, in f64, writes their models into
 * the ring as the kernels would have. What their next models depend on goes from task to task with
 * all its digits, so that it matters neither where a task ends nor which thread takes it.
 */
import { coresetOf, type Coreset } from '../../model/assemble/coreset.ts';
import { tallyLength } from '../../model/assemble/groups.ts';
import type { FramedModel, Pool } from '../../model/frame.ts';
import { ancestor, nextModel } from '../../model/lineage.ts';
import { coresetEntries, TALLIES_KEPT, type Rules } from '../../model/rules.ts';
import { observe } from '../../model/statistics/observe.ts';
import {
  packModel,
  readNumbers,
  readTally,
  writeNumbers,
  writeTallies,
} from '../webgpu/pack-model.ts';
import type { AdvanceTask, Measures, Numbers } from './messages.ts';

/** A ring of words [(slot · modelWords + word) · stride + lineage], slot 0 the parents. */
export interface Ring {
  readonly words: Uint32Array;
  readonly modelWords: number;
  /** Whether the last word of a model is its ancestry. */
  readonly ancestry: boolean;
  readonly stride: number;
}

/** Where lineages are measured that the kernels cannot measure: [(generation · statistics) · stride]. */
export interface Measured extends Measures {
  readonly values: Float32Array;
}

const LANES = 4;

/**
 * Of each lineage its models [past × number], the oldest first, after them its coreset, points and
 * then what they stand for, and after that the pool beside its latest model. What is not there yet is 0.
 */
class PastModels {
  readonly numbers: Numbers;
  readonly #rules: Rules;
  readonly #past: number;
  readonly #size: number;
  readonly #ancestry: boolean;
  /** Number of a lineage that its pool begins at. */
  readonly #tallies: number;
  /** Numbers of a lineage. */
  readonly #stride: number;

  constructor(numbers: Numbers | null, count: number, past: number, rules: Rules, ring: Ring) {
    const size = ring.modelWords;
    const distilled = rules.coreset ? rules.coreset.size * (rules.dim + 1) : 0;
    this.#tallies = past * size + distilled;
    this.#stride = this.#tallies + TALLIES_KEPT[rules.pool] * tallyLength(rules.dim);
    this.numbers = numbers ?? new Float64Array(count * this.#stride);
    this.#rules = rules;
    this.#past = past;
    this.#size = size;
    this.#ancestry = ring.ancestry;
  }

  #at(lineage: number, place: number): number {
    return lineage * this.#stride + place * this.#size;
  }

  /** Of a lineage that is a replicate of its cell, before a generation. */
  coreset(lineage: number, replicate: number, generation: number): Coreset | null {
    if (coresetEntries(this.#rules, generation) === 0) return null;
    const at = this.#at(lineage, this.#past);
    const counts = at + this.#rules.coreset!.size * this.#rules.dim;
    const held = {
      points: this.numbers.subarray(at, counts),
      counts: this.numbers.subarray(counts, lineage * this.#stride + this.#tallies),
    };
    if (held.counts.every((count) => count === 0)) {
      const made = coresetOf(this.#rules, replicate);
      held.points.set(made.points);
      held.counts.set(made.counts);
    }
    return held;
  }

  /** Before a generation, counted from 1. */
  read(lineage: number, generation: number): FramedModel[] {
    const { dim, components } = this.#rules;
    const models = Array.from({ length: Math.min(this.#past, generation - 1) }, (_, place) =>
      readNumbers(dim, components, this.numbers, this.#at(lineage, place), this.#ancestry),
    );
    if (models.length > 0) models.at(-1)!.pool = this.#pool(lineage);
    return models;
  }

  #pool(lineage: number): Pool | null {
    const { dim, pool } = this.#rules;
    const count = TALLIES_KEPT[pool];
    const first = lineage * this.#stride + this.#tallies;
    const tallyAt = (_: unknown, t: number) =>
      readTally(dim, this.numbers, first + t * tallyLength(dim));
    return count === 0 ? null : Array.from({ length: count }, tallyAt);
  }

  write(lineage: number, models: readonly FramedModel[]): void {
    models.forEach((model, place) =>
      writeNumbers(model, this.numbers, this.#at(lineage, place), this.#ancestry),
    );
    const pool = models.at(-1)!.pool ?? [];
    writeTallies(pool, this.numbers, lineage * this.#stride + this.#tallies);
  }
}

/**
 * Takes a task's lineages through its generations and into the ring, and the last vector's idle
 * lanes along with the last of them; returns the past that the next task needs, in the task's own
 * array where it came with one.
 */
export function evolveByReference(
  task: AdvanceTask,
  rules: Rules,
  ring: Ring,
  measured: Measured | null = null,
): Numbers {
  const { count, firstReplicate, firstGeneration, generationCount } = task;
  const { past } = task.blocks;
  const known = (task.past[0] as Numbers | undefined) ?? null;
  const pasts = new PastModels(known, count, past, rules, ring);
  for (let lineage = 0; lineage < count; lineage++) {
    const models = pasts.read(lineage, firstGeneration);
    for (let g = 0; g < generationCount; g++) {
      const before = models.length > 0 ? models : [ancestor(rules)];
      const [replicate, generation] = [firstReplicate + lineage, firstGeneration + g];
      const coreset = pasts.coreset(lineage, replicate, generation);
      const model = nextModel(rules, before, replicate, generation, coreset);
      if (measured) {
        const at = { key: rules.key, lineage: replicate, generation };
        const parent = models.at(-1) ?? null;
        const found = observe(measured.statistics, model, measured.tables, at, parent);
        found.forEach((value, s) => {
          measured.values[(g * found.length + s) * ring.stride + lineage] = value;
        });
      }
      models.push(model);
      if (models.length > past) models.shift();
      writeModel(models.at(-1)!, ring, g + 1, lineage, lineage === count - 1);
    }
    pasts.write(lineage, models);
  }
  return pasts.numbers;
}

/** Into a slot; the `last` lineage of all into the rest of its vector too. */
function writeModel(model: FramedModel, ring: Ring, slot: number, lineage: number, last: boolean) {
  const { words, modelWords, ancestry, stride } = ring;
  const end = last ? Math.ceil((lineage + 1) / LANES) * LANES : lineage + 1;
  packModel(model, ancestry).forEach((word, w) => {
    const row = (slot * modelWords + w) * stride;
    words.fill(word, row + lineage, row + end);
  });
}
