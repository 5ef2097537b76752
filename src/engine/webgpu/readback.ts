/**
 * Results from GPU to host without a stall: parts of buffers are copied into one of a few staging
 * buffers at the end of a submit, and read while the next submit runs.
 */
import { whileAlive } from './device.ts';

export interface Part {
  readonly buffer: GPUBuffer;
  /** Multiples of 4. */
  readonly byteLength: number;
  readonly byteOffset?: number;
}

export class Readback {
  readonly #device: GPUDevice;
  readonly #byteLength: number;
  readonly #all: GPUBuffer[] = [];
  readonly #free: GPUBuffer[] = [];

  /** `byteLength` holds all parts of one submit. */
  constructor(device: GPUDevice, byteLength: number) {
    this.#device = device;
    this.#byteLength = byteLength;
  }

  /**
   * Encodes the copies. After the submit call the returned function; it gives each part's bytes.
   * Submits in flight that have not been read yet each hold one staging buffer.
   */
  copy(encoder: GPUCommandEncoder, parts: readonly Part[]): () => Promise<ArrayBuffer[]> {
    const staging = this.#free.pop() ?? this.#create();
    const ends: number[] = [];
    let end = 0;
    for (const { buffer, byteLength, byteOffset = 0 } of parts) {
      encoder.copyBufferToBuffer(buffer, byteOffset, staging, end, byteLength);
      ends.push((end += byteLength));
    }
    return async () => {
      await whileAlive(this.#device, staging.mapAsync(GPUMapMode.READ, 0, end));
      const bytes = staging.getMappedRange(0, end);
      const copies = parts.map(({ byteLength }, i) => bytes.slice(ends[i]! - byteLength, ends[i]));
      staging.unmap();
      this.#free.push(staging);
      return copies;
    };
  }

  /** Frees the staging buffers. */
  destroy(): void {
    for (const buffer of this.#all) buffer.destroy();
  }

  #create(): GPUBuffer {
    const buffer = this.#device.createBuffer({
      label: 'readback',
      size: this.#byteLength,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    this.#all.push(buffer);
    return buffer;
  }
}
