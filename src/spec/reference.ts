/** The tables of parameters, statistics and presets as Markdown, for the README. */
import { describeBounds } from './check-number.ts';
import { markdownTable } from './markdown-table.ts';
import type { Parameter } from './parameter.ts';
import { GROUPS, PARAMETERS } from './parameters.ts';
import { PRESET_GROUPS } from './presets.ts';
import { MODE_FAMILIES, STATISTICS } from './statistics.ts';

/** One table per group of fields, then the axes, the statistics and the presets. */
export function referenceTables(): string {
  const groups = GROUPS.map(({ name, label, doc }) => {
    const rows = PARAMETERS.filter((row) => row.group === name);
    const header = ['field', 'symbol', 'values', 'default', 'meaning'];
    return `### ${label}\n\n${doc}\n\n${markdownTable(header, rows.map(parameterCells))}`;
  });
  const axes = [...new Set(PARAMETERS.filter((row) => row.axis).map((row) => code(row.path)))];
  const sweep =
    '### Axes\n\nA sweep maps a field to a list of values, or to ' +
    '`{ "from": 0, "to": 1, "steps": 5, "scale": "linear" }` (or `"log"`). ' +
    `Fields that can be swept: ${axes.join(', ')}. ` +
    'Where a field may be null, so may a value in the list: the cell without it, `none` in flags, ' +
    'links and tables.';
  const families = MODE_FAMILIES.map((row) => ({
    ...row,
    name: `${row.family}_j`,
    symbol: `${row.symbol}_j`,
  }));
  const statistics = [...STATISTICS, ...families].map(({ name, symbol, unit, doc, method }) => [
    code(name),
    symbol,
    unit,
    doc,
    method,
  ]);
  const header = ['statistic', 'symbol', 'unit', 'meaning', 'computed'];
  const named = `### Statistics by name\n\n${markdownTable(header, statistics)}`;
  return `${[...groups, sweep, named, presetTable()].join('\n\n')}\n`;
}

/** In the order of the list, by what they are about. */
function presetTable(): string {
  const rows = PRESET_GROUPS.flatMap(({ label, presets }) =>
    presets.map(({ name, title, citation }) => [code(name), label, title, citation]),
  );
  return `### Presets\n\n${markdownTable(['preset', 'about', 'title', 'source'], rows)}`;
}

function parameterCells(row: Parameter): string[] {
  const kind = row.truth ? ` (${row.truth})` : '';
  const unit = row.unit && row.kind === 'number' ? ` ${row.unit}` : '';
  return [code(row.path) + kind, row.symbol, valuesOf(row) + unit, defaultOf(row), row.doc];
}

/** What else than one value a field may be. */
const SCHEDULES = { none: '', steps: '; steps', ramp: '; steps, a ramp' } as const;

function valuesOf(row: Parameter): string {
  switch (row.kind) {
    case 'integer':
    case 'number':
      return describeBounds(row) + SCHEDULES[row.schedule ?? 'none'];
    case 'numbers':
    case 'numerals':
      return `${row.length![0]} to ${row.length![1]} numbers, each ${describeBounds({ ...row, kind: row.kind === 'numerals' ? 'integer' : 'number' })}`;
    case 'choice':
      return row.choices!.map(({ value, doc }) => `${code(value)}: ${lowerFirst(doc)}`).join(' ');
    case 'text':
      return `text, up to ${row.maximum} characters`;
    case 'weights':
      return '`"equal"`, `{ "zipf": 1 }` or a list that sums to 1';
    case 'mixture':
      return '`{ "weight": 1, "mean": [0], "covariance": [[1]] }`, 1 to ' + row.maximum;
    case 'criteria':
      return (
        `up to ${row.maximum} of \`{ "name": "half", "statistic": "varianceRatio", "below": 0.5 }\`; ` +
        '`above`; `relativeTo`: `truth`, `first`; `unless`: `{ "statistic": …, "below": … }`'
      );
    case 'flag':
      return '`true`';
    case 'switch':
      return '`true` or `false`';
    case 'texts':
    case 'statistics':
      return `list of ${row.minimum} to ${row.maximum}`;
  }
}

function defaultOf(row: Parameter): string {
  if (row.derived) return row.derived;
  if (row.optional) return 'absent';
  return row.default === undefined ? 'required' : code(JSON.stringify(row.default));
}

const code = (text: string): string => `\`${text}\``;
/** Names and symbols keep their capital. */
const lowerFirst = (text: string): string =>
  /^(?:[A-Z]{2}|[A-Z]\b|Gaussian)/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
