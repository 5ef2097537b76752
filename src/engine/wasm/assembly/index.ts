/** Everything the host calls. */
import { forgetPoints } from './cell';
import { forgetAllocations } from './memory';

/** Forgets all allocations, and with them the shape, the cell and the tables. */
export function reset(): void {
  forgetAllocations();
  forgetPoints();
}

export { setCell } from './cell';
export { evolve } from './evolve';
export { allocate } from './memory';
export { configureStatistics, observe, setTables } from './observe';
export { collapses } from './reduce/collapse';
export { moments } from './reduce/moments';
export { binCounts, pilotEdges, pilotRanks, sort } from './reduce/quantiles';
export { statusCounts } from './reduce/status-counts';
export { configure } from './shape';
