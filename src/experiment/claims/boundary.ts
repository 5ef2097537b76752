/**
 * Where on the map a sentence is true, and where it is false: boxes of settings of which all are,
 * the largest first, and the smallest box that holds all of them, outside of which there is none. Where
 * a setting's control has the same verdict, no recursion is needed for it: such settings are counted,
 * and boxes are of the others, as long as there are any.
 */
import { axisWords, type GridAxis, type Setting } from './setting.ts';
import type { Verdict } from './verdict.ts';

export interface BoundaryCell {
  readonly setting: Setting;
  /** Null: nothing to judge there, so that it is in nobody's way. */
  readonly verdict: Verdict | null;
  /** That of the same setting without any recursion; null where there is none. */
  readonly controlVerdict: Verdict | null;
}

/** First and last place of each axis, both inclusive. */
export type Box = readonly (readonly [first: number, last: number])[];

export interface Region {
  /** Cells of the verdict. */
  readonly count: number;
  /** Those of them that are so without recursion, too. */
  readonly alike: number;
  /** Boxes of the others alone, or of all where there are no others. */
  readonly boxes: readonly CountedBox[];
  /** The smallest box that holds all that `boxes` are of; null where there is none. */
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
  const ofVerdict = cells.filter((cell) => cell.verdict === verdict);
  const unlike = ofVerdict.filter(({ controlVerdict }) => controlVerdict !== verdict);
  const chosen = unlike.length > 0 ? unlike : ofVerdict;
  const placeOf = ({ setting }: BoundaryCell): Place =>
    axes.map(({ name, values }) => values.indexOf(setting[name]));
  const places = chosen.map(placeOf);
  const others = cells.filter((cell) => cell.verdict !== null && !chosen.includes(cell));
  const foes = others.map(placeOf);
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
  return {
    ...{ count: ofVerdict.length, alike: ofVerdict.length - unlike.length, boxes },
    around: places.length > 0 ? around : null,
  };
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

/** Ends of a stretch of an axis, and which of them are ends of the axis itself. */
interface Bounds {
  readonly low: number;
  readonly high: number;
  readonly isLeast: boolean;
  readonly isMost: boolean;
}

function boundsOf([first, last]: Box[number], { values }: GridAxis): Bounds {
  const ends = [values[first]!, values[last]!];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const [isLeast, isMost] = [low === Math.min(...values), high === Math.max(...values)];
  return { low, high, isLeast, isMost };
}

/** "n ≤ 30, r = 0", or "everywhere". */
export function boxText(box: Box, axes: readonly GridAxis[]): string {
  const parts = axes.flatMap((axis, a) => {
    const { symbol } = axis;
    const { low, high, isLeast, isMost } = boundsOf(box[a]!, axis);
    if (isLeast && isMost) return [];
    if (low === high) return [`${symbol} = ${low}`];
    if (isLeast) return [`${symbol} ≤ ${high}`];
    if (isMost) return [`${symbol} ≥ ${low}`];
    return [`${symbol} from ${low} to ${high}`];
  });
  return parts.length === 0 ? 'everywhere' : parts.join(', ');
}

/** "with at most 30 points and no fresh points", or "everywhere". */
export function boxWords(box: Box, axes: readonly GridAxis[]): string {
  const parts = axes.flatMap((axis, a) => {
    const { low, high, isLeast, isMost } = boundsOf(box[a]!, axis);
    if (isLeast && isMost) return [];
    if (low === high) return [axisWords(axis, `${low}`)];
    if (isLeast) return [axisWords(axis, `at most ${high}`)];
    if (isMost) return [axisWords(axis, `at least ${low}`)];
    return [axisWords(axis, `${low} to ${high}`)];
  });
  if (parts.length < 2) return parts.length === 0 ? 'everywhere' : `with ${parts[0]}`;
  return `with ${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** What is true of the settings of a verdict, in a sentence. `judged` cells have any. */
export function regionText(
  region: Region,
  axes: readonly GridAxis[],
  judged: number,
  verdict: Verdict,
): string {
  const { count, alike, boxes, around } = region;
  const word = verdict.charAt(0).toUpperCase() + verdict.slice(1);
  if (!around) return `${word} nowhere.`;
  const place = count === judged ? 'everywhere' : `in ${count} of ${judged} settings`;
  const head = `${word} ${place}${alikeText(region)}`;
  if (count === judged && (alike === 0 || alike === count)) return `${head}.`;
  const own = boxed(region);
  const parts = boxes.map(({ box, count: inside }) => `where ${boxText(box, axes)} (${inside})`);
  const rest = own - boxes.reduce((sum, { count: inside }) => sum + inside, 0);
  const frame = boxText(around, axes);
  const others = rest === 0 ? '' : `; and in ${rest} more`;
  const only = boxes.length === 1 || frame === 'everywhere' ? '' : `; all ${own} where ${frame}`;
  const where = `${parts.join('; ')}${others}${only}.`;
  return own < count ? `${head}. The other ${own}: ${where}` : `${head}: ${where}`;
}

/** How many its boxes are of. */
const boxed = ({ count, alike }: Region): number => (alike < count ? count - alike : count);

function alikeText({ count, alike }: Region): string {
  if (alike === 0) return '';
  return `, in ${alike === count ? 'all' : alike} of them also without any model in the loop`;
}

/** The largest box of a verdict in words: "True: 8 of 12 with 10 points." */
export function regionSummary(region: Region, axes: readonly GridAxis[], verdict: Verdict): string {
  const word = verdict.charAt(0).toUpperCase() + verdict.slice(1);
  const [largest] = region.boxes;
  if (!largest) return `${word}: nowhere.`;
  const [own, { box, count: inside }] = [boxed(region), largest];
  const whose = own < region.count ? `the other ${own}` : `${own}`;
  return `${word}: ${inside === own ? 'all' : `${inside} of`} ${whose} ${boxWords(box, axes)}.`;
}
