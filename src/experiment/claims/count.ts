/** Of how many lineages of a cell a predicate holds. */
import { summaryAt, type Results } from '../results.ts';
import { survivalOf } from '../survival.ts';
import type { EventName, Predicate } from './claim.ts';

export interface Count {
  /** Lineages that it is judged of. */
  readonly judged: number;
  /** Those of them that it holds of. */
  readonly met: number;
}

/** All lineages of the cell have to have reached the last generation, the horizon. */
export function countOf(results: Results, cell: number, predicate: Predicate): Count {
  const { generations: horizon } = results.cells[cell]!;
  const lineages = summaryAt(results, cell, horizon, 0, 'count');
  const between = (event: EventName, from: number, to: number) =>
    survivalOf(results, cell, eventIndex(results, event))
      .collapsed.slice(from, Math.min(to, horizon) + 1)
      .reduce((sum, count) => sum + count, 0);
  switch (predicate.kind) {
    case 'happens': {
      const { event, from, to, among } = predicate;
      const judged = among ? between(among, 1, horizon) : lineages;
      return { judged, met: between(event, from, to ?? horizon) };
    }
    case 'never':
      return { judged: lineages, met: lineages - between(predicate.event, 1, horizon) };
    case 'faithful': {
      const place = results.statistics.indexOf('stage1Share');
      // A mean of zeros and ones.
      const share = summaryAt(results, cell, horizon, place, 'mean');
      return { judged: lineages, met: Math.round(share * lineages) };
    }
  }
}

const eventIndex = ({ spec }: Results, event: EventName): number =>
  spec.criteria.findIndex(({ name }) => name === event);
