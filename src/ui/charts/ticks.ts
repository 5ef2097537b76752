/** Round numbers for an axis: steps of 1, 2 or 5 times a power of ten. */

export interface Ticks {
  readonly values: readonly number[];
  /** Digits after the point that the step needs. */
  readonly digits: number;
}

const STEPS = [1, 2, 5, 10];

/** At most about `count` ticks in [low, high]. */
export function niceTicks(low: number, high: number, count: number): Ticks {
  const rough = (high - low) / Math.max(count, 1);
  if (!(rough > 0) || !Number.isFinite(rough)) return { values: [low], digits: 2 };
  const power = Math.floor(Math.log10(rough));
  const step = STEPS.find((s) => s * 10 ** power >= rough)! * 10 ** power;
  const values: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) {
    values.push(i === 0 ? 0 : i * step);
  }
  return { values, digits: stepDigits(step) };
}

const MOST_DIGITS = 12;

/** Digits after the point that tell multiples of a step apart, and exactly: .25 has two. */
export function stepDigits(step: number): number {
  for (let digits = 0; digits < MOST_DIGITS; digits++) {
    const scaled = step * 10 ** digits;
    if (scaled >= 1 - 1e-9 && Math.abs(scaled - Math.round(scaled)) < 1e-6 * scaled) return digits;
  }
  return MOST_DIGITS;
}

/**
 * Ticks of a logarithmic axis: powers of ten, every so many of them that about `count` are left; on
 * less than two decades 2 and 5 times them as well.
 */
export function logTicks(low: number, high: number, count: number): number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const decades = Math.log10(high / low);
  const multiples = decades < 2 ? [1, 2, 5] : [1];
  const stride = Math.max(1, Math.ceil(decades / Math.max(count, 1)));
  const ticks: number[] = [];
  for (let power = Math.ceil(first / stride) * stride; power <= last; power += stride) {
    for (const multiple of multiples) ticks.push(Number(`${multiple}e${power}`));
  }
  return ticks.filter((tick) => tick >= low && tick <= high);
}

/** Past these a tick is written with an exponent. */
const PLAIN_LARGEST = 1e5;
const PLAIN_DIGITS = 5;

export function tickLabel(value: number, digits: number): string {
  if (value === 0) return '0';
  const plain = Math.abs(value) < PLAIN_LARGEST && digits <= PLAIN_DIGITS;
  return (plain ? value.toFixed(digits) : exponential(value)).replaceAll('-', '−');
}

/** 1.25e6, as short as it goes. */
function exponential(value: number): string {
  const [mantissa, exponent] = value.toExponential(2).split('e');
  return `${Number(mantissa)}e${Number(exponent)}`;
}
