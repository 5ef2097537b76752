/** What each kernel may take, for each shape of run that it is measured for. */

/** GPU families, by the names that RADV had for them. The first has to be known. */
export const FAMILIES: readonly (readonly string[])[] = [
  ['navi21'], // RDNA 2, 2020
  ['vega10'], // GCN 5, 2017
  ['gfx1100', 'navi31'], // RDNA 3, 2022
];

const blobs = (dim: number, components: number, sampleSize = 100) => ({
  truth: { kind: 'blobs', dim, components },
  fit: { components },
  sampleSize,
  statistics: ['meanShiftSquared', 'varianceRatio', 'logVarianceRatio'],
});

/** Specs. "K2 d1" has the shape of the reference job of the bench. */
export const SHAPES = {
  'K2 d1': blobs(1, 2),
  'K2 d1 n60': blobs(1, 2, 60),
  'K1 d1': blobs(1, 1),
  'K1 d1 counted': {
    ...blobs(1, 1),
    batch: { realFraction: 0.2, realDraw: 'bernoulli', poison: { share: 0.01 } },
    closedForm: 'counts',
  },
  'K1 d1 sampled': { ...blobs(1, 1), closedForm: 'off' },
  'K3 d2': blobs(2, 3),
  'K8 d1': blobs(1, 8),
  'K1 d3': blobs(3, 1),
  'K2 d1 subsample': { ...blobs(1, 2), retention: 'accumulate-subsample', generations: 50 },
  'K2 d1 verified': { ...blobs(1, 2), batch: { verifier: { keep: 0.5 } } },
  'K1 d3 sampled': { ...blobs(3, 1), closedForm: 'off' },
} as const;

export type ShapeName = keyof typeof SHAPES;

export interface Budget {
  /** Vector registers a lane, on any family. */
  readonly vectorRegisters: number;
  readonly eStep?: EStepBudget;
}

export interface EStepBudget {
  /** Cycles of the vector unit a sample, on any family: see isa.ts. */
  readonly cycles: number;
  /** Exponentials that a sample takes. */
  readonly exponentials: number;
  /** Samples that a turn of its loop visits: all of a lane's where they are unrolled. */
  readonly visits: number;
  /** Another shape of the same kernel with another number of samples a lane: see isa.ts. */
  readonly against?: ShapeName;
}

/** 16 waves a SIMD on RDNA 2, which hide memory and transcendentals; 4 on GCN 5. */
const REGISTERS = 64;
const PLAIN: Budget = { vectorRegisters: REGISTERS };
/**
 * evolve holds a lane's points in registers beside the model, and its peak is where several blocks of
 * random words are under way at once: 10 waves a SIMD on RDNA 2, which an arithmetic-bound kernel
 * with so many independent samples needs no more of. Wider models take what they take: 8 waves.
 */
const TEAM: Budget = { vectorRegisters: 96 };
const WIDE: Budget = { vectorRegisters: 108 };
const WIDEST: Budget = { vectorRegisters: 128 };

/**
 * What the test measures, on the first family: RADV takes some seconds for a kernel with all points
 * of a lane unrolled, and `npm run budget` measures the rest.
 */
export const TESTED: readonly ShapeName[] = ['K2 d1', 'K2 d1 n60', 'K1 d1', 'K1 d1 counted'];

type Budgets = Readonly<Partial<Record<ShapeName, Budget>>>;

/**
 * Kernel → shape → budget. No kernel may use scratch or spill, wherever it is measured.
 *
 * A sample at K = 2, d = 1: distance 1, polynomial of the odds 2, exponential and reciprocal 4
 * each and an addition between, 2 for the other responsibility and the cutoff, 5 of sums a
 * component: 24. From K = 3 on by log-sum-exp: at d = 1 a component costs 3 for its logarithm, 10
 * for its share with its exponential, 4 of sums, and the reciprocal is shared; at d = 2 it costs 7,
 * 10 and 8. 2 are for the turn of the loop.
 */
const BUDGETS: Readonly<Record<string, Budgets>> = {
  evolve: {
    // Half a cycle for moves at the end of a turn, of which the two lengths have not the same.
    'K2 d1': {
      ...TEAM,
      eStep: { cycles: 24.5, exponentials: 1, visits: 26, against: 'K2 d1 n60' },
    },
    'K2 d1 n60': TEAM,
    'K1 d1 sampled': TEAM,
    // A turn has M-step and sums over the team in it, for 7 and 8 samples: guards, and no budgets.
    'K3 d2': { ...WIDE, eStep: { cycles: 175, exponentials: 3, visits: 7 } },
    'K8 d1': { ...WIDEST, eStep: { cycles: 250, exponentials: 8, visits: 8 } },
    'K1 d3 sampled': TEAM,
  },
  // An invocation makes some points one after the other: what it has at hand is models.
  assemble: { 'K2 d1 subsample': TEAM, 'K2 d1 verified': TEAM },
  threshold: { 'K2 d1 verified': PLAIN },
  // Both kinds' moments are at hand while a number is drawn: 14 waves of 16 on RDNA 2.
  counted: { 'K1 d1 counted': { vectorRegisters: 72 } },
  closed: { 'K1 d1': PLAIN, 'K1 d3': PLAIN },
  observe: { 'K2 d1': PLAIN, 'K3 d2': PLAIN, 'K8 d1': PLAIN, 'K1 d3': PLAIN },
};

/** Kernels that are not in the table are the same for all shapes. */
export const budgetsOf = (kernel: string): Budgets => BUDGETS[kernel] ?? { 'K2 d1': PLAIN };
