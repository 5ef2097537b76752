/** Laws of single models, of which no statistic is. */
import type { Mixture } from '../../model/mixture.ts';

/** A model's mean about the truth's and its packed covariance, as one distribution. */
export interface WholeModel {
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
  readonly determinant: number;
  /** Its components on their own, in the truth's coordinates. */
  readonly parts: Mixture;
}

export interface ModelLaw {
  /** What is averaged: `det Σ, mean`. */
  readonly quantity: string;
  readonly formula: string;
  readonly source: string;
  of(model: WholeModel): number;
  expected(generation: number): number;
  /** Over lineages; null where the sample's has to do. */
  variance(generation: number): number | null;
}
