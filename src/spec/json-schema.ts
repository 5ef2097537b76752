/** The table of parameters as JSON Schema (draft 2020-12): for editors, and for other programs. */
import { MAX_DIM, MAX_TRUTH_COMPONENTS, NULLABLE_CONTAINERS, type Parameter } from './parameter.ts';
import { axesFor, CONTAINERS, fieldsFor, parameterAt } from './parameters.ts';
import { MAX_AXIS_VALUES } from './axes.ts';
import { criterionSchema } from './criteria.ts';
import type { TruthKind } from './parameter.ts';
import { STATISTIC_FAMILIES, STATISTIC_NAMES } from './statistics.ts';

export type JsonSchema = { readonly [key: string]: unknown };

const TRUTH_KINDS: readonly TruthKind[] = ['blobs', 'mixture', 'data'];

/** What a spec file may hold; what one field forbids another is for `parseSpec`. */
export function jsonSchema(): JsonSchema {
  const common = fieldsFor(null).filter((row) => row.path !== 'truth.kind');
  const plain = common.filter((row) => !row.path.includes('.'));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'genloss spec',
    description: 'One experiment. Every field but the truth has a default.',
    type: 'object',
    additionalProperties: false,
    required: ['truth'],
    properties: {
      ...propertiesOf(plain),
      truth: { description: 'What the first model learns from.', oneOf: TRUTH_KINDS.map(truthOf) },
      batch: containerSchema('batch', common),
      fit: containerSchema('fit', common),
      stages: containerSchema('stages', common),
      sweep: sweepSchema(),
    },
  };
}

/** Fields of a container, and of the containers in it. */
function containerSchema(name: string, rows: readonly Parameter[]): JsonSchema {
  const parent = ({ path }: { readonly path: string }) => path.slice(0, path.lastIndexOf('.'));
  const inner = CONTAINERS.filter((path) => parent({ path }) === name);
  const own = objectOf(rows.filter((row) => parent(row) === name));
  const properties = {
    ...(own['properties'] as JsonSchema),
    ...Object.fromEntries(
      inner.map((path) => [path.slice(name.length + 1), containerSchema(path, rows)]),
    ),
  };
  const schema = { ...own, properties };
  return NULLABLE_CONTAINERS.includes(name) ? { anyOf: [schema, { const: null }] } : schema;
}

function truthOf(kind: TruthKind): JsonSchema {
  const rows = fieldsFor(kind).filter((row) => row.truth === kind);
  const required = rows.filter((row) => row.default === undefined).map(lastKey);
  const own = objectOf(rows);
  const properties = { kind: { const: kind }, ...(own['properties'] as JsonSchema) };
  return { ...own, required: ['kind', ...required], properties };
}

const lastKey = ({ path }: Parameter): string => path.slice(path.lastIndexOf('.') + 1);

const propertiesOf = (rows: readonly Parameter[]): JsonSchema =>
  Object.fromEntries(rows.map((row) => [lastKey(row), schemaOf(row)]));

const objectOf = (rows: readonly Parameter[]): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  properties: propertiesOf(rows),
});

function schemaOf(row: Parameter): JsonSchema {
  const description = row.derived ? `${row.doc} Default: ${row.derived}.` : row.doc;
  const words = { title: row.label, description };
  return {
    ...words,
    ...typeOrSchedule(row),
    ...(row.default !== undefined && { default: row.default }),
  };
}

function typeOrSchedule(row: Parameter): JsonSchema {
  const plain = typeOf(row);
  const value = row.nullable === undefined ? plain : { anyOf: [plain, { const: null }] };
  if (!row.schedule) return value;
  const generation = { type: 'integer', minimum: 1 };
  const step = { type: 'array', prefixItems: [generation, value], minItems: 2, maxItems: 2 };
  const steps = closedObject({ at: { type: 'array', minItems: 1, items: step } }, ['at']);
  if (row.schedule === 'steps') return { anyOf: [value, steps] };
  const shape = { enum: ['linear', 'logistic'], default: 'linear' };
  const until = { type: 'integer', minimum: 2 };
  const ramp = closedObject({ from: value, to: value, until, shape }, ['from', 'to', 'until']);
  return { anyOf: [value, steps, ramp] };
}

