/**
 * What a verifier lets through. It asks for the k-th best of m draws of the model's own, by the density
 * of the truth; above that is a share a ~ Beta(k, m + 1 − k) of all other draws, whatever model and
 * truth are, k/(m + 1) = α in the mean. With verdicts flipped with probability ε a candidate passes with
 *
 *   p = a(1−ε) + (1−a)ε,   E p = α(1−ε) + (1−α)ε.
 */

export interface Verdicts {
  /** k of m draws. */
  readonly rank: number;
  readonly draws: number;
  /** ε. */
  readonly error: number;
}

/** E p. */
export const meanAcceptance = ({ rank, draws, error }: Verdicts): number => {
  const share = rank / (draws + 1);
  return share * (1 - error) + (1 - share) * error;
};

/** Midpoints of a, on all of (0, 1). */
const STEPS = 20_000;

/** The chance that one of so many points has no candidate let through in so many attempts. */
export function exhaustion(verdicts: Verdicts, points: number, attempts: number): number {
  const { rank, draws, error } = verdicts;
  let [mass, runsOut] = [0, 0];
  for (let i = 0; i < STEPS; i++) {
    const a = (i + 0.5) / STEPS;
    // a^{k−1} (1−a)^{m−k}, against its largest value.
    const top = (rank - 1) / (draws - 1);
    const weight =
      a ** (rank - 1) *
      Math.exp(
        (draws - rank) * (Math.log1p(-a) - Math.log1p(-top)) - (rank - 1) * Math.log(top || 1),
      );
    const out = (1 - (a * (1 - error) + (1 - a) * error)) ** attempts;
    mass += weight;
    runsOut += weight * (1 - (1 - out) ** points);
  }
  return runsOut / mass;
}
