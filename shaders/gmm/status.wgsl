// Status bits of a lineage. Twin: src/model/status.ts.
const STATUS_DEGENERATE: u32 = 1u;
const STATUS_OVERFLOW: u32 = 2u;
const STATUS_NON_FINITE: u32 = 4u;
const STATUS_COMPONENT_LOST: u32 = 8u;
const STATUS_ATTEMPTS_EXHAUSTED: u32 = 16u;
const STATUS_UNCONVERGED: u32 = 32u;
const SATURATION: f32 = 1e18;
