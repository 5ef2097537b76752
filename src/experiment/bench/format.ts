/** Numbers of the report as people read them. */

const UNITS = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** 1234567 → "1.23 M", three digits. */
export function rateText(value: number): string {
  const [size, suffix] = UNITS.find(([least]) => value >= least) ?? [1, ''];
  return `${Number((value / size).toPrecision(3))}${suffix ? ` ${suffix}` : ''}`;
}

/** 0.312 → "31 %"; under a tenth two digits. */
export const percent = (share: number): string =>
  `${share < 0.0995 ? Number((100 * share).toPrecision(2)) : Math.round(100 * share)} %`;

/** Seconds, three digits. */
export const secondsText = (seconds: number): string => `${Number(seconds.toPrecision(3))} s`;

/** 31.4 → "31.4×". */
export const ratioText = (ratio: number): string => `${Number(ratio.toPrecision(3))}×`;
