/**
 * What may be asked, as types: a fully resolved experiment, frozen and JSON-serialisable. The
 * bounds, defaults and words of every field are in `parameters.ts`; `parse.ts` makes one of these.
 */
import type { StatisticName } from './statistics.ts';

export type Layout = 'line' | 'ring' | 'grid';
export type TruthWeights = 'equal' | { readonly zipf: number } | readonly number[];

/** Equal-width Gaussians at equal distances: unit covariance, centred at the origin. */
export interface BlobsTruth {
  readonly kind: 'blobs';
  readonly dim: number;
  /** J. */
  readonly components: number;
  /** Distance of neighbours, in component standard deviations. */
  readonly separation: number;
  readonly layout: Layout;
  readonly weights: TruthWeights;
}

export interface MixtureComponent {
  readonly weight: number;
  readonly mean: readonly number[];
  /** Full symmetric matrix, [dim][dim]. */
  readonly covariance: readonly (readonly number[])[];
}

export interface MixtureTruth {
  readonly kind: 'mixture';
  readonly components: readonly MixtureComponent[];
}

/** Rows of a CSV file; a mixture fitted to them stands in as their density. */
export interface DataTruth {
  readonly kind: 'data';
  readonly file: string;
  readonly columns: readonly string[];
}

export type TruthSpec = BlobsTruth | MixtureTruth | DataTruth;

export type Pairing = 'common' | 'independent';
export type RealDraw = 'quota' | 'bernoulli';
export type RealSource = 'fresh' | 'fixed';
export type CoresetMethod = 'uniform' | 'kmeans' | 'quantile';
export type Retention = 'replace' | 'accumulate' | 'accumulate-subsample';
export type CovarianceKind = 'full' | 'diagonal' | 'spherical' | 'tied';
export type Estimator = 'mle' | 'unbiased' | 'em' | 'map';
export type Init = 'parent' | 'truth' | 'kmeans' | 'random';
export type ClosedForm =
  'auto' | 'cheapest' | 'counts' | 'cheaper' | 'statistics' | 'replace' | 'off';

/** Values from the generations on that stand beside them, the first from 1. */
export interface Steps {
  readonly at: readonly (readonly [generation: number, value: number])[];
}

/** From one value at generation 2 to another at generation `until`, constant after. */
export interface Ramp {
  readonly from: number;
  readonly to: number;
  readonly until: number;
  readonly shape: 'linear' | 'logistic';
}

export type Scheduled = number | Steps;
export type Ramped = Scheduled | Ramp;

export interface BatchSpec<Value = Scheduled, Share = Ramped> {
  readonly realFraction: Share;
  readonly realDraw: RealDraw;
  readonly realSource: RealSource;
  /** M: how many of the last models synthetic points come from. */
  readonly memory: Value;
  /** λ. */
  readonly samplingBias: Value;
  /** Mahalanobis radius beyond which a component is not sampled. */
  readonly truncation: Value | null;
  /** β. */
  readonly weightSharpening: Value;
  readonly detector: {
    readonly recall: Value;
    readonly falsePositiveRate: Value;
    /** κ: recall is multiplied by e^(−κt). */
    readonly decay: number;
  };
  readonly watermark: { readonly coverage: Value; readonly laundering: Value };
  readonly provenance: { readonly signedShare: Value };
  readonly verifier: { readonly keep: Value; readonly error: Value };
  readonly curation: { readonly candidates: Value };
  readonly qualityFilter: Value;
  readonly poison: {
    readonly share: Value;
    /** Of length d, or 1 for all axes alike; data units. */
    readonly mean: readonly number[];
    readonly scale: Value;
  };
  readonly paraphrase: { readonly noise: Value; readonly passes: Value };
  readonly web: WebSpec | null;
  /** Numbers of truth components, from 1. */
  readonly protectedModes: readonly number[];
  readonly coreset: CoresetSpec | null;
}

/** An archive distilled to weighted points. */
export interface CoresetSpec {
  readonly size: number;
  readonly method: CoresetMethod;
}

/** A web that fills up: what realFraction is where it is not given. */
export interface WebSpec {
  /** H, in points. */
  readonly stock: number;
  /** Synthetic points that join each generation. */
  readonly published: number;
  /** Real points that there are at all; null: without end. */
  readonly humanReservoir: number | null;
}

export interface FitSpec<Value = Scheduled> {
  /** K. In a sweep over `truth.components` with `componentsFromTruth`, only cells have the K. */
  readonly components: number;
  /** Present where J is swept and K was not asked for: every cell's K is its J. */
  readonly componentsFromTruth?: true;
  readonly covariance: CovarianceKind;
  readonly estimator: Estimator;
  readonly iterations: Value;
  /** Change of the mean log-likelihood per point under which EM stops; 0: never. */
  readonly tolerance: Value;
  readonly init: Init;
  readonly covarianceFloor: Value;
  /** w; null: real points weigh as others do. */
  readonly realWeight: Value | null;
  /** γ. */
  readonly tailWeight: Value;
  /** Whether components without points come back; else they stay dead. */
  readonly respawn: boolean;
  /** Of estimator map; null elsewhere. */
  readonly prior: PriorSpec<Value> | null;
}

/** Conjugate priors, as so many points that stand for their centre. */
export interface PriorSpec<Value = Scheduled> {
  readonly centre: 'parent' | 'truth';
  /** κ, in points. */
  readonly strength: Value;
}

export interface AxisRange {
  readonly from: number;
  readonly to: number;
  readonly steps: number;
  readonly scale: 'linear' | 'log';
}
/** Null where the field may be null: the cell without it. */
export type AxisValue = number | string | null;
/** Ranges over whole numbers are written out as lists by `parseSpec`. */
export type Axis = readonly AxisValue[] | AxisRange;

/** What the number is added to: the truth's own value, or the lineage's at generation 1. */
export type Reference = 'truth' | 'first';

/** A statistic on one side of a level; one of the two is there. */
export interface Condition {
  readonly statistic: StatisticName;
  readonly above?: number;
  readonly below?: number;
}

/** Met at the first generation at which the condition holds. */
export interface Criterion extends Condition {
  readonly name: string;
  readonly relativeTo?: Reference;
  /** A lineage of which this has held, before or at that generation, never meets the criterion. */
  readonly unless?: Condition;
}

export interface Spec<Value = Scheduled, Share = Ramped> {
  readonly version: 1;
  /** 0 … 2⁵³ − 1. */
  readonly seed: number;
  readonly pairing: Pairing;
  readonly truth: TruthSpec;
  readonly batch: BatchSpec<Value, Share>;
  readonly retention: Retention;
  readonly fit: FitSpec<Value>;
  readonly closedForm: ClosedForm;
  /** n; of a cell at one generation n_t. */
  readonly sampleSize: number;
  /** n_t = round(n·t^growth). */
  readonly growth: number;
  readonly generations: number;
  readonly replicates: number;
  /** Dotted path → values. The cross product of the axes is the grid of cells. */
  readonly sweep: Readonly<Record<string, Axis>>;
  readonly statistics: readonly StatisticName[];
  readonly criteria: readonly Criterion[];
  /** Thresholds of early collapse (tailMass1) and late collapse (varianceRatio). */
  readonly stages: { readonly early: number; readonly late: number };
  readonly nodes: number;
}

/** A cell at one generation. */
export type PhaseSpec = Spec<number, number>;
