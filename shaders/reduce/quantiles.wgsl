// Ranks of type-7 quantiles, of bin edges, and the bin of a value: integers, exact.
// Twin: src/model/reduce/quantiles.ts.

const QUANTILE_COUNT: u32 = 7u;
const QUANTILE_PERCENTS = array<u32, QUANTILE_COUNT>(1u, 5u, 25u, 50u, 75u, 95u, 99u);
const BIN_COUNT: u32 = 256u;
const EDGE_COUNT: u32 = 255u;

/// Of `count` sorted values, the rank (from 0) just at or below the quantile.
fn lowerRank(percent: u32, count: u32) -> u32 {
  return (count - 1u) * percent / 100u;
}

/// The rank just above it.
fn upperRank(percent: u32, count: u32) -> u32 {
  return min(lowerRank(percent, count) + 1u, count - 1u);
}

/// Rank of edge j of 1 ... 255: equal numbers of pilot values between edges.
fn edgeRank(j: u32, count: u32) -> u32 {
  return j * count / BIN_COUNT;
}

/// The bin of a value with `below` edges under it and `atMost` edges not above it. Where edges
/// repeat, the first bin of no width between them takes that very value alone.
fn binOf(below: u32, atMost: u32) -> u32 {
  return select(atMost, below + 1u, atMost - below >= 2u);
}
