/**
 * Values as short text, for flags and links; JSON is understood as well.
 *
 *   numbers, choices    0.5   em
 *   lists               eruptions,waiting   10,100,1000
 *   ranges              0..1..5   10..1000..3..log            from..to..steps[..scale]
 *   lists of numbers    0,1   (empty: none)
 *   nothing             none   none@1,2@20   none,2,3
 *   weights             equal   zipf:1   0.9,0.1
 *   schedules           0@1,0.1@20   1..0.1..50   1..0.1..50..logistic    value@generation; ramps
 *   criteria            half:varianceRatio<0.5;worse:testNll>0.1@first!varianceRatio<0.1
 *   mixtures            0.5:0,0:1,0.2,1;0.5:4,0:1,0,1         weight:mean:lower triangle of C;…
 */
import { isSchedule } from './check-schedule.ts';
import { formatCriteria, readCriteria } from './criteria.ts';
import { parameterAt } from './parameters.ts';
import type { TruthKind } from './parameter.ts';
import type {
  Axis,
  AxisRange,
  Criterion,
  MixtureComponent,
  Ramp,
  Steps,
  TruthWeights,
} from './spec.ts';

/** Null, and a list without entries. */
const NOTHING = 'none';
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Text that `readValue` reads back as exactly this value. */
export function formatValue(path: string, kind: TruthKind, value: unknown): string {
  if (path.startsWith('sweep.')) return formatAxis(value as Axis);
  switch (parameterAt(path, kind)?.kind) {
    case 'mixture':
      return (value as readonly MixtureComponent[]).map(formatComponent).join(';');
    case 'weights':
      return formatWeights(value as TruthWeights);
    case 'statistics':
      return (value as readonly string[]).join(',');
    case 'criteria':
      return formatCriteria(value as readonly Criterion[]) || NOTHING;
    case 'numbers':
    case 'numerals':
      return (value as readonly number[]).join(',') || NOTHING;
    case 'texts':
      return formatTexts(value as readonly string[]);
    case 'text':
      return looksLikeJson(String(value)) ? JSON.stringify(value) : String(value);
    default:
      return isSchedule(value) ? formatSchedule(value) : formatScalar(value);
  }
}

/** A value of the shape that the field wants; `parseSpec` judges it. */
export function readValue(path: string, kind: TruthKind | null, text: string): unknown {
  if (looksLikeJson(text)) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return text;
    }
  }
  if (path.startsWith('sweep.')) return readAxis(text);
  switch (parameterAt(path, kind)?.kind) {
    case 'mixture':
      return text.split(';').map(readComponent);
    case 'weights':
      return readWeights(text);
    case 'texts':
    case 'statistics':
      return text.split(',').map((part) => part.trim());
    case 'criteria':
      return text.trim() === NOTHING ? [] : readCriteria(text);
    case 'numbers':
    case 'numerals':
      return text.trim() === NOTHING ? [] : text.split(',').map((part) => readScalar(part.trim()));
    case 'text':
    case 'choice':
      return text;
    default:
      return readScheduled(text);
  }
}

function formatSchedule(schedule: Steps | Ramp): string {
  if ('at' in schedule)
    return schedule.at.map(([first, value]) => `${formatScalar(value)}@${first}`).join(',');
  const { from, to, until, shape } = schedule;
  return [from, to, until, ...(shape === 'linear' ? [] : [shape])].join('..');
}

/** A number, or a schedule of numbers. Half a schedule stays a text, and is called one. */
function readScheduled(text: string): unknown {
  const steps = text.split(',').map((step) => step.split('@'));
  if (steps.every(isStep)) {
    return { at: steps.map(([value = '', first = '']) => [readScalar(first), readScalar(value)]) };
  }
  if (!isWhole(text)) return readScalar(text);
  const [from = '', to = '', until = '', shape = 'linear'] = text.split('..');
  return { from: readScalar(from), to: readScalar(to), until: readScalar(until), shape };
}

const isStep = (parts: readonly string[]): boolean => parts.length === 2 && !parts.includes('');

/** Of a ramp or a range: three parts, or four. */
function isWhole(text: string): boolean {
  const parts = text.split('..');
  return (parts.length === 3 || parts.length === 4) && !parts.includes('');
}

const looksLikeJson = (text: string): boolean => /^\s*[[{"]/.test(text);

const formatScalar = (value: unknown): string => (value === null ? NOTHING : String(value));

function readScalar(text: string): unknown {
  const bare = text.trim();
  if (bare === 'true' || bare === 'false') return bare === 'true';
  if (bare === 'null' || bare === NOTHING) return null;
  return NUMBER.test(bare) ? Number(bare) : text;
}

/** Texts with a comma, or with blanks at their ends, need quotes. */
function formatTexts(texts: readonly string[]): string {
  const plain = texts.every((text) => !text.includes(',') && text.trim() === text && text !== '');
  return plain && !looksLikeJson(texts[0]!) ? texts.join(',') : JSON.stringify(texts);
}

function formatWeights(weights: TruthWeights): string {
  if (typeof weights === 'string') return weights;
  return 'zipf' in weights ? `zipf:${weights.zipf}` : weights.join(',');
}

function readWeights(text: string): unknown {
  const bare = text.trim();
  if (bare.startsWith('zipf:')) return { zipf: readScalar(bare.slice('zipf:'.length)) };
  return NUMBER.test(bare) || bare.includes(',') ? bare.split(',').map(readScalar) : bare;
}

function formatComponent({ weight, mean, covariance }: MixtureComponent): string {
  const lower = covariance.flatMap((row, a) => row.slice(0, a + 1));
  return `${weight}:${mean.join(',')}:${lower.join(',')}`;
}

function readComponent(text: string): unknown {
  const [weight = '', mean = '', lower = ''] = text.split(':');
  const entries = lower.split(',').map(readScalar);
  const dim = mean.split(',').length;
  const at = (row: number, column: number): unknown => entries[(row * (row + 1)) / 2 + column];
  // Longer means are refused by parseSpec: no matrix is built for them.
  const side = Array.from({ length: Math.min(dim, 4) }, (_, a) => a);
  const covariance = side.map((a) => side.map((b) => (b <= a ? at(a, b) : at(b, a))));
  return { weight: readScalar(weight), mean: mean.split(',').map(readScalar), covariance };
}

function formatAxis(axis: Axis): string {
  if (Array.isArray(axis)) return axis.map(formatScalar).join(',');
  const { from, to, steps, scale } = axis as AxisRange;
  return [from, to, steps, ...(scale === 'log' ? [scale] : [])].join('..');
}

function readAxis(text: string): unknown {
  if (!isWhole(text)) return text.split(',').map((part) => readScalar(part.trim()));
  const [from = '', to = '', steps = '', scale = 'linear'] = text.split('..');
  return { from: readScalar(from), to: readScalar(to), steps: readScalar(steps), scale };
}
