/**
 * What may be asked in more dimensions than points are drawn in: one Gaussian, its fits drawn from
 * their laws, and statistics in closed form.
 */
import { axisValues } from './axes.ts';
import { truthComponentCount } from './cells.ts';
import { isWide, MAX_EM_DIM } from './parameter.ts';
import { POINT_NEEDS, type PointNeed } from './point-needs.ts';
import { drawsCounts } from './recorded.ts';
import { truthDim, TRUTH_DIM, type Rule } from './rule.ts';
import type { Axis, PhaseSpec, TruthSpec } from './spec.ts';
import { WIDE_STATISTICS, type StatisticName } from './statistics.ts';

type Problem = readonly [message: string, remedy: string] | null;

const LOWER = `or lower the dimensions to ${MAX_EM_DIM}`;

/** A rule for many dimensions only. */
const wideRule = (
  field: string,
  reads: readonly string[],
  check: (phase: PhaseSpec, dim: number) => Problem,
): Rule => ({
  field,
  reads: [...TRUTH_DIM, ...reads],
  check: (phase) => {
    const dim = truthDim(phase.truth);
    return isWide(dim) ? check(phase, dim) : null;
  },
});

const needRule = ({ field, reads, reason, remedy, ...need }: PointNeed): Rule => ({
  field,
  reads: [...TRUTH_DIM, 'closedForm', ...reads],
  check: (phase, asked) => {
    const dim = truthDim(phase.truth);
    if (!isWide(dim)) return null;
    const left = need.withCounts(phase, asked);
    if (!left && !need.holds(phase, asked)) return null;
    if (left) return [`${reason}, and in ${dim} dimensions none is drawn.`, `${remedy}, ${LOWER}.`];
    if (drawsCounts(asked)) return null;
    const { closedForm } = asked;
    return [
      `${reason}, and "closedForm": "${closedForm}" draws no numbers of points, nor in ${dim} dimensions points.`,
      `Set closedForm to counts, ${LOWER}.`,
    ];
  },
});

export const WIDE_RULES: readonly Rule[] = [
  wideRule('truth.components', [], ({ truth }, dim) => {
    const count = truthComponentCount(truth) ?? 1;
    return count === 1
      ? null
      : [
          `${count} components in ${dim} dimensions need points, which are drawn in up to ${MAX_EM_DIM}.`,
          `Take one component, ${LOWER}.`,
        ];
  }),
  wideRule('fit.components', ['fit.components', 'fit.componentsFromTruth'], ({ fit, truth }, dim) =>
    // Where the truth has several, that is what has to be said.
    fit.components === 1 || truthComponentCount(truth) !== 1
      ? null
      : [
          `EM with ${fit.components} components in ${dim} dimensions needs points, which are drawn in up to ${MAX_EM_DIM}.`,
          `Set it to 1, ${LOWER}.`,
        ],
  ),
  wideRule('closedForm', ['closedForm'], ({ closedForm }, dim) =>
    closedForm === 'off' || closedForm === 'replace'
      ? [
          `${closedForm} draws points, and in ${dim} dimensions none is drawn.`,
          `Use auto, counts or statistics, ${LOWER}.`,
        ]
      : null,
  ),
  ...POINT_NEEDS.map(needRule),
  wideRule('statistics', ['statistics'], ({ statistics }, dim) => {
    const name = statistics.find((name) => !WIDE_STATISTICS.includes(name));
    return name === undefined
      ? null
      : [
          `${name} is not measured in ${dim} dimensions: above ${MAX_EM_DIM}, what a Gaussian's moments give is.`,
          `Choose among ${WIDE_STATISTICS.join(', ')}, ${LOWER}.`,
        ];
  }),
];

/** The most dimensions of any cell. */
function mostDimensions(truth: TruthSpec, sweep: Readonly<Record<string, Axis>>): number {
  const axis = sweep['truth.dim'];
  return axis ? Math.max(...axisValues(axis).map(Number)) : truthDim(truth);
}

/** Those of `names` that are defined in every cell. */
export const withinDimensions = (
  names: readonly StatisticName[],
  truth: TruthSpec,
  sweep: Readonly<Record<string, Axis>>,
): readonly StatisticName[] =>
  isWide(mostDimensions(truth, sweep))
    ? names.filter((name) => WIDE_STATISTICS.includes(name))
    : names;
