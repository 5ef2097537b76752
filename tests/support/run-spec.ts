/** A raw spec, run to the end, with its summaries by name. */
import type { Engine } from '../../src/engine/engine.ts';
import { rowIndex, SUMMARY_FIELDS, type Results } from '../../src/experiment/results.ts';
import { runExperiment } from '../../src/experiment/run.ts';
import type { DataSet } from '../../src/model/truth.ts';
import { planRun, type PlanOptions } from '../../src/plan/plan-run.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import type { StatisticName } from '../../src/spec/statistics.ts';

export interface Ran {
  readonly plan: Plan;
  readonly results: Results;
  /** One field of one summary; NaN where it is empty. */
  value(
    cell: number,
    generation: number,
    statistic: StatisticName,
    field: (typeof SUMMARY_FIELDS)[number],
  ): number;
}

export async function runSpec(
  engine: Engine,
  raw: unknown,
  options: PlanOptions & { readonly data?: DataSet } = {},
): Promise<Ran> {
  const plan = planRun(parseSpec(raw), engine.limits, options);
  const results = await runExperiment(plan, engine);
  return {
    plan,
    results,
    value: (cell, generation, statistic, field) => {
      const row = rowIndex(results, cell, generation, plan.statistics.indexOf(statistic));
      return results.values[row * SUMMARY_FIELDS.length + SUMMARY_FIELDS.indexOf(field)]!;
    },
  };
}
