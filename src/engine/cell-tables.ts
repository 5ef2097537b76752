/**
 * The statistics' tables of a cell, made once per truth: at d > 1 they rest on 65 536 points, and
 * every batch asks for them again.
 */
import { statisticTables, type StatisticTables } from '../model/statistics/tables.ts';
import type { Truth } from '../model/truth.ts';
import type { Cell, Plan } from '../plan/plan.ts';

/** By truth, then by what else they depend on; gone with the truth. */
const made = new WeakMap<Truth, Map<string, StatisticTables>>();

export function cellTables(
  { statistics }: Plan,
  { spec: { nodes, stages }, truth }: Cell,
): StatisticTables {
  const ofTruth = made.get(truth) ?? new Map<string, StatisticTables>();
  made.set(truth, ofTruth);
  const key = JSON.stringify([nodes, stages, statistics]);
  const tables = ofTruth.get(key) ?? statisticTables(truth, nodes, statistics, stages);
  ofTruth.set(key, tables);
  return tables;
}
