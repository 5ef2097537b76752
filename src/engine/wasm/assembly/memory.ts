/** What the host and the kernels put where: a bump over the module's own memory. */

const PAGE_BITS: usize = 16;
const PAGES_LIMIT: usize = 65536;

let top: usize = __heap_base;

/** Forgets all allocations. */
export function forgetAllocations(): void {
  top = __heap_base;
}

/** 16-aligned bytes of memory, not cleared; 0 where the machine has none left. */
export function allocate(bytes: usize): usize {
  const start = (top + 15) & ~15;
  const end = <u64>start + <u64>bytes;
  const pages = <usize>((end + 0xffff) >> PAGE_BITS);
  const have = <usize>memory.size();
  if (pages > PAGES_LIMIT) return 0;
  if (pages > have && memory.grow(<i32>(pages - have)) < 0) return 0;
  top = <usize>end;
  return start;
}
