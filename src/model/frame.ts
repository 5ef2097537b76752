/**
 * A model in its own frame. A lineage's variance falls through e^-2000 and its mean may sit 10⁹
 * standard deviations from the origin, so no coordinate is absolute:
 *
 *   truth units      X = (x − μ₀) / 2^s₀, s₀ the truth's log2Unit: the same for every lineage
 *   frame units      X = origin + 2^scale · y, the lineage's own, y of order one
 *   component k      y ~ N(mean_k, F_k F_kᵀ), F_k = 2^exponent_k · factor_k, lower triangular
 *
 * Nothing here is normalised by a float: scale and exponents are integers, so changing frame is
 * exact. Twin: shaders/gmm/model.wgsl.
 */
export interface FramedModel {
  readonly dim: number;
  /** Log₂ of the frame's unit, relative to truth units. */
  scale: number;
  /** Status bits gathered over the lineage so far, see `status.ts`. */
  status: number;
  /** Copies since a human, the mean of its training points; see `ancestry` of the statistics. */
  ancestry: number;
  /** Length dim, truth units: the frame's origin relative to μ₀. */
  readonly origin: Float64Array;
  /** Length dim: what `origin` rounds away on engines that compute in f32; 0 in f64. */
  readonly originLow: Float64Array;
  /** Length K. 0 = dead. */
  readonly weights: Float64Array;
  /** [K × dim], frame units. */
  readonly means: Float64Array;
  /** [K × dim(dim+1)/2], packed lower triangle; the largest entry is in [½, 1), or all are 0. */
  readonly factors: Float64Array;
  /** Length K, relative to the frame's scale. ZERO_EXPONENT where the factor is 0. */
  readonly exponents: Int32Array;
  /** All points that it was fitted to, in its frame, where rules have these kept; else null. */
  pool: Pool | null;
}

/** Exponent of a component with no width at all. */
export const ZERO_EXPONENT = -1_000_000;

/** A component narrower than this times the lineage's sd is degenerate (25-execution, 2⁻²⁰). */
export const DEGENERATE_LOG2_WIDTH = -20;

/** Number, mean and scatter of points, in a frame; the scatter is packed. */
export interface Tally {
  points: number;
  readonly mean: Float64Array;
  readonly scatter: Float64Array;
}

/**
 * All points of a lineage: one tally; or where kinds weigh unlike one of those that come from models
 * and from an adversary, and one of those that are real. None before the first batch.
 */
export type Pool = readonly Tally[];
