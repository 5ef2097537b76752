/** Numbers about numbers: median and spread of timed runs, and the slope of a scaling curve. */

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Median absolute deviation from the median, unscaled. */
  readonly mad: number;
}

/** Of at least one value. */
export function spreadOf(values: readonly number[]): Spread {
  const median = medianOf(values);
  return {
    median,
    min: Math.min(...values),
    max: Math.max(...values),
    mad: medianOf(values.map((value) => Math.abs(value - median))),
  };
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export interface Slope {
  readonly slope: number;
  /** Of the slope, from the residuals; NaN for fewer than three points. */
  readonly standardError: number;
}

/** Least squares of ln y on ln x; at least two points, all positive, not all x equal. */
export function logLogSlope(x: readonly number[], y: readonly number[]): Slope {
  const lx = x.map(Math.log);
  const ly = y.map(Math.log);
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [mx, my] = [mean(lx), mean(ly)];
  const sxx = lx.reduce((sum, v) => sum + (v - mx) ** 2, 0);
  const sxy = lx.reduce((sum, v, i) => sum + (v - mx) * (ly[i]! - my), 0);
  const slope = sxy / sxx;
  const residual = lx.reduce((sum, v, i) => sum + (ly[i]! - my - slope * (v - mx)) ** 2, 0);
  const freedom = x.length - 2;
  return { slope, standardError: freedom > 0 ? Math.sqrt(residual / freedom / sxx) : NaN };
}
