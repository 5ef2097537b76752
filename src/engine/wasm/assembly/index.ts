/** Everything the host calls. */
export { setCell } from './cell';
export { allocate, reset } from './memory';
export { configureStatistics, observe, setTables } from './observe';
export { moments } from './reduce/moments';
export { binCounts, pilotEdges, pilotRanks, sort } from './reduce/quantiles';
export { statusCounts } from './reduce/status-counts';
export { configure } from './shape';
