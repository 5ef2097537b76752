/** How many lineages carry each status bit. Twin: src/model/reduce/status-counts.ts. */

const BIT_COUNT: i32 = 6;

/** Of `count` status words: how many have bit 0 … 5, to six u32 at `out`. */
export function statusCounts(words: usize, count: i32, out: usize): void {
  memory.fill(out, 0, 24);
  for (let i = 0; i < count; i++) {
    let rest = load<u32>(words + ((<usize>i) << 2)) & ((1 << BIT_COUNT) - 1);
    // Nearly all words are 0 or have one bit.
    while (rest != 0) {
      const place = out + ((<usize>ctz(rest)) << 2);
      store<u32>(place, load<u32>(place) + 1);
      rest &= rest - 1;
    }
  }
}
