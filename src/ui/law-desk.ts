/**
 * Works out the laws of the cell that the page looks at, a few milliseconds at a time, so that the run
 * beside it goes on; one cell at a time, and the last ones are kept.
 */
import { lawOverlay, type LawCell, type LawOverlay } from '../experiment/views/law-overlay.ts';

/** Of the thread that the run is on: a third of its time at most. */
const WORK_MS = 4;
const REST_MS = 8;
const MOST_KEPT = 32;

const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, REST_MS));

/** What the pieces come to; null where nobody wants it any more. */
export async function inTurns<T>(
  pieces: Generator<void, T, void>,
  wanted: () => boolean,
  now: () => number = () => performance.now(),
): Promise<T | null> {
  while (wanted()) {
    const until = now() + WORK_MS;
    do {
      const { done, value } = pieces.next();
      if (done) return value;
    } while (now() < until);
    await rest();
  }
  return null;
}

export class LawDesk {
  readonly #kept = new Map<string, LawOverlay>();
  #asked = 0;

  /** Null where another was asked for meanwhile, or the desk was cleared. */
  async overlay(cell: LawCell, generations: Float64Array): Promise<LawOverlay | null> {
    const number = ++this.#asked;
    const key = keyOf(cell, generations);
    const kept = this.#kept.get(key);
    if (kept) return kept;
    const made = await inTurns(lawOverlay(cell, generations), () => number === this.#asked);
    if (made) this.#keep(key, made);
    return made;
  }

  /** Leaves off what is being worked out. */
  clear(): void {
    this.#asked++;
  }

  #keep(key: string, overlay: LawOverlay) {
    this.#kept.set(key, overlay);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT) this.#kept.delete(oldest!);
  }
}

/** Laws know neither seed nor number of lineages, and there are none of data. */
const keyOf = ({ spec }: LawCell, generations: Float64Array): string =>
  JSON.stringify([{ ...spec, seed: 0, replicates: 1, pairing: 'common' }, ...generations]);
