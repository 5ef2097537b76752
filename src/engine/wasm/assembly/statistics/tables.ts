/**
 * What the statistics of every lineage of a cell share, as packed by packTables of
 * src/model/statistics/tables.ts. Twin: shaders/statistics/tables.wgsl.
 */
import { D, J, TRI } from '../shape';
import { gaussianAt, setPowers, spreadGaussian } from './density';

const HEADER = 19;

let words: usize = 0;
export let nodes = 0;
/** Log₂ of the truth unit, and what it scales by: see setPowers. */
export let unitExponent: i32 = 0;
export const UNIT = memory.data(32, 16);
export let logUnit: f32 = 0;
export let trace: f32 = 0;
export let logDet: f32 = 0;
export let entropy: f32 = 0;
export let rarest = 0;
export let truthNodeCount = 0;
/** Thresholds of the stages. */
export let early: f32 = 0;
export let late: f32 = 0;
export let quantileNodeCount = 0;

/** Reads the header; the truth's components go to `truth`, the same in every lane. */
export function openTables(at: usize, truth: usize): void {
  words = at;
  nodes = <i32>header(0);
  unitExponent = <i32>header(1);
  setPowers(UNIT, i32x4.splat(unitExponent));
  logUnit = header(2);
  trace = header(3);
  logDet = header(4);
  entropy = header(5);
  rarest = <i32>header(6);
  truthNodeCount = <i32>header(7);
  early = header(16);
  late = header(17);
  quantileNodeCount = <i32>header(18);
  for (let j = 0; j < J; j++) {
    spreadGaussian(gaussianAt(truth, j), componentAt(j));
  }
}

@inline
function header(word: i32): f32 {
  return load<f32>(words + (<usize>word << 2));
}

/** Words of component j: weight, constant, mean, factor, inverses, two ends of an island. */
@inline
function componentAt(j: i32): usize {
  return words + (<usize>(HEADER + D + TRI + j * (D * 2 + TRI + 4)) << 2);
}

/** Tail levels: 0, 1 and 2 for shares of .1, .01 and .001. */
export const LEVELS = 3;

export function lowerLevel(level: i32): f32 {
  return header(8 + level);
}

export function upperLevel(level: i32): f32 {
  return header(11 + level);
}

/** D = 1: the truth's 1 % quantile, and the mean below it. */
export function riskQuantile(): f32 {
  return header(14);
}

export function riskMeanBelow(): f32 {
  return header(15);
}

/** D = 1: ends of stretch j where p₀ is over its 0.1 % level, the last one repeated. */
export function islandLower(j: i32): f32 {
  return load<f32>(componentAt(j + 1) - 8);
}

export function islandUpper(j: i32): f32 {
  return load<f32>(componentAt(j + 1) - 4);
}

/** p₀'s own mean. */
export function tableMean(a: i32): f32 {
  return header(HEADER + a);
}

/** Entry e of the packed factor of p₀'s covariance. */
export function tableFactor(e: i32): f32 {
  return header(HEADER + D + e);
}

/** The truth's nodes, each of D + 2 words: position, weight, ln p₀. */
export function truthNodes(): usize {
  return componentAt(J);
}

/** D = 1: nodes of quantiles, each of 4 words: z, Φ(−|z|), weight, the truth's quantile. */
export function quantileNodes(): usize {
  return truthNodes() + (<usize>(truthNodeCount * (D + 2)) << 2);
}
