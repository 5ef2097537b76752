/** The components of an explicit mixture as they are typed: lists for means, rows for covariances. */
import { typedList, typedNumber } from './draft.ts';

/** Loosely typed: what is wrong is said by parseSpec. */
export interface DraftComponent {
  readonly weight?: unknown;
  readonly mean?: unknown;
  readonly covariance?: unknown;
}

export const meanText = ({ mean }: DraftComponent): string =>
  Array.isArray(mean) ? mean.join(', ') : '';

/** "1, 0; 0, 2": entries by commas, rows by semicolons. */
export const covarianceText = ({ covariance }: DraftComponent): string =>
  Array.isArray(covariance)
    ? covariance.map((row: unknown) => (Array.isArray(row) ? row.join(', ') : '')).join('; ')
    : '';

export const typedMean = (text: string): unknown => typedList(text);
export const typedCovariance = (text: string): unknown => text.split(';').map(typedList);
export const typedWeight = (text: string): unknown => typedNumber(text) ?? '';

/** One more component, like the last but further along; all weights equal, to sum to 1. */
export function withComponent(components: readonly DraftComponent[]): DraftComponent[] {
  const last = components[components.length - 1];
  const mean = Array.isArray(last?.mean) ? last.mean.map((x, a) => (a === 0 ? +x + 4 : x)) : [0];
  const covariance = last?.covariance ?? [[1]];
  return evenWeights([...components, { weight: 0, mean, covariance }]);
}

export const withoutComponent = (
  components: readonly DraftComponent[],
  index: number,
): DraftComponent[] => evenWeights(components.filter((_, k) => k !== index));

function evenWeights(components: readonly DraftComponent[]): DraftComponent[] {
  const share = Number((1 / components.length).toPrecision(6));
  const rest = Number((1 - share * (components.length - 1)).toPrecision(12));
  return components.map((component, k) => ({ ...component, weight: k === 0 ? rest : share }));
}
