/** Everything the host calls. */
export { allocate, reset } from './memory';
