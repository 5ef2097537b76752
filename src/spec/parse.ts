/**
 * The door. `parseSpec` turns anything into a complete, frozen Spec or reports every problem at
 * once, with its field and a remedy; behind it nothing checks a value again.
 */
import { axisLength, axisValues, checkSweep } from './axes.ts';
import { cellCount, defaultComponents, truthComponentCount } from './cells.ts';
import { checkRules } from './check-rules.ts';
import { checkValue } from './check-value.ts';
import { NULLABLE_CONTAINERS, nullableOf, type Parameter, type TruthKind } from './parameter.ts';
import { criterionStatistics, defaultCriteria } from './criteria.ts';
import { CONTAINERS, fieldsFor, parameterAt } from './parameters.ts';
import { deepFreeze, isObject, readPath, withPath, type PlainObject } from './paths.ts';
import { formatNumber, Report, reportUnknownKeys, show } from './report.ts';
import { phaseStarts } from './schedule.ts';
import type { Axis, Estimator, FitSpec, Spec, TruthSpec } from './spec.ts';
import { MODE_FAMILIES, statisticsNamed, type StatisticName } from './statistics.ts';
import { withinDimensions } from './wide-rules.ts';

export interface ParseOptions {
  /** Most lineages (cells × replicates); default 10⁸. */
  readonly maxLineages?: number;
  /** Most cells; default 65 536. */
  readonly maxCells?: number;
}

export const DEFAULT_MAX_LINEAGES = 1e8;
export const DEFAULT_MAX_CELLS = 65536;

/** @throws SpecError with all problems. */
export function parseSpec(input: unknown, options: ParseOptions = {}): Spec {
  const { maxCells = DEFAULT_MAX_CELLS, maxLineages = DEFAULT_MAX_LINEAGES } = options;
  const report = new Report();
  const raw = checkContainers(input, report);
  const kind = checkKind(raw, report);
  checkKeys(raw, kind, report);
  let fields: PlainObject = {};
  for (const row of fieldsFor(kind)) {
    if (isOff(row.path, raw)) {
      fields = withPath(fields, nullableOf(row.path)!, null);
      continue;
    }
    const value = row.path === 'truth.kind' ? kind : readField(row, raw, report);
    if (value !== undefined) fields = withPath(fields, row.path, value);
  }
  const sweep = checkSweep(readPath(raw, 'sweep'), kind, report);
  const draft = assemble(fields, sweep, raw, report);
  checkRules({ raw, draft, maxCells }, report);
  checkCost(draft, maxCells, maxLineages, report);
  report.throwIfAny();
  return deepFreeze(draft);
}

/** Whether a field lies in an object that nobody has asked for, in its place or as an axis. */
function isOff(path: string, raw: PlainObject): boolean {
  const container = nullableOf(path);
  if (container === undefined || isObject(readPath(raw, container))) return false;
  const axes = Object.keys(Object(readPath(raw, 'sweep')) as object);
  return !axes.some((axis) => axis.startsWith(`${container}.`));
}

/** The input with every container an object; what was something else is reported and emptied. */
function checkContainers(input: unknown, report: Report): PlainObject {
  if (!isObject(input)) {
    const remedy = 'Give an object such as { "truth": { "kind": "blobs" } }.';
    report.add('', `${show(input)} is not a spec.`, remedy);
    return { truth: { kind: 'blobs' } };
  }
  let raw: PlainObject = input;
  for (const name of CONTAINERS) {
    const value = readPath(raw, name);
    if (value === undefined || isObject(value)) continue;
    if (value === null && NULLABLE_CONTAINERS.includes(name)) continue;
    report.add(name, `${show(value)} is not an object.`, 'Give an object of fields.');
    raw = withPath(raw, name, {});
  }
  return raw;
}

function checkKind(raw: PlainObject, report: Report): TruthKind | null {
  if (report.touches('truth')) return null;
  const row = parameterAt('truth.kind', null)!;
  const given = readPath(raw, row.path);
  if (given !== undefined) {
    return (checkValue(row, given, row.path, report) as TruthKind | undefined) ?? null;
  }
  const field = readPath(raw, 'truth') === undefined ? 'truth' : row.path;
  report.add(field, 'Missing.', 'Give a truth such as { "kind": "blobs", "components": 3 }.');
  return null;
}

