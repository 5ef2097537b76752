/**
 * How long a sum of logarithms of χ² stays on its side of a level: the density of those that never
 * left it, carried from step to step by the integral over what they came from (a renewal equation),
 * on panels of Gauss–Legendre nodes that are narrow beside a step.
 */
import { lnGamma } from './log-chi-square.ts';
import { digamma, trigamma } from './polygamma.ts';

/** One step of the walk: shift + ln χ² with so many degrees of freedom. */
export interface LogStep {
  readonly shift: number;
  readonly degrees: number;
}

export interface Passage {
  readonly first: LogStep;
  /** Every later step. */
  readonly later: LogStep;
  readonly steps: number;
  /** Those above it have left where `above`, those below it where not. */
  readonly level: number;
  readonly above: boolean;
}

/** Nodes and weights of ∫₀¹ (Abramowitz & Stegun table 25.4, n = 10, moved to the unit interval). */
const HALF: readonly (readonly [node: number, weight: number])[] = [
  [0.14887433898163122, 0.29552422471475287],
  [0.4333953941292472, 0.26926671930999635],
  [0.6794095682990244, 0.21908636251598204],
  [0.8650633666889845, 0.1494513491505806],
  [0.9739065285171717, 0.06667134430868814],
];
const NODES = [...HALF.map(([x]) => -x).reverse(), ...HALF.map(([x]) => x)].map((x) => (1 + x) / 2);
const WEIGHTS = [...HALF.map(([, w]) => w).reverse(), ...HALF.map(([, w]) => w)].map((w) => w / 2);
const ORDER = NODES.length;

/** Standard deviations of a step to a panel. */
const PANEL_WIDTH = 1.5;
/** Deviations, and nats of the exponential tail, beyond which there is nobody. */
const DEVIATIONS = 8.2;
const NATS = 36;
/** Products that a curve may take, a second or so, and steps. */
const MOST_PRODUCTS = 1e9;
const MOST_STEPS = 100_000;

const meanOf = ({ shift, degrees }: LogStep): number => shift + digamma(degrees / 2) + Math.LN2;
const deviationOf = ({ degrees }: LogStep): number => Math.sqrt(trigamma(degrees / 2));

/** Density of a step. */
function densityOf({ shift, degrees }: LogStep): (x: number) => number {
  const a = degrees / 2;
  const constant = a * Math.LN2 + lnGamma(a, 0)[0];
  return (x) => {
    const y = x - shift;
    return Math.exp(a * y - 0.5 * Math.exp(y) - constant);
  };
}

/**
 * [step, from 0]: the share that has never left. Null where that would take too long.
 * An error of about 10⁻⁹ a step.
 */
export function stayingShares(passage: Passage): Float64Array | null {
  const shares = stayingSteps(passage);
  return shares && Float64Array.from(shares);
}

/** The same, each worked out when it is asked for. */
export function stayingSteps(passage: Passage): Iterable<number> | null {
  const { first, later, steps } = passage;
  if (steps > MOST_STEPS) return null;
  const sd = deviationOf(later);
  const width = PANEL_WIDTH * Math.min(sd, deviationOf(first));
  const panels = Math.ceil(reachOf(passage) / width);
  if (panels <= 0) return [1, ...new Array<number>(steps).fill(0)];
  const bandLow =
    Math.floor((meanOf(later) - DEVIATIONS * sd - (2 * NATS) / later.degrees) / width) - 1;
  const bandHigh = Math.ceil((meanOf(later) + DEVIATIONS * sd) / width) + 1;
  const band = Math.min(bandHigh - bandLow + 1, 2 * panels);
  if (panels * band * ORDER * ORDER * steps > MOST_PRODUCTS) return null;
  return carriedShares(passage, { panels, width, bandLow, bandHigh });
}

/** Panels of a width, and how many of them a step may go, downwards and upwards. */
interface Mesh {
  readonly panels: number;
  readonly width: number;
  readonly bandLow: number;
  readonly bandHigh: number;
}

function* carriedShares(
  { first, later, steps, level, above }: Passage,
  { panels, width, bandLow, bandHigh }: Mesh,
): Generator<number, void, void> {
  yield 1;
  const start = above ? level - panels * width : level;
  const at = (panel: number, node: number) => start + (panel + NODES[node]!) * width;
  let density = new Float64Array(panels * ORDER);
  const begin = densityOf(first);
  for (let p = 0; p < panels; p++) {
    for (let i = 0; i < ORDER; i++) density[p * ORDER + i] = begin(at(p, i));
  }
  const kernel = stepKernel(later, width, bandLow, bandHigh);
  for (let t = 1; t <= steps; t++) {
    if (t > 1) density = carry(density, kernel, bandLow, bandHigh);
    let share = 0;
    for (let e = 0; e < density.length; e++) share += WEIGHTS[e % ORDER]! * density[e]!;
    yield Math.min(1, share * width);
  }
}

/** How far beyond the level anybody gets who stays, of all steps. */
function reachOf({ first, later, steps, level, above }: Passage): number {
  const tail = above ? (2 * NATS) / Math.min(first.degrees, later.degrees) : 0;
  let reach = 0;
  for (let t = 1; t <= steps; t++) {
    const mean = meanOf(first) + (t - 1) * meanOf(later) - level;
    const spread = Math.hypot(deviationOf(first), Math.sqrt(t - 1) * deviationOf(later));
    reach = Math.max(reach, (above ? -mean : mean) + DEVIATIONS * spread + tail);
  }
  return reach;
}

/** [panels apart × to × from]: density of a step between nodes, times the weight of where from. */
function stepKernel(step: LogStep, width: number, low: number, high: number): Float64Array {
  const density = densityOf(step);
  const kernel = new Float64Array((high - low + 1) * ORDER * ORDER);
  let at = 0;
  for (let apart = low; apart <= high; apart++) {
    for (let to = 0; to < ORDER; to++) {
      for (let from = 0; from < ORDER; from++) {
        const x = (apart + NODES[to]! - NODES[from]!) * width;
        kernel[at++] = WEIGHTS[from]! * width * density(x);
      }
    }
  }
  return kernel;
}

function carry(
  density: Float64Array,
  kernel: Float64Array,
  low: number,
  high: number,
): Float64Array<ArrayBuffer> {
  const panels = density.length / ORDER;
  const next = new Float64Array(density.length);
  for (let p = 0; p < panels; p++) {
    for (let apart = Math.max(low, p - panels + 1); apart <= Math.min(high, p); apart++) {
      const source = (p - apart) * ORDER;
      const block = (apart - low) * ORDER * ORDER;
      for (let to = 0; to < ORDER; to++) {
        let sum = 0;
        const row = block + to * ORDER;
        for (let from = 0; from < ORDER; from++) {
          sum += kernel[row + from]! * density[source + from]!;
        }
        next[p * ORDER + to]! += sum;
      }
    }
  }
  return next;
}
