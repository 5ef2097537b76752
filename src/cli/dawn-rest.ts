/**
 * Dawn in Node asks after its work in every turn of the event loop for as long as anybody waits for
 * some, and so keeps a core busy that a software adapter wants, or the user. Here each such turn is
 * made to last a millisecond.
 */

/** What gives promises that Dawn has to keep. */
const WAITS = {
  GPUQueue: ['onSubmittedWorkDone'],
  GPUBuffer: ['mapAsync'],
  GPUDevice: ['createComputePipelineAsync', 'popErrorScope'],
} as const;

type Method = (this: unknown, ...parameters: unknown[]) => Promise<unknown>;

const TURN_MS = 1;
const nobody = new Int32Array(new SharedArrayBuffer(4));
let waiting = 0;
let resting = false;
const rested = new WeakSet<object>();

/** Lets the thread rest while promises of the classes among Dawn's globals are waited for. */
export function restWhileWaiting(globals: object): void {
  for (const [name, methods] of Object.entries(WAITS)) {
    const { prototype } = (globals as Record<string, { prototype: Record<string, Method> }>)[name]!;
    if (rested.has(prototype)) continue;
    rested.add(prototype);
    for (const method of methods) {
      const original = prototype[method]!;
      prototype[method] = function (...parameters) {
        const promise = original.apply(this, parameters);
        waiting++;
        if (!resting) rest();
        const done = () => void waiting--;
        promise.then(done, done);
        return promise;
      };
    }
  }
}

/** A wait that nobody ends is a sleep within a turn of the loop, and the next turn has another. */
function rest(): void {
  resting = true;
  setImmediate(() => {
    resting = false;
    if (waiting === 0) return;
    Atomics.wait(nobody, 0, 0, TURN_MS);
    rest();
  });
}