function checkKeys(raw: PlainObject, kind: TruthKind | null, report: Report): void {
  const paths = fieldsFor(kind).map((row) => row.path);
  const top = [...new Set(paths.map((path) => path.split('.')[0]!)), 'sweep'];
  reportUnknownKeys(raw, top, '', report);
  for (const name of CONTAINERS) {
    const object = readPath(raw, name);
    // What belongs in a truth is not known before its kind is.
    if (!isObject(object) || (name === 'truth' && kind === null)) continue;
    const prefix = `${name}.`;
    const known = paths.filter((path) => path.startsWith(prefix));
    const names = known.map((path) => path.slice(prefix.length).split('.')[0]!);
    reportUnknownKeys(object, [...new Set(names)], name, report);
  }
}

function readField(row: Parameter, raw: PlainObject, report: Report): unknown {
  const given = readPath(raw, row.path);
  if (given !== undefined) return checkValue(row, given, row.path, report);
  if (row.default === undefined && !row.optional && !row.derived) {
    report.add(row.path, 'Missing.', row.doc);
  }
  return row.default;
}

/** Puts the fields in the order of the spec file and fills in what follows from others. */
function assemble(
  fields: PlainObject,
  sweep: Record<string, Axis>,
  raw: PlainObject,
  report: Report,
): Spec {
  const { version, seed, pairing, truth, batch, retention, fit, ...rest } =
    fields as unknown as Spec;
  const { closedForm, sampleSize, growth, generations, replicates, ...measured } = rest;
  const { criteria, stages, nodes } = measured;
  const unsure = ['truth', 'sweep'].some((field) => report.touches(field));
  const asked =
    readPath(raw, 'statistics') !== undefined || unsure
      ? measured.statistics
      : defaultStatistics(truth, sweep);
  const statistics = namedStatistics(asked, truth, sweep, report);
  return {
    ...{ version, seed, pairing, truth, batch, retention },
    fit: resolveFit(fit, truth, sweep, raw, report),
    ...{ closedForm, sampleSize, growth, generations, replicates, sweep },
    statistics: withCriteria(statistics, criteria, report),
    ...{ criteria: criteria ?? defaultCriteria(statistics ?? []), stages, nodes },
  };
}

const DEFAULT_STATISTICS = parameterAt('statistics', null)!.default as readonly StatisticName[];

/** What is measured where nothing is asked for, as far as every cell has it. */
export const defaultStatistics = (
  truth: TruthSpec,
  sweep: Readonly<Record<string, Axis>>,
): readonly StatisticName[] => withinDimensions(DEFAULT_STATISTICS, truth, sweep);

/** With those that criteria need. */
const withCriteria = (
  names: Spec['statistics'],
  criteria: Spec['criteria'] | undefined,
  report: Report,
): Spec['statistics'] =>
  criteria === undefined || report.touches('criteria') || report.touches('statistics')
    ? names
    : [...new Set([...names, ...criteria.flatMap(criterionStatistics)])];

/** With every family written out, for as many modes as every cell has. */
function namedStatistics(
  names: Spec['statistics'],
  truth: TruthSpec,
  sweep: Record<string, Axis>,
  report: Report,
): Spec['statistics'] {
  if (report.touches('statistics') || report.touches('truth') || report.touches('sweep'))
    return names;
  const axis = sweep['truth.components'];
  const known = truthComponentCount(truth);
  const modes = axis ? Math.min(...axisValues(axis).map(Number)) : (known ?? 0);
  const family = MODE_FAMILIES.find((row) =>
    names.some((name: string) => name === row.family),
  )?.family;
  if (family && known === null) {
    const message = `How many modes data have is known once they are fitted, and ${family} asks for all.`;
    report.add('statistics', message, `Name them: ${family}_1, ${family}_2.`);
  }
  const named = names.flatMap((name: string) => statisticsNamed(name, modes));
  return [...new Set(named)] as StatisticName[];
}

/** What map holds a fit to where nothing else is said: the defaults of its rows. */
const DEFAULT_PRIOR = {
  centre: parameterAt('fit.prior.centre', null)!.default,
  strength: parameterAt('fit.prior.strength', null)!.default,
} as NonNullable<FitSpec['prior']>;

