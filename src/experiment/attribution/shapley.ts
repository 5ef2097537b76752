/**
 * Shapley's shares of a game (Shapley 1953): what each player adds to a coalition, averaged over all
 * orders in which players may join. They add up to v(all) − v(none), give nothing to who adds nothing
 * and as much to those who add alike, and are linear in v.
 *
 * A coalition is a mask: bit i is player i.
 */

/** [player] of values by coalition, [2^players]. */
export function shapleyShares(values: ArrayLike<number>): Float64Array {
  const players = Math.log2(values.length);
  return Float64Array.from({ length: players }, (_, player) => {
    const bit = 1 << player;
    let share = 0;
    for (let others = 0; others < values.length; others++) {
      if (others & bit) continue;
      share += orderShare(players, sizeOf(others)) * (values[others | bit]! - values[others]!);
    }
    return share;
  });
}

/**
 * The interaction of two players (Grabisch & Roubens 1999): how much more, or less, they add together
 * than one by one, averaged likewise over coalitions of the others. 0 in a game without any.
 */
export function shapleyInteraction(
  values: ArrayLike<number>,
  first: number,
  second: number,
): number {
  const players = Math.log2(values.length);
  const [a, b] = [1 << first, 1 << second];
  let index = 0;
  for (let others = 0; others < values.length; others++) {
    if (others & (a | b)) continue;
    const together = values[others | a | b]! - values[others | a]!;
    const alone = values[others | b]! - values[others]!;
    index += orderShare(players - 1, sizeOf(others)) * (together - alone);
  }
  return index;
}

/** Share of all orders in which exactly so many given others come before a player: s!(m−s−1)!/m!. */
function orderShare(players: number, others: number): number {
  let share = 1 / players;
  for (let i = 1; i <= others; i++) share *= i / (players - i);
  return share;
}

/** Players of a coalition. */
export function sizeOf(coalition: number): number {
  let size = 0;
  for (let left = coalition; left > 0; left &= left - 1) size++;
  return size;
}
