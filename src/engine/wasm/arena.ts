/**
 * Named regions of a kernel module's memory. Regions only ever grow: when one has to, all are laid
 * out anew, and what was in them is gone.
 */

const MEBIBYTE = 2 ** 20;
/** Of a WebAssembly memory with 32-bit addresses. */
const MEMORY_LIMIT = 2 ** 32;

export interface Allocator {
  readonly memory: WebAssembly.Memory;
  reset(): void;
  /** 0 where there is no memory left. */
  allocate(bytes: number): number;
}

export class Arena<Region extends string> {
  readonly #kernels: Allocator;
  readonly #bytes = new Map<Region, number>();
  readonly #places = new Map<Region, number>();
  #laidOut = false;

  constructor(kernels: Allocator) {
    this.#kernels = kernels;
  }

  /**
   * Makes room; true where everything was laid out anew.
   * @throws Error where there is no memory left.
   */
  fit(needs: Readonly<Partial<Record<Region, number>>>): boolean {
    let fits = this.#laidOut;
    for (const [region, bytes] of Object.entries(needs) as [Region, number][]) {
      if (bytes <= (this.#bytes.get(region) ?? -1)) continue;
      this.#bytes.set(region, bytes);
      fits = false;
    }
    if (!fits) this.#layOut();
    return !fits;
  }

  /** The next `fit` lays everything out anew. */
  clear(): void {
    this.#laidOut = false;
  }

  #layOut() {
    this.#laidOut = false;
    this.#kernels.reset();
    for (const [region, bytes] of this.#bytes) {
      // Beyond 32 bits a size would come out as another.
      const place = bytes < MEMORY_LIMIT ? this.#kernels.allocate(bytes) : 0;
      if (place === 0) throw this.#full(bytes);
      this.#places.set(region, place);
    }
    this.#laidOut = true;
  }

  /** Sizes are forgotten, so that smaller tasks may follow. */
  #full(bytes: number): Error {
    this.#bytes.clear();
    return new Error(`${Math.ceil(bytes / MEBIBYTE)} MiB more memory cannot be had`);
  }

  /** Address of a region. */
  at(region: Region): number {
    return this.#places.get(region)!;
  }

  /** Copies words to the region, from its word `from` on. */
  write(region: Region, words: ArrayBufferView, from = 0): void {
    const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
    new Uint8Array(this.#kernels.memory.buffer).set(bytes, this.at(region) + from * 4);
  }

  /** Copies of `count` numbers of the region. */
  doubles(region: Region, count: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.#kernels.memory.buffer, this.at(region), count).slice();
  }

  floats(region: Region, count: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#kernels.memory.buffer, this.at(region), count).slice();
  }

  words(region: Region, count: number, from = 0): Uint32Array<ArrayBuffer> {
    const { buffer } = this.#kernels.memory;
    return new Uint32Array(buffer, this.at(region) + from * 4, count).slice();
  }
}
