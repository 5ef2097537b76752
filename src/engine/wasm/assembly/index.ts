/** Everything the host calls. */
import { forgetPoints } from './cell';
import { forgetAllocations } from './memory';

export { allocate } from './memory';
export { configure } from './shape';
export { setCell } from './cell';
export { evolve } from './evolve';

/** Forgets all allocations; the next `setCell` makes room for points again. */
export function reset(): void {
  forgetAllocations();
  forgetPoints();
}
