/** Status bits of a lineage. Twins: src/model/status.ts, shaders/gmm/status.wgsl. */
export const STATUS_DEGENERATE: i32 = 1;
export const STATUS_OVERFLOW: i32 = 2;
export const STATUS_NON_FINITE: i32 = 4;
export const STATUS_COMPONENT_LOST: i32 = 8;
export const STATUS_ATTEMPTS_EXHAUSTED: i32 = 16;
export const STATUS_UNCONVERGED: i32 = 32;
/** Bits of the fit, which a lineage hands on. */
export const STATUS_KEPT: i32 = ~(STATUS_OVERFLOW | STATUS_NON_FINITE);
