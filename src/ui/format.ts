/** Numbers for people: four significant digits, thin groups, and units that fit. */
import type { AxisValue } from '../spec/schema.ts';

const MINUS = '−';

const withMinus = (text: string): string => text.replace('-', MINUS);

/** A count in full: 1 048 576. */
export const formatCount = (value: number): string =>
  Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, '\u202f');

const SHORT: readonly (readonly [number, string])[] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
];

/** A count in at most three digits and a letter: 1.05 M. */
export function formatShort(value: number): string {
  const row = SHORT.find(([size]) => value >= size * 0.9995);
  if (!row) return String(Math.round(value));
  return `${trimmed((value / row[0]).toPrecision(3))}\u202f${row[1]}`;
}

const trimmed = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

/** Below and above these a plain decimal has too many zeros to be read. */
const SMALLEST_PLAIN = 1e-3;
const LARGEST_PLAIN = 1e5;

/** A measured value; an empty one is a dash. */
export function formatValue(value: number, digits = 4): string {
  if (Number.isNaN(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= LARGEST_PLAIN || size < SMALLEST_PLAIN) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split('e');
    return withMinus(`${trimmed(mantissa!)}e${Number(exponent)}`);
  }
  return withMinus(String(Number(value.toPrecision(digits))));
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), BYTE_UNITS.length - 1);
  const scaled = bytes / 1024 ** power;
  return `${scaled < 10 && power > 0 ? scaled.toFixed(1) : Math.round(scaled)} ${BYTE_UNITS[power]}`;
}

/** A duration in its two largest units. */
export function formatSeconds(seconds: number): string {
  if (seconds < 0.1) return '< 0.1 s';
  if (seconds < 10) return `${trimmed(seconds.toFixed(1))} s`;
  if (seconds < 99.5) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  if (seconds < 48 * 3600) {
    return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
  }
  return `${formatShort(seconds / 86400)} days`;
}

/** One value of a sweep's axis. */
export const formatAxisValue = (value: AxisValue): string =>
  typeof value === 'number' ? formatValue(value, 4) : (value ?? 'none');
