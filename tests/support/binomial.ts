/** Counts against the binomial law they should have. */

/** ln k! by its sum: exact to rounding. */
function logFactorials(most: number): Float64Array {
  const logs = new Float64Array(most + 1);
  for (let k = 2; k <= most; k++) logs[k] = logs[k - 1]! + Math.log(k);
  return logs;
}

/** Expected counts of a cell below which χ² is no χ². */
const LEAST_EXPECTED = 8;

/** χ² of counts, cells of too few joined with their neighbours, and its degrees of freedom. */
export function binomialFit(counts: Float64Array, trials: number, chance: number) {
  const logs = logFactorials(trials);
  const found = new Map<number, number>();
  for (const count of counts) found.set(count, (found.get(count) ?? 0) + 1);
  const [logChance, logOther] = [Math.log(chance), Math.log1p(-chance)];
  let [distance, degrees, expected, observed] = [0, -1, 0, 0];
  let remaining = counts.length;
  for (let k = 0; k <= trials; k++) {
    const ways = logs[trials]! - logs[k]! - logs[trials - k]!;
    expected += counts.length * Math.exp(ways + k * logChance + (trials - k) * logOther);
    observed += found.get(k) ?? 0;
    // The last cell takes what is left.
    if (expected < LEAST_EXPECTED || remaining - expected < LEAST_EXPECTED) continue;
    distance += (observed - expected) ** 2 / expected;
    degrees++;
    remaining -= expected;
    [expected, observed] = [0, 0];
  }
  distance += (observed - expected) ** 2 / expected;
  return { distance, degrees: degrees + 1 };
}

/**
 * Mean and variance of counts, in standard errors of their own: the sample variance of R nearly
 * normal values has the relative error √(2/(R − 1)).
 */
export function countMoments(counts: Float64Array, trials: number, chance: number) {
  const { length } = counts;
  const variance = trials * chance * (1 - chance);
  const mean = counts.reduce((sum, count) => sum + (count - trials * chance), 0) / length;
  const squares = counts.reduce((sum, count) => sum + (count - trials * chance) ** 2, 0) / length;
  return {
    mean: mean / Math.sqrt(variance / length),
    variance: (squares / variance - 1) / Math.sqrt(2 / (length - 1)),
  };
}
