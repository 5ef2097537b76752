// What real points weigh together, and the others. Twin: src/model/gmm/weights.ts.

/// What weights of synthetic and of real points are multiplied by, where they sum to these masses so
/// far; a share under 0 is none, and points of one kind only have all the weight.
fn classScales(synthetic: f32, real: f32, share: f32, sampleSize: f32) -> vec2<f32> {
  let alike = sampleSize / (synthetic + real);
  let mixed = vec2<f32>(
    (1.0 - share) * sampleSize / max(synthetic, 1e-37), share * sampleSize / max(real, 1e-37),
  );
  let one = (share < 0.0) | (synthetic == 0.0) | (real == 0.0);
  return select(mixed, vec2<f32>(alike), one);
}
