// What the statistics of every lineage of a cell share, as packed by packTables of the twin,
// src/model/statistics/tables.ts.
import package::constants::{D, J, TRI};
import package::statistics::density::Gaussian;
import package::statistics::likelihood::TruthMoments;

const TABLE_HEADER: u32 = 19u;
const TABLE_COMPONENT: u32 = 4u + 2u * D + TRI;
/// Words before the truth's nodes, each of D + 2 words: position, weight, ln p0. The quantile nodes
/// follow, each of four: z, Phi(-|z|), weight, the truth's quantile.
const TABLE_WORDS: u32 = TABLE_HEADER + D + TRI + J * TABLE_COMPONENT;

struct Tables {
  nodes: u32,
  unitExponent: i32,
  logUnit: f32,
  trace: f32,
  logDet: f32,
  entropy: f32,
  rarest: u32,
  truthNodeCount: u32,
  lower: array<f32, 3>,
  upper: array<f32, 3>,
  // D = 1: ends of the stretches where p0 is over its 0.1 % level, the last one repeated.
  islandLower: array<f32, J>,
  islandUpper: array<f32, J>,
  // D = 1: the truth's 1 % quantile and the mean below it.
  riskQuantile: f32,
  riskMeanBelow: f32,
  // Thresholds of the stages.
  early: f32,
  late: f32,
  quantileNodeCount: u32,
  moments: TruthMoments,
  truth: array<Gaussian, J>,
}

fn unpackTables(words: ptr<function, array<f32, TABLE_WORDS>>) -> Tables {
  var tables = Tables();
  tables.nodes = u32((*words)[0]);
  tables.unitExponent = i32((*words)[1]);
  tables.logUnit = (*words)[2];
  tables.trace = (*words)[3];
  tables.logDet = (*words)[4];
  tables.entropy = (*words)[5];
  tables.rarest = u32((*words)[6]);
  tables.truthNodeCount = u32((*words)[7]);
  for (var level = 0u; level < 3u; level++) {
    tables.lower[level] = (*words)[8u + level];
    tables.upper[level] = (*words)[11u + level];
  }
  tables.riskQuantile = (*words)[14];
  tables.riskMeanBelow = (*words)[15];
  tables.early = (*words)[16];
  tables.late = (*words)[17];
  tables.quantileNodeCount = u32((*words)[18]);
  for (var a = 0u; a < D; a++) {
    tables.moments.mean[a] = (*words)[TABLE_HEADER + a];
  }
  for (var e = 0u; e < TRI; e++) {
    tables.moments.factor[e] = (*words)[TABLE_HEADER + D + e];
  }
  for (var j = 0u; j < J; j++) {
    let at = TABLE_HEADER + D + TRI + j * TABLE_COMPONENT;
    tables.truth[j].weight = (*words)[at];
    tables.truth[j].constant = (*words)[at + 1u];
    for (var a = 0u; a < D; a++) {
      tables.truth[j].mean[a] = (*words)[at + 2u + a];
      tables.truth[j].inverses[a] = (*words)[at + 2u + D + TRI + a];
    }
    for (var e = 0u; e < TRI; e++) {
      tables.truth[j].factor[e] = (*words)[at + 2u + D + e];
    }
    tables.islandLower[j] = (*words)[at + 2u + 2u * D + TRI];
    tables.islandUpper[j] = (*words)[at + 3u + 2u * D + TRI];
  }
  return tables;
}
