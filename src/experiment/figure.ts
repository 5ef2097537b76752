/** A number as people read it. */

const DIGITS = 3;

/** From here on a power of ten says more than its zeros. */
const LARGE = 1e4;

const NO_NUMBER = '–';

/** So many digits, with a minus sign; a dash where there is no number. */
export function figure(value: number, digits = DIGITS): string {
  if (Number.isNaN(value)) return NO_NUMBER;
  const large = Math.abs(value) >= LARGE && Number.isFinite(value);
  const text = large
    ? value.toExponential(1).replace('e+', 'e')
    : Number(value.toPrecision(digits));
  return `${text}`.replace('-', '−');
}
