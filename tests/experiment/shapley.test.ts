/** Shapley's shares: the axioms, games whose shares are known, and all orders one by one. */
import { describe, expect, test } from 'vitest';
import {
  shapleyInteraction,
  shapleyShares,
  sizeOf,
} from '../../src/experiment/attribution/shapley.ts';

/** Sums of a few dozen numbers of order 1. */
const ROUNDING = 12;

/** Values in [0, 1) of every coalition, by a linear congruence (Numerical Recipes). */
function randomGame(players: number, seed: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: 2 ** players }, () => {
    state = (1664525 * state + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  });
}

const orders = (players: readonly number[]): number[][] =>
  players.length === 0
    ? [[]]
    : players.flatMap((first) =>
        orders(players.filter((one) => one !== first)).map((rest) => [first, ...rest]),
      );

/** What each adds when it comes, over all orders. */
function byOrders(values: Float64Array): number[] {
  const players = Array.from({ length: Math.log2(values.length) }, (_, i) => i);
  const all = orders(players);
  const shares = players.map(() => 0);
  for (const order of all) {
    let coalition = 0;
    for (const player of order) {
      const joined = coalition | (1 << player);
      shares[player]! += (values[joined]! - values[coalition]!) / all.length;
      coalition = joined;
    }
  }
  return shares;
}

describe.each([2, 3, 4, 5])('%i players', (players) => {
  const game = randomGame(players, players);
  const shares = shapleyShares(game);

  test('shares are means over all orders', () => {
    byOrders(game).forEach((share, i) => expect(shares[i]).toBeCloseTo(share, ROUNDING));
  });

  test('efficiency: they add up to all less none', () => {
    const sum = shares.reduce((total, share) => total + share, 0);
    expect(sum).toBeCloseTo(game.at(-1)! - game[0]!, ROUNDING);
  });

  test('dummy: who adds nothing gets nothing, to the last bit', () => {
    const idle = game.map((_, coalition) => game[coalition & ~2]!);
    expect(shapleyShares(idle)[1]).toBe(0);
    for (let other = 0; other < players; other++) {
      if (other !== 1) expect(shapleyInteraction(idle, 1, other)).toBe(0);
    }
  });

  test('symmetry: those that add alike get alike', () => {
    const swapped = (coalition: number) =>
      (coalition & ~3) | ((coalition & 1) << 1) | ((coalition & 2) >> 1);
    const alike = game.map((value, coalition) => (value + game[swapped(coalition)]!) / 2);
    const [first, second] = shapleyShares(alike);
    expect(first).toBeCloseTo(second!, ROUNDING);
  });

  test('linearity: shares of a sum are the sums of shares', () => {
    const other = randomGame(players, 100 + players);
    const sum = shapleyShares(game.map((value, c) => value + 3 * other[c]!));
    const own = shapleyShares(other);
    shares.forEach((share, i) => expect(sum[i]).toBeCloseTo(share + 3 * own[i]!, ROUNDING));
  });

  test('a game without interactions has none, and everybody has what is its own', () => {
    const own = [0.5, -2, 3, 0.25, 1];
    const additive = game.map((_, c) => 7 + own.reduce((s, v, i) => s + (c & (1 << i) ? v : 0), 0));
    shapleyShares(additive).forEach((share, i) => expect(share).toBeCloseTo(own[i]!, ROUNDING));
    expect(shapleyInteraction(additive, 0, 1)).toBeCloseTo(0, ROUNDING);
  });
});

test('gloves: one left and two right ones, 2/3 and 1/6 each', () => {
  const pairs = Float64Array.from({ length: 8 }, (_, c) => (c & 1 && c & 6 ? 1 : 0));
  const expected = [2 / 3, 1 / 6, 1 / 6];
  shapleyShares(pairs).forEach((share, i) => expect(share).toBeCloseTo(expected[i]!, ROUNDING));
});

// Grabisch & Roubens 1999: of the game that is 1 for coalitions with all of T, pairs inside of T
// have 1/(|T| − 1).
test.each([
  [0b0011, 1],
  [0b0111, 1 / 2],
  [0b1111, 1 / 3],
])('unanimity of %i: interaction %f', (needed, expected) => {
  const game = Float64Array.from({ length: 16 }, (_, c) => ((c & needed) === needed ? 1 : 0));
  expect(shapleyInteraction(game, 0, 1)).toBeCloseTo(expected, ROUNDING);
  expect(shapleyInteraction(game, 1, 0)).toBeCloseTo(expected, ROUNDING);
  if (!(needed & 8)) expect(shapleyInteraction(game, 0, 3)).toBe(0);
});

test('sizes of coalitions', () => {
  expect([0, 1, 2, 3, 8, 11, 15].map(sizeOf)).toEqual([0, 1, 1, 2, 1, 3, 4]);
});
