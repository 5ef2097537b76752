/**
 * The toolbox: what is said to keep models from collapse, each set up to spend one budget of human
 * points on a spec that has none after the first generation. Some are ways to spend it; the others
 * cost no human point, but something else, and are tried on top of the plainest way, the same number
 * of fresh points each cycle.
 */
import type { Truth } from '../../model/truth.ts';
import type { BatchSpec, FitSpec, Spec } from '../../spec/schema.ts';
import { acceptance } from '../../spec/screening.ts';
import { specAt } from '../../spec/schema.ts';
import { atOnce, evenly, fromOn, scheduleOf, type Counts } from './shares.ts';

/** What there is to spend, and on what. */
export interface Purse {
  readonly base: Spec;
  readonly truth: Truth;
  /** Human points over the whole run, those of the first generation among them. */
  readonly budget: number;
}

export interface Mitigation {
  readonly name: string;
  readonly label: string;
  /** How it spends the budget. */
  readonly doc: string;
  /** What it takes beside human points; null: nothing. */
  readonly assumes: string | null;
  /** The spec, or why there can be none: a sentence. */
  readonly setUp: (purse: Purse) => Spec | string;
}

/** Changes of a spec, block by block. */
type Change = Omit<Partial<Spec>, 'batch' | 'fit'> & {
  readonly batch?: Partial<BatchSpec>;
  readonly fit?: Partial<FitSpec>;
};

const changed = (spec: Spec, { batch, fit, ...rest }: Change): Spec => ({
  ...spec,
  ...rest,
  batch: { ...spec.batch, ...batch },
  fit: { ...spec.fit, ...fit },
});

const TOO_OFTEN = 'Its share of human points would change more often than a schedule can.';

/** Points that are left after the first generation, and batches to put them in. */
const extra = ({ base, budget }: Purse): number => budget - base.sampleSize;
const batches = ({ base }: Purse): number => base.generations - 1;

/** With real points by quota, so many in each batch, of what else the spec says. */
function withCounts(spec: Spec, counts: Counts): Spec | string {
  const share = scheduleOf(counts, (count, t) => shareFor(spec, count, t));
  if (share === null) return TOO_OFTEN;
  return changed(spec, { batch: { realFraction: share, realDraw: 'quota', realSource: 'fresh' } });
}

/** The share of candidates by which so many points of a batch are real after screening. */
function shareFor(spec: Spec, count: number, generation: number): number {
  const { batch, sampleSize } = specAt(spec, generation);
  const { real, synthetic } = acceptance(batch);
  const wanted = count / sampleSize;
  if (real === synthetic) return wanted;
  return (wanted * synthetic) / (real * (1 - wanted) + wanted * synthetic);
}

const evenCounts = (purse: Purse, points = extra(purse)): Counts =>
  evenly(points, batches(purse), purse.base.sampleSize);

/** What costs no human point, on top of fresh ones each cycle. */
const onFresh =
  (change: (purse: Purse) => Change) =>
  (purse: Purse): Spec | string =>
    withCounts(changed(purse.base, change(purse)), evenCounts(purse));

/** False alarms throw human points away, which are paid for. */
const screened =
  (batch: Partial<BatchSpec>) =>
  (purse: Purse): Spec | string => {
    const spec = changed(purse.base, { batch });
    const { real } = acceptance(specAt(spec, 2).batch);
    return withCounts(spec, evenCounts(purse, Math.floor(extra(purse) * real + ROUNDING)));
  };

/** A product that is a whole number is not to fall under it. */
const ROUNDING = 1e-9;

const ARCHIVE_SHARE = 0.5;
const MOST_CORESET = 50;
/** Points of a coreset for each point that it stands for, at most. */
const CORESET_SHARE = 1 / 4;
/** Of half the points and more a greater weight is hardly one. */
const MOST_REAL_WEIGHT = 0.5;
const REAL_WEIGHT_TIMES = 3;
const DETECTOR = { recall: 0.9, falsePositiveRate: 0.1, decay: 0 } as const;

