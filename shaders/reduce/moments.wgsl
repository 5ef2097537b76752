// Values beyond which there is no mean. Twin: src/model/reduce/moments.ts.
import package::gmm::status::SATURATION;

fn isSaturated(value: f32) -> bool {
  return abs(value) >= SATURATION;
}
