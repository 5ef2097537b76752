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
export type TruthKind = TruthSpec['kind'];

export type Pairing = 'common' | 'independent';
export type RealDraw = 'quota' | 'bernoulli';
export type Retention = 'replace';
export type CovarianceKind = 'full' | 'diagonal' | 'spherical' | 'tied';
export type Estimator = 'mle' | 'unbiased' | 'em';
export type Init = 'parent' | 'truth' | 'kmeans';
export type ClosedForm = 'auto' | 'replace' | 'off';

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
  /** λ. */
  readonly samplingBias: Value;
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
}

export interface AxisRange {
  readonly from: number;
  readonly to: number;
  readonly steps: number;
  readonly scale: 'linear' | 'log';
}
export type AxisValue = number | string;
/** Ranges over whole numbers are written out as lists by `parseSpec`. */
export type Axis = readonly AxisValue[] | AxisRange;

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
  readonly sampleSize: number;
  readonly generations: number;
  readonly replicates: number;
  /** Dotted path → values. The cross product of the axes is the grid of cells. */
  readonly sweep: Readonly<Record<string, Axis>>;
  readonly statistics: readonly StatisticName[];
  readonly nodes: number;
}

/** A cell at one generation. */
export type PhaseSpec = Spec<number, number>;
