// How far a statistic may be from 0, and what is said of a lineage that has one farther out.
// Twin: src/model/statistics/held.ts.
import package::gmm::status::{SATURATION, STATUS_NON_FINITE, STATUS_OVERFLOW};

/// A value within +-SATURATION; what is not a number counts as +SATURATION. Status is raised.
fn held(value: f32, raised: ptr<function, u32>) -> f32 {
  if ((bitcast<u32>(value) & 0x7fffffffu) > 0x7f800000u) {
    *raised |= STATUS_NON_FINITE;
    return SATURATION;
  }
  if (abs(value) >= SATURATION) {
    *raised |= STATUS_OVERFLOW;
    return select(-SATURATION, SATURATION, value > 0.0);
  }
  return value;
}
