// Phases of a cell. Reads `cells`, which every kernel that imports this binds.

/// Row of the phase that a cell is in, its first one being at `first`.
fn phaseRow(first: u32, generation: u32) -> u32 {
  var low = first;
  var high = first + cells[first].phaseCount - 1u;
  while (low < high) {
    let middle = (low + high + 1u) / 2u;
    if (cells[middle].firstGeneration <= generation) {
      low = middle;
    } else {
      high = middle - 1u;
    }
  }
  return low;
}
