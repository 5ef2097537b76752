/** Random raw specs, drawn from the table of parameters; about one in five breaks some rule. */
import fc from 'fast-check';
import {
  axesFor,
  fieldsFor,
  parseSpec,
  withPath,
  type Axis,
  type Parameter,
  type Spec,
  type TruthKind,
} from '../../src/spec/schema.ts';
import { MAX_EM_DIM, nullableOf } from '../../src/spec/parameter.ts';
import { SCALAR_STATISTICS, STATISTIC_NAMES } from '../../src/spec/statistics.ts';
import { SpecError } from '../../src/errors.ts';

const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter((value) => !/\p{Cc}|\p{Surrogate}/u.test(value) && value.length <= 255);

/** Positive weights that sum to 1 within rounding. */
const weights = (count: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: count, maxLength: count }).map((raw) => {
    const sum = raw.reduce((a, b) => a + b, 0);
    return raw.map((value) => value / sum);
  });

const finite = (min: number, max: number): fc.Arbitrary<number> =>
  fc.double({ min, max, noNaN: true });

/** Diagonally dominant, so positive definite. */
function covariance(dim: number): fc.Arbitrary<number[][]> {
  const pairs = (dim * (dim - 1)) / 2;
  const parts = fc.tuple(
    fc.array(finite(1e-3, 1e3), { minLength: dim, maxLength: dim }),
    fc.array(finite(-0.4, 0.4), { minLength: pairs, maxLength: pairs }),
  );
  return parts.map(([variances, correlations]) =>
    variances.map((a, i) =>
      variances.map((b, j) => {
        const [high, low] = [Math.max(i, j), Math.min(i, j)];
        return i === j ? a : correlations[(high * (high - 1)) / 2 + low]! * Math.sqrt(a * b);
      }),
    ),
  );
}

const mixture: fc.Arbitrary<unknown> = fc
  .tuple(fc.integer({ min: 1, max: MAX_EM_DIM }), fc.integer({ min: 1, max: 5 }))
  .chain(([dim, count]) =>
    fc.tuple(
      weights(count),
      fc.array(fc.array(finite(-1e3, 1e3), { minLength: dim, maxLength: dim }), {
        minLength: count,
        maxLength: count,
      }),
      fc.array(covariance(dim), { minLength: count, maxLength: count }),
    ),
  )
  .map(([shares, means, covariances]) =>
    shares.map((weight, i) => ({ weight, mean: means[i], covariance: covariances[i] })),
  );

const condition = fc
  .tuple(
    fc.constantFrom(...SCALAR_STATISTICS),
    fc.constantFrom('above', 'below'),
    finite(-1e17, 1e17),
  )
  .map(([statistic, side, level]) => ({ statistic, [side]: level }));

const criterion = fc
  .tuple(
    fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,8}$/),
    fc.constantFrom(...SCALAR_STATISTICS),
    fc.constantFrom('above', 'below'),
    finite(-1e17, 1e17),
    fc.constantFrom(undefined, 'truth', 'first'),
    fc.option(condition, { nil: undefined }),
  )
  .map(([name, statistic, side, level, relativeTo, unless]) => ({
    name,
    statistic,
    [side]: level,
    // A step of the truth to itself is no reference.
    ...(relativeTo && !(statistic === 'stepKl' && relativeTo === 'truth') && { relativeTo }),
    // Of the same statistic it might be met whenever the criterion is.
    ...(unless && unless.statistic !== statistic && { unless }),
  }));

export function valueOf(row: Parameter): fc.Arbitrary<unknown> {
  const [min, max] = [row.minimum!, row.maximum!];
  if (row.path === 'truth.dim') {
    // Beyond, nearly everything is refused.
    const few = fc.integer({ min, max: MAX_EM_DIM });
    return fc.oneof(
      { weight: 9, arbitrary: few },
      { weight: 1, arbitrary: fc.integer({ min, max }) },
    );
  }
  switch (row.kind) {
    case 'integer':
      // Small numbers break fewer rules and limits than numbers up to 10⁹.
      return fc.integer({ min, max: Math.min(max, min + 200) });
    case 'number':
      return finite(min, max);
    case 'numbers':
      return fc.array(finite(min, max), { minLength: row.length![0], maxLength: row.length![1] });
    case 'numerals':
      return fc.uniqueArray(fc.integer({ min, max }), {
        minLength: row.length![0],
        maxLength: Math.min(row.length![1], 2),
      });
    case 'choice':
      return fc.constantFrom(...row.choices!.map(({ value }) => value));
    case 'text':
      return text;
    case 'texts':
      return fc.uniqueArray(text, { minLength: min, maxLength: max });
    case 'weights':
      return fc.oneof(
        fc.constant('equal'),
        finite(0, 10).map((zipf) => ({ zipf })),
        fc.integer({ min: 1, max: 4 }).chain(weights),
      );
    case 'mixture':
      return mixture;
    case 'statistics':
      return fc.uniqueArray(fc.constantFrom(...STATISTIC_NAMES), { minLength: 1 });
    case 'switch':
      return fc.boolean();
    case 'criteria':
      return fc.uniqueArray(criterion, { maxLength: 3, selector: ({ name }) => name });
    case 'flag':
      return fc.constant(true);
  }
}

