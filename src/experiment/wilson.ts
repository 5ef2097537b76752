/** 95 % interval of a share of n lineages (Wilson 1927): right near 0 and 1 too. */
export function wilson(share: number, n: number): readonly [low: number, high: number] {
  const z = 1.959963984540054;
  const centre = share + (z * z) / (2 * n);
  const reach = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  const whole = 1 + (z * z) / n;
  return [Math.max(0, (centre - reach) / whole), Math.min(1, (centre + reach) / whole)];
}
