/** How many lineages carry each status bit. Twin: src/model/reduce/status-counts.ts. */

const BIT_COUNT: i32 = 6;

/** Of `count` status words: how many have bit 0 … 5, to six u32 at `out`. */
export function statusCounts(words: usize, count: i32, out: usize): void {
  memory.fill(out, 0, BIT_COUNT << 2);
  const end = count & ~3;
  // Nearly all words are 0.
  for (let i = 0; i < end; i += 4) {
    if (v128.any_true(v128.load(words + ((<usize>i) << 2)))) countBits(words, i, i + 4, out);
  }
  countBits(words, end, count, out);
}

function countBits(words: usize, first: i32, end: i32, out: usize): void {
  for (let i = first; i < end; i++) {
    let rest = load<u32>(words + ((<usize>i) << 2)) & ((1 << BIT_COUNT) - 1);
    while (rest != 0) {
      const place = out + ((<usize>ctz(rest)) << 2);
      store<u32>(place, load<u32>(place) + 1);
      rest &= rest - 1;
    }
  }
}
