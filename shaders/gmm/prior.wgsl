// A prior as points of its centre, added to the sums of an M-step; the formulas are in the twin,
// src/model/gmm/prior.ts.
import package::constants::{D, K, TRI};
import package::gmm::em::{Components, Sums};
import package::math::triangular::packedIndex;

/// Adds the centre's points to sums about the means of `components`, all in one frame.
fn addPrior(
  components: ptr<function, Components>, centre: ptr<function, Components>, strength: f32,
  sums: ptr<function, Sums>,
) {
  for (var k = 0u; k < K; k++) {
    let points = strength * (*centre).weights[k];
    (*sums).zeroth[k] += points;
    for (var a = 0u; a < D; a++) {
      let row = (*centre).means[k * D + a] - (*components).means[k * D + a];
      (*sums).first[k * D + a] += points * row;
      for (var b = 0u; b <= a; b++) {
        var moment = row * ((*centre).means[k * D + b] - (*components).means[k * D + b]);
        for (var c = 0u; c <= b; c++) {
          moment += (*centre).factors[k * TRI + packedIndex(a, c)]
            * (*centre).factors[k * TRI + packedIndex(b, c)];
        }
        (*sums).second[k * TRI + packedIndex(a, b)] += points * moment;
      }
    }
  }
}
