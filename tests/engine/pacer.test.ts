/** How much goes into one submit, by a clock of the test's own. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Pacer, PACES } from '../../src/engine/webgpu/pacer.ts';

const PACE = { submitMs: 10, capMs: 100 };

/** A promise and what resolves it. */
function gate(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((open) => (resolve = open));
  return { promise, resolve };
}

/** A pacer whose submits take as long as the test says. */
function paced(firstBudget: number) {
  let clock = 0;
  const pacer = new Pacer(PACE, firstBudget, () => clock);
  /** One submit of `work`, alone in flight, that takes `ms`. */
  const submit = async (work: number, ms: number) => {
    const done = gate();
    pacer.submitted(work, done.promise);
    clock += ms;
    done.resolve();
    await pacer.idle();
  };
  return { pacer, submit, wait: (ms: number) => (clock += ms) };
}

describe('the budget', () => {
  test('follows the speed, by no more than a factor of 2 at a time', async () => {
    const { pacer, submit } = paced(1000);
    await submit(1000, 1);
    expect(pacer.budget).toBe(2000);
    await submit(2000, 0);
    expect(pacer.budget).toBe(4000);
    await submit(4000, 8);
    expect(pacer.budget).toBe(5000);
    await submit(5000, 12.5);
    expect(pacer.budget).toBe(4000);
    await submit(4000, 90);
    expect(pacer.budget).toBe(2000);
  });

  test('is cut to an eighth of what took longer than any submit may', async () => {
    const { pacer, submit } = paced(8000);
    await submit(8000, 101);
    expect(pacer.budget).toBe(1000);
    // A single workgroup may be more than the budget, and less.
    await submit(1600, 101);
    expect(pacer.budget).toBe(125);
    await submit(16, 101);
    expect(pacer.budget).toBe(2);
    await submit(2, 1000);
    expect(pacer.budget).toBe(1);
    expect(pacer.longestMs).toBe(1000);
  });

  test('learns nothing from a remainder that was quick, but from one that was slow', async () => {
    const { pacer, submit } = paced(8000);
    await submit(100, 5);
    expect(pacer.budget).toBe(8000);
    await submit(100, 20);
    expect(pacer.budget).toBe(4000);
  });

  test('goes by the pace of the moment', async () => {
    const { pacer, submit } = paced(1000);
    pacer.pace = { submitMs: 20, capMs: 100 };
    await submit(1000, 10);
    expect(pacer.budget).toBe(2000);
    pacer.pace = PACE;
    await submit(2000, 20);
    expect(pacer.budget).toBe(1000);
  });

  test('counts from the end of the submit before, not from the wait for it', async () => {
    const { pacer, wait } = paced(1000);
    const [first, second] = [gate(), gate()];
    pacer.submitted(1000, first.promise);
    pacer.submitted(1000, second.promise);
    wait(10);
    first.resolve();
    await pacer.room();
    expect(pacer.budget).toBe(1000);
    // 20 ms after it was submitted, of which it worked 10.
    wait(10);
    second.resolve();
    await pacer.idle();
    expect([pacer.budget, pacer.longestMs]).toEqual([1000, 10]);
  });

  test('grows at most twofold, and is never nothing', async () => {
    const submits = fc.array(fc.tuple(fc.double({ min: 0, max: 2, noNaN: true }), fc.nat(300)));
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 1, max: 1e9, noNaN: true }),
        submits,
        async (first, all) => {
          const { pacer, submit } = paced(first);
          for (const [share, ms] of all) {
            const before = pacer.budget;
            await submit(before * share, ms);
            expect(pacer.budget).toBeGreaterThanOrEqual(1);
            expect(pacer.budget).toBeLessThanOrEqual(2 * before);
            if (ms <= PACE.capMs) expect(pacer.budget).toBeGreaterThanOrEqual(before / 2);
            else expect(pacer.budget).toBeLessThanOrEqual(Math.max(1, before / 8));
          }
        },
      ),
      { numRuns: 200, seed: 3 },
    );
  });

  test('of either pace is well under what a watchdog allows', () => {
    // Chrome takes a GPU process for hung after ten seconds, Windows a driver after two.
    for (const { submitMs, capMs } of Object.values(PACES)) {
      expect(submitMs).toBeLessThan(capMs);
      expect(capMs).toBeLessThanOrEqual(250);
    }
    expect(PACES.interactive.submitMs).toBeLessThan(1000 / 60);
  });
});

describe('in flight', () => {
  test('are two at most', async () => {
    const { pacer } = paced(1000);
    const gates = [0, 1, 2, 3].map(() => gate());
    let made = 0;
    const all = (async () => {
      for (const { promise } of gates) {
        await pacer.room();
        made++;
        pacer.submitted(10, promise);
      }
      await pacer.idle();
    })();
    const settled = () => new Promise((resolve) => setTimeout(resolve));
    for (const [done, expected] of [2, 3, 4, 4].entries()) {
      await settled();
      expect(made).toBe(expected);
      gates[done]!.resolve();
    }
    await all;
  });

  test('an error reaches whoever waits next, and nobody else', async () => {
    for (const wait of ['room', 'idle'] as const) {
      const { pacer } = paced(1000);
      pacer.submitted(10, Promise.reject(new Error('the device was lost')));
      pacer.submitted(10, Promise.resolve());
      await expect(pacer[wait]()).rejects.toThrow('the device was lost');
      await pacer.idle();
      expect(pacer.budget).toBe(1000);
    }
    // Left alone it is no unhandled rejection, which would end the process.
    const { pacer } = paced(1000);
    pacer.submitted(10, Promise.reject(new Error('nobody asks')));
    await new Promise((resolve) => setTimeout(resolve));
  });
});
