/** A lineage's models, posted as numbers. */
import { expect, it } from 'vitest';
import type { Mixture } from '../../src/model/mixture.ts';
import { openTrace, packTrace, sampledGenerations } from '../../src/ui/trace.ts';

/** Every number another, so that a wrong index cannot go unseen. */
function counting(dim: number, components: number, first: number): Mixture {
  let next = first;
  const row = (length: number) => Array.from({ length }, () => next++);
  const rows = (length: number) => Array.from({ length: components }, () => row(length));
  return {
    dim,
    weights: row(components),
    means: rows(dim),
    covariances: rows((dim * (dim + 1)) / 2),
  };
}

it.each([1, 2, 3])('gives back what was packed, d = %i', (dim) => {
  const truth = counting(dim, 3, 1);
  const models = [100, 200, 300].map((first) => counting(dim, 2, first));
  const trace = openTrace(structuredClone(packTrace(truth, models)));
  expect(trace.length).toBe(4);
  expect([0, 1, 2, 3].map((generation) => trace.at(generation))).toEqual([truth, ...models]);
  expect(trace.at(4)).toBeUndefined();
  expect(trace.at(-1)).toBeUndefined();
});

it('samples all generations where they are few, and evenly where they are many', () => {
  expect(sampledGenerations(4, 400)).toEqual([0, 1, 2, 3]);
  expect(sampledGenerations(0, 400)).toEqual([]);
  const many = sampledGenerations(1_000_001, 400);
  expect(many).toHaveLength(400);
  const strides = many.slice(1).map((generation, i) => generation - many[i]!);
  expect(Math.max(...strides) - Math.min(...strides)).toBeLessThanOrEqual(1);
  expect(many[0]! + many.at(-1)!).toBeGreaterThan(999_998);
});
