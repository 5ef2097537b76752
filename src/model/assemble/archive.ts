/**
 * A fixed archive under quota is always the first points of generation 1, from the beginning again
 * past the last. Where batches take more of them or fewer, it is a chain of segments between the
 * numbers that are ever taken: groups of points of their own, all of which generation 1 has.
 * Twin: shaders/archive.wgsl.
 */
/** What of a phase an archive follows from; `quota` are real points of a batch. */
interface Taking {
  readonly firstGeneration: number;
  readonly sampleSize: number;
  readonly quota: number;
}

interface Archive {
  readonly phases: readonly Taking[];
  /** What `archiveEnds` says of them. */
  readonly archive: readonly number[];
}

export interface Segment {
  /** Place in the chain: its words are those of the real points of so many generations later. */
  readonly index: number;
  readonly points: number;
  /** How often the batch has all of them. */
  readonly times: number;
}

/**
 * Where segments end, ascending, in points of the first batch. All points of generation 1 are real,
 * whatever its quota is. No more than there are phases: each has one end of its own but for a quota
 * past the first batch, which takes growth, where generation 1 is a phase for itself and left out.
 */
export function archiveEnds(phases: readonly Taking[]): number[] {
  const whole = phases[0]!.sampleSize;
  const later = phases.filter((_, p) => (phases[p + 1]?.firstGeneration ?? Infinity) > 2);
  const ends = later.flatMap(({ quota }) => [quota % whole, quota < whole ? 0 : whole]);
  return [...new Set(ends)].filter((end) => end > 0).sort((a, b) => a - b);
}

/** The segments that a batch with so many real points has. */
export function segmentsOf({ archive, phases }: Archive, generation: number, quota: number) {
  const whole = phases[0]!.sampleSize;
  const taken = generation === 1 ? whole : quota;
  const rounds = Math.floor(taken / whole);
  return archive.flatMap((end, index): Segment[] => {
    const times = rounds + (end <= taken % whole ? 1 : 0);
    return times > 0 ? [{ index, points: end - (archive[index - 1] ?? 0), times }] : [];
  });
}
