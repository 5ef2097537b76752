/**
 * Counts of points in well separated modes: given a batch of n, the next has a binomial number from
 * each (Wright 1931, Fisher 1930), so that a mode that has lost its points never has any again.
 */

/** P(k successes of n) for k = 0 … n, from the likeliest outwards so that nothing underflows early. */
function binomial(n: number, p: number): Float64Array {
  const terms = new Float64Array(n + 1);
  if (p <= 0 || p >= 1) {
    terms[p <= 0 ? 0 : n] = 1;
    return terms;
  }
  const peak = Math.min(n, Math.floor((n + 1) * p));
  const odds = p / (1 - p);
  terms[peak] = 1;
  for (let k = peak + 1; k <= n; k++) terms[k] = (terms[k - 1]! * (n - k + 1) * odds) / k;
  for (let k = peak - 1; k >= 0; k--) terms[k] = (terms[k + 1]! * (k + 1)) / ((n - k) * odds);
  const sum = terms.reduce((total, term) => total + term, 0);
  return terms.map((term) => term / sum);
}

/**
 * [t], from 0: the probability that a mode of weight `share` still has points after t batches of n.
 * Takes about n² generations products.
 */
export function modeSurvival(share: number, n: number, generations: number): Float64Array {
  const rows = Array.from({ length: n + 1 }, (_, count) => binomial(n, count / n));
  const alive = new Float64Array(generations + 1);
  alive[0] = 1;
  let law = binomial(n, share);
  for (let t = 1; t <= generations; t++) {
    if (t > 1) {
      const next = new Float64Array(n + 1);
      law.forEach((p, count) => rows[count]!.forEach((q, k) => (next[k]! += p * q)));
      law = next;
    }
    alive[t] = 1 - law[0]!;
  }
  return alive;
}
