// Sums over a team of lanes through workgroup memory, for devices without subgroups and teams wider
// than one. All calls have to be reached by the whole workgroup. The order of a sum is that of
// shaders/team/subgroup.wgsl.
import package::constants::{TEAM, TEAM_LOG2, WORKGROUP};

var<workgroup> exchange: array<u32, WORKGROUP>;
var<workgroup> wantedByAny: u32;
// The invocation's place in its workgroup.
var<private> place_: u32 = 0u;

/// `position` is the invocation's place in its workgroup.
fn enterTeam(position: u32) {
  place_ = position;
}

/// The value of the lane whose number differs in one bit.
fn partner(value: u32, bit: u32) -> u32 {
  workgroupBarrier();
  exchange[place_] = value;
  workgroupBarrier();
  return exchange[place_ ^ bit];
}

fn teamSum(value: f32) -> f32 {
  var sum = value;
  for (var step = 0u; step < TEAM_LOG2; step++) {
    sum += bitcast<f32>(partner(bitcast<u32>(sum), u32(TEAM) >> (step + 1u)));
  }
  return sum;
}

fn teamOr(bits: u32) -> u32 {
  var joined = bits;
  for (var step = 0u; step < TEAM_LOG2; step++) {
    joined |= partner(joined, u32(TEAM) >> (step + 1u));
  }
  return joined;
}

/// The greatest value of the team.
fn teamMost(value: f32) -> f32 {
  var most = value;
  for (var step = 0u; step < TEAM_LOG2; step++) {
    most = max(most, bitcast<f32>(partner(bitcast<u32>(most), u32(TEAM) >> (step + 1u))));
  }
  return most;
}

/// The least time of the team and the lesser index where times are equal.
fn teamFirst(time: f32, index: u32) -> vec2<u32> {
  var least = vec2<u32>(bitcast<u32>(time), index);
  for (var step = 0u; step < TEAM_LOG2; step++) {
    let bit = u32(TEAM) >> (step + 1u);
    let other = vec2<u32>(partner(least.x, bit), partner(least.y, bit));
    // Times are not negative: their bits are in their order.
    let later = (other.x > least.x) | ((other.x == least.x) & (other.y > least.y));
    least = select(other, least, later);
  }
  return least;
}

/// Whether any lane of the workgroup wants to go on: all of them then leave a loop together.
fn anyTeam(wanted: bool) -> bool {
  workgroupBarrier();
  exchange[place_] = select(0u, 1u, wanted);
  workgroupBarrier();
  if (place_ == 0u) {
    var found = 0u;
    for (var i = 0u; i < u32(WORKGROUP); i++) {
      found |= exchange[i];
    }
    wantedByAny = found;
  }
  return workgroupUniformLoad(&wantedByAny) != 0u;
}
