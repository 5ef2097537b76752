// Sums over a team of lanes by subgroup shuffles. A team is TEAM neighbouring lanes of a subgroup,
// which is taken for granted only after the device has passed the self-test
// (src/engine/webgpu/self-test.ts). The order of a sum is that of shaders/team/workgroup.wgsl.
enable subgroups;
// A team follows one lineage, so that its lanes never part; the analysis cannot know.
diagnostic(off, subgroup_uniformity);
import package::constants::{TEAM, TEAM_LOG2};

/// `position` is the invocation's place in its workgroup.
fn enterTeam(position: u32) {
}

fn teamSum(value: f32) -> f32 {
  var sum = value;
  for (var step = 0u; step < TEAM_LOG2; step++) {
    sum += subgroupShuffleXor(sum, u32(TEAM) >> (step + 1u));
  }
  return sum;
}

fn teamOr(bits: u32) -> u32 {
  var joined = bits;
  for (var step = 0u; step < TEAM_LOG2; step++) {
    joined |= subgroupShuffleXor(joined, u32(TEAM) >> (step + 1u));
  }
  return joined;
}

/// The greatest value of the team.
fn teamMost(value: f32) -> f32 {
  var most = value;
  for (var step = 0u; step < TEAM_LOG2; step++) {
    most = max(most, subgroupShuffleXor(most, u32(TEAM) >> (step + 1u)));
  }
  return most;
}

/// The least time of the team and the lesser index where times are equal.
fn teamFirst(time: f32, index: u32) -> vec2<u32> {
  var least = vec2<u32>(bitcast<u32>(time), index);
  for (var step = 0u; step < TEAM_LOG2; step++) {
    let other = vec2<u32>(
      subgroupShuffleXor(least.x, u32(TEAM) >> (step + 1u)),
      subgroupShuffleXor(least.y, u32(TEAM) >> (step + 1u)),
    );
    // Times are not negative: their bits are in their order.
    let later = (other.x > least.x) | ((other.x == least.x) & (other.y > least.y));
    least = select(other, least, later);
  }
  return least;
}

/// Whether any lane within reach wants to go on: all of them then leave a loop together.
fn anyTeam(wanted: bool) -> bool {
  return subgroupAny(wanted);
}
