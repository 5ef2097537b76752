// Segments of an archive of which batches take now more, now fewer points: always its first ones,
// from the beginning again past the last. Row s of a cell has the end of segment s, 0 past the last.
// Reads `cells`, which every kernel that imports this binds. Twin: src/model/assemble/archive.ts.

/// Segments of the cell whose rows begin at `first`.
fn segmentCount(first: u32) -> u32 {
  var count = 0u;
  for (var s = 0u; s < cells[first].phaseCount; s++) {
    count += select(0u, 1u, cells[first + s].archiveEnd > 0u);
  }
  return count;
}

/// Points of segment s.
fn segmentPoints(first: u32, s: u32) -> u32 {
  let start = select(cells[first + max(s, 1u) - 1u].archiveEnd, 0u, s == 0u);
  return cells[first + s].archiveEnd - start;
}

/// Points of all `count` segments.
fn archivePoints(first: u32, count: u32) -> u32 {
  return cells[first + max(count, 1u) - 1u].archiveEnd;
}

/// How often a batch has all points of segment s; that of generation 1 has them once.
fn segmentTimes(first: u32, s: u32, generation: u32, quota: u32) -> u32 {
  let whole = cells[first].sampleSize;
  let taken = select(quota, whole, generation == 1u);
  return taken / whole + select(0u, 1u, cells[first + s].archiveEnd <= taken % whole);
}
