/**
 * EM that stops by its tolerance: mean log-likelihoods of one step after the other, in each lane on
 * its own. Twin: mixtureFit of src/model/lineage.ts.
 */
import { sampleSize, tolerance } from '../cell';
import { LOG2_E } from '../math/exp';
import { ln } from '../math/ln';
import { abs, add, fma, less, mul, or, splat, splatI, sub, VECTOR } from '../simd';

/** Lanes whose fit has converged: their components no longer change. */
export const DONE = memory.data(VECTOR, 16);
/** log₂-likelihood of the points, up to a constant; the mean of the step before, in nats. */
const LIKELIHOOD = memory.data(VECTOR, 16);
const LAST = memory.data(VECTOR, 16);

const LN_2: f32 = 0.693147181;

/** Before a fit: no lane is done. */
export function startSteps(): void {
  v128.store(DONE, splatI(0));
  v128.store(LAST, splat(-Infinity));
}

/** Before a step. */
export function startLikelihood(): void {
  v128.store(LIKELIHOOD, splat(0));
}

/** Adds points whose log₂-likelihoods are, together, `bits` + log₂ `product`. */
export function addLikelihood(bits: v128, product: v128): void {
  const sum = fma(splat(LOG2_E), ln(product), bits);
  v128.store(LIKELIHOOD, add(v128.load(LIKELIHOOD), sum));
}

/** After a step's M-step: lanes whose mean log-likelihood changed by less than the tolerance. */
export function settle(): void {
  const mean = mul(v128.load(LIKELIHOOD), splat(LN_2 / <f32>sampleSize));
  const near = less(abs(sub(mean, v128.load(LAST))), splat(tolerance));
  v128.store(DONE, or(v128.load(DONE), near));
  v128.store(LAST, mean);
}