/** First of the second half of all batches. */
const later = (purse: Purse): number => Math.floor(batches(purse) / 2);

const realWeight = (purse: Purse): number =>
  Math.min(
    MOST_REAL_WEIGHT,
    (REAL_WEIGHT_TIMES * extra(purse)) / batches(purse) / purse.base.sampleSize,
  );

/** A spec with an archive of the whole budget, all gathered for the first generation. */
const archive = ({ base, budget }: Purse, batch: Partial<BatchSpec>): Spec =>
  changed(base, {
    sampleSize: budget,
    batch: { realSource: 'fixed', realFraction: ARCHIVE_SHARE, ...batch },
  });

const TRAINS_ON_ALL = 'training sets as large as the budget';
const NO_ARCHIVE = 'There is nothing to keep beside the first generation’s own points.';

const SPENDING: readonly Mitigation[] = [
  {
    name: 'fresh',
    label: 'Fresh each cycle',
    doc: 'the same number of new human points in every batch',
    assumes: null,
    setUp: (purse) => withCounts(purse.base, evenCounts(purse)),
  },
  {
    name: 'early',
    label: 'All at once',
    doc: 'batches of human points alone, from generation 2 until they are used up',
    assumes: null,
    setUp: (purse) =>
      withCounts(purse.base, atOnce(extra(purse), batches(purse), purse.base.sampleSize)),
  },
  {
    name: 'late',
    label: 'In the second half',
    doc: 'no human point in the first half of the run, twice as many a batch in the second',
    assumes: null,
    setUp: (purse) =>
      withCounts(
        purse.base,
        fromOn(later(purse), extra(purse), batches(purse), purse.base.sampleSize),
      ),
  },
  {
    name: 'large-start',
    label: 'Larger samples',
    doc: 'all in the first generation, and none later',
    assumes: TRAINS_ON_ALL,
    setUp: ({ base, budget }) => changed(base, { sampleSize: budget }),
  },
  {
    name: 'archive',
    label: 'Archive',
    doc: 'all in the first generation; half of every later batch is drawn from them',
    assumes: `an archive that is kept, and ${TRAINS_ON_ALL}`,
    setUp: (purse) => (extra(purse) > 0 ? archive(purse, { realDraw: 'bernoulli' }) : NO_ARCHIVE),
  },
  {
    name: 'coreset',
    label: 'Distilled archive',
    doc: 'all in the first generation; distilled by k-means to a few points with half of the weight',
    assumes: `a coreset that is kept, and ${TRAINS_ON_ALL}`,
    setUp: (purse) => {
      const size = Math.min(MOST_CORESET, Math.floor(CORESET_SHARE * purse.budget));
      if (extra(purse) <= 0 || size < 1) return NO_ARCHIVE;
      return archive(purse, { realDraw: 'quota', coreset: { size, method: 'kmeans' } });
    },
  },
  {
    name: 'padlock',
    label: 'Padlock on a mode',
    doc: 'the rarest mode is always human; what is left, fresh in every batch',
    assumes: 'knowing which mode a point belongs to',
    setUp: padlock,
  },
];

