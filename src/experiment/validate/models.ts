/**
 * Laws of what no statistic is of, such as one entry of a covariance: the models of a cell's first
 * lineages are fetched one by one, as a density view does, and what they come to is averaged here.
 */
import type { Engine } from '../../engine/engine.ts';
import type { FramedModel } from '../../model/frame.ts';
import { unframeModel } from '../../model/gmm/model.ts';
import { packedIndex, packedLength } from '../../model/mixture.ts';
import { totalMoments } from '../../model/statistics/moments.ts';
import type { Truth } from '../../model/truth.ts';
import { checkOf, type Cell, type Check } from './checks.ts';
import type { WholeModel } from './model-law.ts';

/** Empty where the case has no such laws; throws the signal's reason when aborted. */
export async function modelChecks(
  at: Cell,
  engine: Engine,
  lineages: number,
  signal: AbortSignal,
): Promise<Check[]> {
  const { of, plan, cell } = at;
  const { spec, truth } = plan.cells[cell]!;
  const laws = of.models?.laws(spec, truth) ?? [];
  if (laws.length === 0) return [];
  // [law][generation]: the values of all lineages.
  const values = laws.map(() => of.generations.map(() => new Float64Array(lineages)));
  for (let replicate = 0; replicate < lineages; replicate++) {
    const models = await engine.trace(plan, cell, replicate, signal);
    of.generations.forEach((generation, g) => {
      const whole = wholeOf(models[generation - 1]!, truth);
      laws.forEach((law, l) => (values[l]![g]![replicate] = law.of(whole)));
    });
  }
  return laws.flatMap(({ quantity, formula, source, ...law }, l) =>
    of.generations.map((generation, g) => {
      const variance = law.variance(generation);
      const { mean, se } = meanOf(values[l]![g]!);
      return checkOf(at, {
        ...{ quantity, formula, source, generation, lineages, slack: 0 },
        // Of so few lineages no mean is quite normal.
        near: true,
        expected: law.expected(generation),
        found: mean,
        known: variance === null ? null : Math.sqrt(variance / lineages),
        sample: se,
      });
    }),
  );
}

function wholeOf(model: FramedModel, truth: Truth): WholeModel {
  const { dim, mean, factor, exponent } = totalMoments(model);
  const unit = 2 ** truth.log2Unit;
  const width = unit * 2 ** exponent;
  const covariance = new Float64Array(packedLength(dim));
  let determinant = 1;
  for (let a = 0; a < dim; a++) {
    determinant *= (width * factor[packedIndex(a, a)]!) ** 2;
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let c = 0; c <= b; c++) sum += factor[packedIndex(a, c)]! * factor[packedIndex(b, c)]!;
      covariance[packedIndex(a, b)] = width * width * sum;
    }
  }
  const parts = unframeModel(model, truth.mean, truth.log2Unit);
  return { mean: mean.map((x) => x * unit), covariance, determinant, parts };
}

function meanOf(values: Float64Array): { mean: number; se: number } {
  const count = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / count;
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return { mean, se: Math.sqrt(squares / (count - 1) / count) };
}
