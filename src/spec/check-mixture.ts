/**
 * Components of an explicit mixture: weight, mean, covariance. Covariances must be symmetric and
 * positive definite; they are returned exactly symmetric.
 */
import { checkList, checkNumber, reportSum, WEIGHT, type NumberRow } from './check-number.ts';
import { MAX_DIM, type Parameter } from './parameter.ts';
import { isObject, readPath } from './paths.ts';
import { reportUnknownKeys, show, type Report } from './report.ts';
import type { MixtureComponent } from './spec.ts';

/** Off-diagonal pairs may differ by rounding, relative to the standard deviations. */
const SYMMETRY_TOLERANCE = 1e-12;
/** A squared Cholesky pivot of the correlation matrix under 2⁻²³: f32 resolves no thinner direction. */
const PIVOT_TOLERANCE = 2 ** -23;
/** A truth may be as narrow as 1e-50: lineages live in truth units, see src/model/frame.ts. */
const MEAN: NumberRow = { kind: 'number', minimum: -1e15, maximum: 1e15 };
const VARIANCE: NumberRow = { kind: 'number', minimum: 1e-100, maximum: 1e30 };
const COVARIANCE: NumberRow = { kind: 'number', minimum: -1e30, maximum: 1e30 };

export function checkMixture(
  row: Parameter,
  value: unknown,
  field: string,
  report: Report,
): unknown {
  const list = checkList(row, value, field, report);
  if (!list) return undefined;
  const first = list[0];
  const mean = readPath(first, 'mean');
  const dim = Array.isArray(mean) && mean.length <= MAX_DIM ? Math.max(1, mean.length) : 1;
  const components = list.map((component, i) =>
    checkComponent(component, dim, `${field}[${i}]`, report),
  );
  reportSum(
    components.map((component) => component?.weight),
    field,
    report,
  );
  return components;
}

function checkComponent(
  value: unknown,
  dim: number,
  field: string,
  report: Report,
): MixtureComponent | undefined {
  if (!isObject(value)) {
    const remedy = 'Give { "weight": 1, "mean": [0], "covariance": [[1]] }.';
    report.add(field, `${show(value)} is not a component.`, remedy);
    return undefined;
  }
  reportUnknownKeys(value, ['weight', 'mean', 'covariance'], field, report);
  const weight = checkNumber(WEIGHT, readPath(value, 'weight'), `${field}.weight`, report);
  const mean = checkVector(MEAN, readPath(value, 'mean'), dim, `${field}.mean`, report);
  const covariance = checkCovariance(
    readPath(value, 'covariance'),
    dim,
    `${field}.covariance`,
    report,
  );
  return { weight, mean, covariance } as MixtureComponent;
}

function checkVector(
  row: NumberRow,
  value: unknown,
  dim: number,
  field: string,
  report: Report,
): unknown[] | undefined {
  if (!Array.isArray(value) || value.length !== dim) {
    const remedy = `Give ${dim} ${dim === 1 ? 'number' : 'numbers'}: every mean has 1 to ${MAX_DIM}.`;
    report.add(field, `${show(value)} does not fit the other means.`, remedy);
    return undefined;
  }
  return Array.from(value, (entry, i) => checkNumber(row, entry, `${field}[${i}]`, report));
}

function checkCovariance(
  value: unknown,
  dim: number,
  field: string,
  report: Report,
): number[][] | undefined {
  if (!Array.isArray(value) || value.length !== dim) {
    report.add(field, `${show(value)} does not fit.`, `Give ${dim} rows of ${dim} numbers.`);
    return undefined;
  }
  const rows = Array.from(value, (line: unknown, a) => {
    if (!Array.isArray(line) || line.length !== dim) {
      report.add(`${field}[${a}]`, `${show(line)} does not fit.`, `Give ${dim} numbers.`);
      return undefined;
    }
    return Array.from(line, (entry, b) =>
      checkNumber(a === b ? VARIANCE : COVARIANCE, entry, `${field}[${a}][${b}]`, report),
    );
  });
  if (rows.some((line) => !line || line.includes(undefined))) return undefined;
  return checkPositive(rows as number[][], field, report);
}

/** Symmetric and positive definite, judged on the correlation matrix; returned exactly symmetric. */
function checkPositive(
  rows: readonly (readonly number[])[],
  field: string,
  report: Report,
): number[][] | undefined {
  const dim = rows.length;
  const sd = rows.map((line, a) => Math.sqrt(line[a]!));
  const factor = rows.map(() => new Array<number>(dim).fill(0));
  for (let a = 0; a < dim; a++) {
    for (let b = 0; b <= a; b++) {
      const lower = rows[a]![b]! / sd[a]! / sd[b]!;
      if (Math.abs(lower - rows[b]![a]! / sd[a]! / sd[b]!) > SYMMETRY_TOLERANCE) {
        const pair = `${rows[a]![b]} and ${rows[b]![a]}`;
        report.add(field, `Entries [${a}][${b}] and [${b}][${a}] are ${pair}.`, 'Make them equal.');
        return undefined;
      }
      let rest = lower;
      for (let c = 0; c < b; c++) rest -= factor[a]![c]! * factor[b]![c]!;
      if (a === b && !(rest > PIVOT_TOLERANCE)) {
        const remedy = 'Lower the covariances against the variances.';
        report.add(field, 'The covariance is not positive definite.', remedy);
        return undefined;
      }
      factor[a]![b] = a === b ? Math.sqrt(rest) : rest / factor[b]![b]!;
    }
  }
  return rows.map((line, a) => line.map((_, b) => (b <= a ? rows[a]![b]! : rows[b]![a]!)));
}
