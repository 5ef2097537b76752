// Known answers for the team's sums, asked of every device before they are trusted
// (src/engine/webgpu/self-test.ts).
import package::constants::{TEAM, WORKGROUP};
import package::team::{anyTeam, enterTeam, teamFirst, teamOr, teamSum};

@group(0) @binding(0) var<storage, read_write> answers: array<u32>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) position: u32,
) {
  enterTeam(position);
  let id = group.x * u32(WORKGROUP) + position;
  let value = 1.0 + f32((id * 2654435761u) >> 8u) * 0x1p-24f;
  let first = teamFirst(f32((id * 40503u) & 7u), id);
  answers[id * 4u] = bitcast<u32>(teamSum(value));
  answers[id * 4u + 1u] = teamOr(1u << (id % TEAM));
  answers[id * 4u + 2u] = first.y;
  answers[id * 4u + 3u] = select(0u, 1u, anyTeam(position == 0u));
}
