/** As much of a JSON Schema validator as src/spec/json-schema.ts uses; throws at keywords it lacks. */
type Schema = Readonly<Record<string, unknown>>;

const WORDS = ['$schema', 'title', 'description', 'default'];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export function satisfies(value: unknown, schema: Schema): boolean {
  return Object.entries(schema).every(([keyword, wanted]) => {
    if (WORDS.includes(keyword) || wanted === undefined) return true;
    const check = CHECKS[keyword];
    if (!check) throw new Error(`Keyword ${keyword} is not known here.`);
    return check(value, wanted, schema);
  });
}

type Check = (value: unknown, wanted: unknown, schema: Schema) => boolean;

const CHECKS: Readonly<Record<string, Check>> = {
  type: (value, wanted) => {
    if (wanted === 'object') return isObject(value);
    if (wanted === 'array') return Array.isArray(value);
    return wanted === 'integer' ? Number.isInteger(value) : typeof value === wanted;
  },
  const: same,
  enum: (value, wanted) => (wanted as unknown[]).some((one) => same(value, one)),
  oneOf: (value, wanted) =>
    (wanted as Schema[]).filter((one) => satisfies(value, one)).length === 1,
  anyOf: (value, wanted) => (wanted as Schema[]).some((one) => satisfies(value, one)),
  prefixItems: (value, wanted) =>
    !Array.isArray(value) ||
    (wanted as Schema[]).every((one, i) => i >= value.length || satisfies(value[i], one)),
  minimum: (value, wanted) => typeof value !== 'number' || value >= (wanted as number),
  maximum: (value, wanted) => typeof value !== 'number' || value <= (wanted as number),
  exclusiveMinimum: (value, wanted) => typeof value !== 'number' || value > (wanted as number),
  minLength: (value, wanted) => typeof value !== 'string' || value.length >= (wanted as number),
  maxLength: (value, wanted) => typeof value !== 'string' || value.length <= (wanted as number),
  pattern: (value, wanted) =>
    typeof value !== 'string' || new RegExp(wanted as string, 'u').test(value),
  minItems: (value, wanted) => !Array.isArray(value) || value.length >= (wanted as number),
  maxItems: (value, wanted) => !Array.isArray(value) || value.length <= (wanted as number),
  uniqueItems: (value) => !Array.isArray(value) || new Set(value).size === value.length,
  items: (value, wanted) =>
    !Array.isArray(value) || value.every((entry) => satisfies(entry, wanted as Schema)),
  required: (value, wanted) =>
    !isObject(value) || (wanted as string[]).every((key) => Object.hasOwn(value, key)),
  properties: (value, wanted) =>
    !isObject(value) ||
    Object.entries(wanted as Record<string, Schema>).every(
      ([key, schema]) => !Object.hasOwn(value, key) || satisfies(value[key], schema),
    ),
  additionalProperties: (value, _, { properties }) =>
    !isObject(value) || Object.keys(value).every((key) => Object.hasOwn(properties as Schema, key)),
};
