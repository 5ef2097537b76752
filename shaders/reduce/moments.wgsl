// Values beyond which there is no mean. Twin: src/model/reduce/moments.ts.

/// Statistics are held at this; the nearest f32 to 1e18, not more.
const SATURATION: f32 = 1e18;

fn isSaturated(value: f32) -> bool {
  return abs(value) >= SATURATION;
}
