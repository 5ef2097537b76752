/** Binomial numbers in WGSL: the law, and the twin's integers but where f32 rounds a comparison. */
import { expect, test } from 'vitest';
import { binomial } from '../../src/model/assemble/counts.ts';
import { describeGpu } from '../support/dawn.ts';
import { binomialFit, countMoments } from '../support/binomial.ts';
import { ALPHA, chiSquaredCdf } from '../support/goodness.ts';
import { probeRows } from '../support/probe.ts';

const DRAWS = 20_000;
const KEY = [20261122, 0, 0, 1] as const;

/** Numbers of lineages 0 to DRAWS − 1 on the GPU, and the twin's. */
async function countsOf(trials: number, exact: number) {
  const chance = Math.fround(exact);
  const found = await probeRows({
    imports: ['package::assemble::counts::binomial', 'package::gmm::wishart::WishartPlace'],
    body: `let place = WishartPlace(vec4<u32>(${KEY.join('u, ')}u), row, 2u, 5u);
      outU(0u, binomial(place, ${trials}u, inF(0u)));`,
    input: new Uint32Array(new Float32Array(DRAWS).fill(chance).buffer),
    inputWords: 1,
    outputWords: 1,
    constants: { D: 1, TRI: 1, RNG_ROUNDS: 20 },
  });
  const key = Uint32Array.from(KEY);
  const twins = Float64Array.from({ length: DRAWS }, (_, lineage) =>
    binomial({ key, lineage, generation: 2, group: 5 }, trials, chance),
  );
  return { found: Float64Array.from(found), twins, chance };
}

/**
 * How far draws are from the twin's, together. Two splits of f32 and f64 are apart by four roundings
 * of 2⁻²⁴, and by 1e-5/√(2n) of the χ² (wishart.test.ts: 5e-6 of a root of 2n degrees, twice), and so
 * are the p that are left: as many uniforms of n are between them, on either side, in a few steps of
 * which the first has most. Found: a third of it at most, one draw in twenty at n = 10⁶, one in
 * 5000 at n = 5000, one in 40 000 up to n = 1000.
 */
function expectTwins(found: Float64Array, twins: Float64Array, trials: number) {
  const apart = found.reduce((sum, own, i) => sum + Math.abs(own - twins[i]!), 0);
  const split = 4 * 2 ** -24 + 1e-5 / Math.sqrt(2 * trials);
  expect(apart).toBeLessThanOrEqual(1 + 2 * trials * split * DRAWS);
}

describeGpu('binomial', () => {
  test.each([
    [16, 0.5],
    [40, 0.1],
    [100, 0.7],
    [1000, 0.003],
    [1000, 0.999],
    [5000, 0.25],
  ])('%i trials of %f: χ² of the counts, and the twin', async (trials, exact) => {
    const { found, twins, chance } = await countsOf(trials, exact);
    const { distance, degrees } = binomialFit(found, trials, chance);
    expect(chiSquaredCdf(distance, degrees)).toBeLessThan(1 - ALPHA);
    expectTwins(found, twins, trials);
  });

  test.each([0.01, 0.2, 0.5, 0.93])('a million trials of %f', async (exact) => {
    const { found, twins, chance } = await countsOf(1e6, exact);
    const { mean, variance } = countMoments(found, 1e6, chance);
    expect(Math.abs(mean)).toBeLessThanOrEqual(4);
    expect(Math.abs(variance)).toBeLessThanOrEqual(4);
    expectTwins(found, twins, 1e6);
  });
});