const ON_TOP: readonly Mitigation[] = [
  {
    name: 'accumulate',
    label: 'Keep everything',
    doc: 'fresh each cycle; every batch there has been is trained on',
    assumes: 'storage, and training sets that grow by a batch each generation',
    setUp: onFresh(() => ({ retention: 'accumulate' })),
  },
  {
    name: 'subsample',
    label: 'Keep, train on n',
    doc: 'fresh each cycle; each training set is n points of every batch there has been',
    assumes: 'storage',
    setUp: onFresh(() => ({ retention: 'accumulate-subsample' })),
  },
  {
    name: 'growth',
    label: 'Growing batches',
    doc: 'fresh each cycle; batch t has n·√t points',
    assumes: 'computing, for larger and larger batches',
    setUp: onFresh(() => ({ growth: 0.5 })),
  },
  {
    name: 'memory',
    label: 'Memory of five',
    doc: 'fresh each cycle; synthetic points come from the last five models',
    assumes: 'models that are kept',
    setUp: onFresh(() => ({ batch: { memory: 5 } })),
  },
  {
    name: 'real-weight',
    label: 'Human weighs more',
    doc: 'fresh each cycle; human points weigh three times their share, half of all at most',
    assumes: 'knowing which points are human',
    setUp: (purse) =>
      extra(purse) > 0
        ? onFresh(() => ({ fit: { realWeight: realWeight(purse) } }))(purse)
        : 'No later batch has a human point that could weigh more.',
  },
  {
    name: 'tail-weight',
    label: 'Rare weighs more',
    doc: 'fresh each cycle; a point weighs as the last model’s density to the power −0.1',
    assumes: 'training with weights',
    setUp: onFresh(() => ({ fit: { tailWeight: 0.1 } })),
  },
  {
    name: 'prior',
    label: 'Held to the parent',
    doc: 'fresh each cycle; a prior of n points of the last model, as in fine-tuning',
    assumes: 'training with a prior',
    setUp: onFresh(({ base }) => ({
      fit: { estimator: 'map', prior: { centre: 'parent', strength: base.sampleSize } },
    })),
  },
  {
    name: 'verifier',
    label: 'Verifier',
    doc: 'fresh each cycle; of synthetic points the nine tenths likeliest in truth are kept',
    assumes: 'a verifier that knows the truth’s density and never errs',
    setUp: onFresh(() => ({ batch: { verifier: { keep: 0.9, error: 0 } } })),
  },
  {
    name: 'curation',
    label: 'Best of two',
    doc: 'fresh each cycle; of two synthetic points the one that is likelier in truth is kept',
    assumes: 'judges who know the truth’s density',
    setUp: onFresh(() => ({ batch: { curation: { candidates: 2 } } })),
  },
  {
    name: 'watermark',
    label: 'Watermark',
    doc: 'out of a web where nine tenths of the synthetic is marked: as fresh, by construction',
    assumes: 'models that mark what they make',
    setUp: screened({ watermark: { coverage: 0.9, laundering: 0 } }),
  },
  {
    name: 'detector',
    label: 'Detector',
    doc: 'out of that web by a detector: drops nine tenths of the synthetic, a tenth of the human',
    assumes: 'a detector; what it drops by mistake is paid for',
    setUp: screened({ detector: DETECTOR }),
  },
  {
    name: 'provenance',
    label: 'Signed origin',
    doc: 'by the same detector, where nine tenths of the human points are signed and never dropped',
    assumes: 'a detector, and people who sign',
    setUp: screened({ detector: DETECTOR, provenance: { signedShare: 0.9 } }),
  },
];

/** What happens where nothing is done: the first generation's points and no others. */
export const NOTHING: Mitigation = {
  name: 'nothing',
  label: 'Nothing',
  doc: 'no human point after the first generation',
  assumes: null,
  setUp: ({ base }) => base,
};

/** In the order in which they are set up: the ways to spend, then what is free of human points. */
export const MITIGATIONS: readonly Mitigation[] = [...SPENDING, ...ON_TOP];

/** Each place that is not of the quota is a human one of the mode with the mode's own weight. */
function padlock(purse: Purse): Spec | string {
  const { base, truth, budget } = purse;
  const { weights } = truth.mixture;
  if (truth.rows !== null) return 'Rows of data do not say which mode they belong to.';
  if (weights.length < 2) return 'The truth has one mode.';
  const rarest = weights.indexOf(Math.min(...weights));
  const weight = weights[rarest]!;
  const price = batches(purse) * base.sampleSize * weight;
  if (price > extra(purse)) {
    const needed = Math.ceil(base.sampleSize + price);
    return `The mode alone takes about ${needed} human points, and there are ${budget}.`;
  }
  const left = Math.floor((extra(purse) - price) / (1 - weight) + ROUNDING);
  const spec = changed(base, { batch: { protectedModes: [rarest + 1] } });
  return withCounts(spec, evenCounts(purse, left));
}