function resolveFit(
  given: FitSpec,
  truth: TruthSpec,
  sweep: Record<string, Axis>,
  raw: PlainObject,
  report: Report,
): FitSpec {
  const asked = readPath(raw, 'fit.components') !== undefined;
  const flagged = given.componentsFromTruth === true;
  const sweptTruth = Object.hasOwn(sweep, 'truth.components');
  const sweptModel = Object.hasOwn(sweep, 'fit.components');
  if (flagged && !report.touches('sweep') && (!sweptTruth || sweptModel)) {
    const message = 'The truth has no sweep of components to follow.';
    report.note('fit.componentsFromTruth', message, 'Sweep truth.components, or leave it out.');
  }
  const follow = sweptTruth && !sweptModel && (flagged || !asked);
  const fallback = report.touches('truth') ? 1 : defaultComponents(truth);
  const components = follow || !asked ? fallback : given.components;
  const { covariance, iterations, tolerance, init, covarianceFloor } = given;
  const { realWeight, tailWeight, respawn } = given;
  const estimator = given.estimator ?? defaultEstimator(components, follow, sweep);
  // The estimator asks for its prior.
  const prior = given.prior ?? (estimator === 'map' ? DEFAULT_PRIOR : null);
  return {
    components,
    ...(follow && { componentsFromTruth: true as const }),
    covariance,
    estimator,
    ...{ iterations, tolerance, init, covarianceFloor, realWeight, tailWeight, respawn, prior },
  };
}

/** The closed form where it fits every cell, else EM (which at K = 1 is the same). */
export function defaultEstimator(
  components: number,
  follow: boolean,
  sweep: Readonly<Record<string, Axis>>,
): Estimator {
  const axis = sweep[follow ? 'truth.components' : 'fit.components'];
  const one = axis
    ? axisLength(axis) === 1 && Array.isArray(axis) && axis[0] === 1
    : components === 1;
  return one ? 'mle' : 'em';
}

/** Rows of numbers, one for each phase of a cell, that engines hold at once. */
const MOST_PHASES = 1e6;

function checkPhases(spec: Spec, cells: number, report: Report): void {
  if (report.count > 0) return;
  const everChanging = ['batch.detector.decay', 'batch.web.', 'growth'].some((path) =>
    Object.keys(spec.sweep).some((axis) => axis.startsWith(path)),
  );
  const phases = everChanging ? spec.generations : phaseStarts(spec).length;
  if (cells * phases <= MOST_PHASES) return;
  const most = formatNumber(Math.floor(MOST_PHASES / phases));
  report.note(
    'sweep',
    `${formatNumber(cells)} cells change ${formatNumber(phases)} times each.`,
    `Take ${most} cells at most, or fewer changes.`,
  );
}

/** Refuses what would run for days by mistake: says what it costs and how to have it all the same. */
function checkCost(spec: Spec, maxCells: number, maxLineages: number, report: Report): void {
  const cells = cellCount(spec);
  if (cells > maxCells) {
    const limit = formatNumber(maxCells);
    const message = `The sweep has ${formatNumber(cells)} cells, the limit is ${limit}.`;
    const raise = `or raise the limit with --max-cells ${cells}.`;
    report.note('sweep', message, `Take fewer values per axis, ${raise}`);
  }
  checkPhases(spec, cells, report);
  const { replicates, generations } = spec;
  const lineages = cells * replicates;
  // False also where replicates has a problem of its own and is no number.
  if (!(lineages > maxLineages)) return;
  const cost =
    `${formatNumber(cells)} ${cells === 1 ? 'cell' : 'cells'} × ${formatNumber(replicates)} ` +
    `replicates are ${formatNumber(lineages)} lineages` +
    (generations ? ` and ${formatNumber(lineages * generations)} lineage-generations` : '');
  const fitting = Math.floor(maxLineages / cells);
  const lower = fitting >= 1 ? `Lower replicates to ${formatNumber(fitting)}` : 'Take fewer cells';
  report.note(
    'replicates',
    `${cost}, the limit is ${formatNumber(maxLineages)} lineages.`,
    `${lower}, or raise the limit with --max-lineages ${lineages}.`,
  );
}
