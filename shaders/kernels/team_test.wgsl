// Known answers for the team's sums, asked of every device before they are trusted
// (src/engine/webgpu/self-test.ts).
import package::constants::{TEAM, WORKGROUP};
import package::team::{anyTeam, enterTeam, teamFirst, teamOr, teamSum};

@group(0) @binding(0) var<storage, read_write> answers: array<u32>;

/// Bits without a pattern: a sum of numbers made of them shows its order.
fn scrambled(id: u32) -> u32 {
  let spread = id * 2654435761u;
  return (spread ^ (spread >> 15u)) * 2246822519u;
}

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) position: u32,
) {
  enterTeam(position);
  let id = group.x * u32(WORKGROUP) + position;
  // 24 bits: exact alone, and rounded in every sum. Times of 2 bits: some are equal.
  let value = f32(scrambled(id) >> 8u);
  let first = teamFirst(f32((scrambled(id) >> 4u) & 3u), id);
  answers[id * 4u] = bitcast<u32>(teamSum(value));
  answers[id * 4u + 1u] = teamOr(1u << (id % TEAM));
  answers[id * 4u + 2u] = first.y;
  answers[id * 4u + 3u] = select(0u, 1u, anyTeam(position == 0u));
}
