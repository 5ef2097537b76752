// How far a lineage is on its way: 3 late collapse, 2 early collapse, 1 faithful.
// Twin: src/model/statistics/stage.ts.
import package::constants::J;

/// `alive` of the truth's modes: one left of several is late collapse too.
fn stageOf(varianceRatio: f32, tailMass1: f32, alive: f32, early: f32, late: f32) -> u32 {
  if (varianceRatio < late || (J > 1 && alive <= 1.0)) {
    return 3u;
  }
  return select(1u, 2u, tailMass1 < early);
}
