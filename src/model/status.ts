/**
 * What can go wrong with a lineage, one bit each. Bits of the fit stay set for the rest of the
 * lineage; those of a statistic (overflow, nonFinite) hold for the generation it was taken in. They
 * are counted and shown, and never remove a lineage from a moment statistic.
 * Twin: shaders/gmm/status.wgsl.
 */
export const STATUS_BITS = {
  /** A component's width fell under 2⁻²⁰ of the lineage's sd. */
  degenerate: 1,
  /** A statistic passed ±1e18 and was held there. */
  overflow: 2,
  /** A value was not a finite number. */
  nonFinite: 4,
  /** A component lost its last point. */
  componentLost: 8,
  /** Bounded rejection ran out of attempts. */
  attemptsExhausted: 16,
  /** EM stopped by its iteration cap and not by its tolerance. */
  unconverged: 32,
} as const;

/** Bits of the fit, which a lineage hands on. */
export const STATUS_KEPT = ~(STATUS_BITS.overflow | STATUS_BITS.nonFinite);

export type StatusBit = keyof typeof STATUS_BITS;
export const STATUS_NAMES = Object.keys(STATUS_BITS) as StatusBit[];

/** Values are held at ±SATURATION on every engine; at or beyond it they are "infinite". */
export const SATURATION = 1e18;
