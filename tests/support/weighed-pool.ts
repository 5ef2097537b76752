/**
 * Mean variance and squared shift of a pool whose real points weigh w together, d = 1, σ₀ = 1. Means
 * are R of all real points so far and S of the others, a model's is wR + (1−w)S, at first R, and
 * E[S′ | before] = (N_s S + n_s m)/N_s′. Real points have second moment 1, others that of the models
 * that they came from, on average.
 */
export function weighedPool(n: number, real: number, w: number, floor: number) {
  return (generation: number): readonly [spread: number, shift: number] => {
    const made = n - real;
    let [reals, others] = [n, 0];
    // E RS, E S², and the second moment of the others.
    let [both, square, second] = [0, 0, 0];
    let [shift, spread] = [1 / n, 1 - 1 / n + floor];
    for (let t = 2; t <= generation; t++) {
      const [withReal, withOthers] =
        t === 2 ? [1 / reals, 0] : [w / reals + (1 - w) * both, w * both + (1 - w) * square];
      const [allReal, all] = [reals + real, others + made];
      // A point that is new has nothing to do with what was there.
      both = (reals * (others * both + made * withReal)) / (allReal * all);
      square =
        (others ** 2 * square +
          2 * others * made * withOthers +
          made ** 2 * shift +
          made * spread) /
        all ** 2;
      second = (others * second + made * (shift + spread)) / all;
      [reals, others] = [allReal, all];
      shift = (w * w) / reals + 2 * w * (1 - w) * both + (1 - w) ** 2 * square;
      spread = w + (1 - w) * second - shift + floor;
    }
    return [spread, shift];
  };
}