/** A value, or now and then null where that means something, or a schedule of values. */
function fieldOf(row: Parameter): fc.Arbitrary<unknown> {
  const plain = plainOf(row);
  return row.nullable === undefined ? plain : fc.option(plain, { nil: null, freq: 3 });
}

function plainOf(row: Parameter): fc.Arbitrary<unknown> {
  if (!row.schedule) return valueOf(row);
  const steps = fc
    .uniqueArray(fc.integer({ min: 2, max: 300 }), { maxLength: 3 })
    .chain((later) =>
      fc.tuple(
        ...[1, ...later.sort((a, b) => a - b)].map((first) =>
          valueOf(row).map((value) => [first, value]),
        ),
      ),
    )
    .map((at) => ({ at }));
  const ramp = fc.record({
    from: valueOf(row),
    to: valueOf(row),
    until: fc.integer({ min: 2, max: 99 }),
    shape: fc.constantFrom('linear', 'logistic'),
  });
  const kinds = row.schedule === 'ramp' ? [steps, ramp] : [steps];
  return fc.oneof({ weight: 4, arbitrary: valueOf(row) }, ...kinds);
}

function axisOf(row: Parameter): fc.Arbitrary<Axis> {
  const list = fc.uniqueArray(
    (row.nullable === undefined ? valueOf(row) : fc.option(valueOf(row), { freq: 3 })).map(
      (value) => (value === 0 ? 0 : value),
    ),
    {
      minLength: 1,
      maxLength: 4,
    },
  ) as fc.Arbitrary<Axis>;
  if (row.kind !== 'number') return list;
  const range = fc.record({
    from: valueOf(row),
    to: valueOf(row),
    steps: fc.integer({ min: 2, max: 9 }),
    scale: fc.constantFrom('linear', 'log'),
  }) as fc.Arbitrary<Axis>;
  return fc.oneof(list, range);
}

const kinds = fc.constantFrom<TruthKind>('blobs', 'mixture', 'data');

/** Fields that most other specs do not go with: given now and then. */
const FUSSY = ['growth', 'statistics', 'fit.prior', 'fit.estimator', 'fit.respawn'];
const isFussy = ({ path, kind }: Parameter): boolean =>
  kind === 'numbers' ||
  kind === 'numerals' ||
  nullableOf(path) !== undefined ||
  FUSSY.some((field) => path.startsWith(field));

export const rawSpecs: fc.Arbitrary<Record<string, unknown>> = kinds.chain((kind) => {
  const rows = fieldsFor(kind).filter(
    ({ path }) => path !== 'truth.kind' && path !== 'fit.componentsFromTruth',
  );
  const fields = rows.map((row) =>
    row.default === undefined && !row.derived
      ? fieldOf(row)
      : fc.oneof(
          { weight: isFussy(row) ? 15 : 1, arbitrary: fc.constant(undefined) },
          { weight: 1, arbitrary: fieldOf(row) },
        ),
  );
  const axes = fc
    .subarray([...axesFor(kind)], { maxLength: 3 })
    .chain((chosen) =>
      fc
        .tuple(...chosen.map(axisOf))
        .map((values) => Object.fromEntries(chosen.map(({ path }, i) => [path, values[i]]))),
    );
  const web = fc.oneof(
    { weight: 9, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(null, {}) },
  );
  return fc.tuple(fc.tuple(...fields), axes, web).map(([values, sweep, object]) => {
    let raw: Record<string, unknown> = { truth: { kind }, sweep };
    if (object !== undefined) raw = withPath(raw, 'batch.web', object);
    values.forEach((value, i) => {
      const { path } = rows[i]!;
      const refused = object === null && nullableOf(path) !== undefined;
      const filled = object && path === 'batch.realFraction';
      if (value !== undefined && !refused && !filled) raw = withPath(raw, path, value);
    });
    // A prior and the estimator that takes it come together.
    const { prior, estimator } = (raw['fit'] ?? {}) as Record<string, unknown>;
    if (prior) return withPath(raw, 'fit.estimator', 'map');
    if (estimator === 'map') return withPath(raw, 'fit.estimator', 'em');
    return raw;
  });
});

/** Null where the door says no. */
export function tryParse(raw: unknown): Spec | null {
  try {
    return parseSpec(raw);
  } catch (error) {
    if (error instanceof SpecError) return null;
    throw error;
  }
}

export const specs: fc.Arbitrary<Spec> = rawSpecs
  .map(tryParse)
  .filter((spec): spec is Spec => spec !== null);
