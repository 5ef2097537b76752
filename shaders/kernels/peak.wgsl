// How fast a device can be at most: chains of products and sums that depend on nothing but
// themselves, 16 of them in each invocation, so that no unit waits for a result. The bench divides
// the operations of a lineage by what this kernel reaches.

struct Peak {
  /// Turns of LINKS links of every chain.
  turns: u32,
}

const LINKS: u32 = 8u;

@group(0) @binding(0) var<uniform> peak: Peak;
@group(0) @binding(1) var<storage, read_write> sums: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let start = f32(id.x & 63u);
  var a = vec4<f32>(0.0, 1.0, 2.0, 3.0) + start;
  var b = a + 4.0;
  var c = a + 8.0;
  var d = a + 12.0;
  let factor = vec4<f32>(0.999);
  let shift = vec4<f32>(0.001);
  for (var turn = 0u; turn < peak.turns; turn++) {
    for (var link = 0u; link < LINKS; link++) {
      // Hardware makes one operation of each.
      a = a * factor + shift;
      b = b * factor + shift;
      c = c * factor + shift;
      d = d * factor + shift;
    }
  }
  let total = a + b + c + d;
  sums[id.x] = total.x + total.y + total.z + total.w;
}