const closedObject = (properties: JsonSchema, required: readonly string[]): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});

/** Without words and default. */
function typeOf({ kind, minimum, maximum, choices, length }: Parameter): JsonSchema {
  switch (kind) {
    case 'integer':
    case 'number':
      return { type: kind, minimum, maximum };
    case 'numbers':
      return { ...listOf({ type: 'number', minimum, maximum }, ...length!), uniqueItems: false };
    case 'numerals':
      return listOf({ type: 'integer', minimum, maximum }, ...length!);
    case 'choice':
      return { enum: choices!.map(({ value }) => value) };
    case 'text':
      return { type: 'string', minLength: minimum, maxLength: maximum };
    case 'texts':
      return listOf({ type: 'string', minLength: 1, maxLength: 255 }, minimum, maximum);
    case 'statistics':
      return listOf({ enum: [...STATISTIC_FAMILIES, ...STATISTIC_NAMES] }, minimum, maximum);
    case 'criteria':
      return listOf(criterionSchema(), minimum, maximum);
    case 'flag':
      return { const: true };
    case 'switch':
      return { type: 'boolean' };
    case 'weights':
      return weightsSchema();
    case 'mixture':
      return { type: 'array', minItems: minimum, maxItems: maximum, items: componentSchema() };
  }
}

const listOf = (items: JsonSchema, minItems?: number, maxItems?: number): JsonSchema => ({
  type: 'array',
  minItems,
  maxItems,
  uniqueItems: true,
  items,
});

function weightsSchema(): JsonSchema {
  const zipf = typeOf(parameterAt('truth.weights.zipf', 'blobs')!);
  const weight = { type: 'number', exclusiveMinimum: 0, maximum: 1 };
  const items = { type: 'array', minItems: 1, maxItems: MAX_TRUTH_COMPONENTS, items: weight };
  const object = { type: 'object', additionalProperties: false, required: ['zipf'] };
  return { oneOf: [{ const: 'equal' }, { ...object, properties: { zipf } }, items] };
}

function componentSchema(): JsonSchema {
  const vector = { type: 'array', minItems: 1, maxItems: MAX_DIM, items: { type: 'number' } };
  const weight = { type: 'number', exclusiveMinimum: 0, maximum: 1 };
  return {
    type: 'object',
    additionalProperties: false,
    required: ['weight', 'mean', 'covariance'],
    properties: { weight, mean: vector, covariance: { ...vector, items: vector } },
  };
}

/** Axes of every kind of truth: which of them has a field is for `parseSpec`. */
function sweepSchema(): JsonSchema {
  const rows = TRUTH_KINDS.flatMap(axesFor).filter((row, i, all) => all.indexOf(row) === i);
  return {
    description: 'Axes by dotted path: the cross product of their values is the grid of cells.',
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(rows.map((row) => [row.path, axisSchema(row)])),
    default: {},
  };
}

function axisSchema(row: Parameter): JsonSchema {
  const value = typeOf(row);
  const listed = row.nullable === undefined ? value : { anyOf: [value, { const: null }] };
  const list = listOf(listed, 1, MAX_AXIS_VALUES);
  if (row.kind === 'choice') return list;
  const steps = { type: 'integer', minimum: 2, maximum: MAX_AXIS_VALUES };
  const scale = { enum: ['linear', 'log'], default: 'linear' };
  const range = {
    type: 'object',
    additionalProperties: false,
    required: ['from', 'to', 'steps'],
    properties: { from: value, to: value, steps, scale },
  };
  return { oneOf: [list, range] };
}
