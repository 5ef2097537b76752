/**
 * Where on the map a sentence is true, and where it is false: boxes of settings of which all are,
 * the largest first, and the smallest box that holds all of them, outside of which there is none.
 */
import type { GridAxis, Setting } from './setting.ts';
import type { Verdict } from './verdict.ts';

export interface BoundaryCell {
  readonly setting: Setting;
  /** Null: nothing to judge there, so that it is in nobody's way. */
  readonly verdict: Verdict | null;
}

/** First and last place of each axis, both inclusive. */
export type Box = readonly (readonly [first: number, last: number])[];

export interface Region {
  /** Cells of the verdict. */
  readonly count: number;
  /** Boxes of nothing else. */
  readonly boxes: readonly CountedBox[];
  /** The smallest box that holds all of them; null where there is none. */
  readonly around: Box | null;
}

export interface CountedBox {
  readonly box: Box;
  /** Cells of the verdict in it that no earlier box has. */
  readonly count: number;
}

/** More boxes than this are no boundary that anybody keeps in mind. */
const MOST_BOXES = 3;

type Place = readonly number[];

export function regionOf(
  cells: readonly BoundaryCell[],
  axes: readonly GridAxis[],
  verdict: Verdict,
): Region {
  const placed = cells.map(({ setting, verdict: own }) => ({
    place: axes.map(({ name, values }) => values.indexOf(setting[name])),
    own,
  }));
  const places = placed.filter(({ own }) => own === verdict).map(({ place }) => place);
  const others = placed.filter(({ own }) => own !== verdict && own !== null);
  const foes = others.map(({ place }) => place);
  const boxes: CountedBox[] = [];
  let left = places;
  while (left.length > 0 && boxes.length < MOST_BOXES) {
    const found = largestBox(axes, left, foes);
    boxes.push(found);
    left = left.filter((place) => !isIn(place, found.box));
  }
  const around = axes.map((_, a) => {
    const along = places.map((place) => place[a]!);
    return [Math.min(...along), Math.max(...along)] as const;
  });
  return { count: places.length, boxes, around: places.length > 0 ? around : null };
}

const isIn = (place: Place, box: Box): boolean =>
  box.every(([first, last], a) => place[a]! >= first && place[a]! <= last);

/** The one with the most of `places` and none of `foes`; of equals the first, widest one. */
function largestBox(
  axes: readonly GridAxis[],
  places: readonly Place[],
  foes: readonly Place[],
): CountedBox {
  let best: CountedBox = { box: [], count: 0 };
  const visit = (box: Box, friends: readonly Place[], enemies: readonly Place[]): void => {
    if (friends.length <= best.count) return;
    const axis = axes[box.length];
    if (!axis) {
      if (enemies.length === 0) best = { box, count: friends.length };
      return;
    }
    const a = box.length;
    for (const [first, last] of stretches(axis.values.length)) {
      const isHere = (place: Place) => place[a]! >= first && place[a]! <= last;
      visit([...box, [first, last]], friends.filter(isHere), enemies.filter(isHere));
    }
  };
  visit([], places, foes);
  return best;
}

/** All stretches of so many places, the longest first. */
function stretches(length: number): (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  for (let size = length; size > 0; size--) {
    for (let first = 0; first + size <= length; first++) found.push([first, first + size - 1]);
  }
  return found;
}

/** "n ≤ 30, r = 0", or "everywhere". */
export function boxText(box: Box, axes: readonly GridAxis[]): string {
  const parts = axes.flatMap(({ symbol, values }, a) => {
    const ends = box[a]!.map((place) => values[place]!);
    const [low, high] = [Math.min(...ends), Math.max(...ends)];
    const [least, most] = [Math.min(...values), Math.max(...values)];
    if (low === least && high === most) return [];
    if (low === high) return [`${symbol} = ${low}`];
    if (low === least) return [`${symbol} ≤ ${high}`];
    if (high === most) return [`${symbol} ≥ ${low}`];
    return [`${symbol} from ${low} to ${high}`];
  });
  return parts.length === 0 ? 'everywhere' : parts.join(', ');
}

/** What is true of the settings of a verdict, in a sentence. `judged` cells have any. */
export function regionText(
  { count, boxes, around }: Region,
  axes: readonly GridAxis[],
  judged: number,
  verdict: Verdict,
): string {
  const word = verdict.charAt(0).toUpperCase() + verdict.slice(1);
  if (!around) return `${word} nowhere.`;
  if (count === judged) return `${word} everywhere.`;
  const head = `${word} in ${count} of ${judged} settings`;
  const parts = boxes.map(({ box, count: own }) => `where ${boxText(box, axes)} (${own})`);
  const rest = count - boxes.reduce((sum, { count: own }) => sum + own, 0);
  const frame = boxText(around, axes);
  const others = rest === 0 ? '' : `; and in ${rest} more`;
  const only = boxes.length === 1 || frame === 'everywhere' ? '' : `; all of them where ${frame}`;
  return `${head}: ${parts.join('; ')}${others}${only}.`;
}
