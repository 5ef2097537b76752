/**
 * How many vector operations a second a CPU's thread can do at most through WebAssembly: twelve
 * chains of f32x4 that depend on nothing but themselves, as many as fit into sixteen registers with
 * their two constants and hide a latency of six cycles at two starts a cycle. Written as bytes,
 * because it has to be this code and no compiler's.
 */
import type { InstructionSet } from './bounds.ts';
import type { Peak } from './contender.ts';

/** One link of a chain a ↦ …, in each of three ways. */
export type PeakKernel = 'product and sum' | 'fused' | 'integer';
export const PEAK_KERNELS: readonly PeakKernel[] = ['product and sum', 'fused', 'integer'];

/** Operations in a link. */
const LINK_OPS: Readonly<Record<PeakKernel, number>> = {
  'product and sum': 2,
  fused: 1,
  integer: 2,
};

const CHAINS = 12;
/** Links of each chain in one turn of the loop: its counter then is one operation in forty. */
const LINKS = 4;
const LANES = 4;

/** Lane operations in `turns` turns of the loop. */
export const peakOps = (kernel: PeakKernel, turns: number): number =>
  turns * CHAINS * LINKS * LINK_OPS[kernel] * LANES;

const VECTOR = 0xfd;
const OP = {
  add: [VECTOR, 0xe4, 0x01],
  multiply: [VECTOR, 0xe6, 0x01],
  fused: [VECTOR, 0x85, 0x02],
  integerAdd: [VECTOR, 0xae, 0x01],
  xor: [VECTOR, 0x51],
  splat: [VECTOR, 0x13],
  extract: [VECTOR, 0x1f, 0x00],
} as const;

/** Locals: 0 the parameter, turns left; then the constants and the chains. */
const FACTOR = 1;
const SHIFT = 2;
const FIRST_CHAIN = 3;

const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];

/** f32.const; v128 splat. */
const splat = (value: number): number[] => [
  0x43,
  ...new Uint8Array(Float32Array.of(value).buffer),
  ...OP.splat,
];

const link = (kernel: PeakKernel, chain: number): number[] => {
  const body = {
    'product and sum': [...get(FACTOR), ...OP.multiply, ...get(SHIFT), ...OP.add],
    fused: [...get(FACTOR), ...get(SHIFT), ...OP.fused],
    integer: [...get(FACTOR), ...OP.integerAdd, ...get(SHIFT), ...OP.xor],
  }[kernel];
  return [...get(chain), ...body, ...set(chain)];
};

const chains = Array.from({ length: CHAINS }, (_, i) => FIRST_CHAIN + i);

function functionBody(kernel: PeakKernel): number[] {
  // a ↦ 0.999 a + 0.001 goes to 1: no number becomes so small that it is slow.
  const start = [...splat(0.999), ...set(FACTOR), ...splat(0.001), ...set(SHIFT)];
  const starts = chains.flatMap((chain) => [...splat(chain), ...set(chain)]);
  const turn = Array.from({ length: LINKS }, () => chains.flatMap((chain) => link(kernel, chain)));
  // loop … local 0 −= 1; br_if 0 … end
  const loop = [0x03, 0x40, ...turn.flat(), ...get(0), 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b];
  const total = chains.flatMap((chain, i) => [...get(chain), ...(i > 0 ? OP.add : [])]);
  const locals = [1, 2 + CHAINS, 0x7b];
  return [...locals, ...start, ...starts, ...loop, ...total, ...OP.extract, 0x0b];
}

/** Unsigned LEB128. */
function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

const section = (id: number, content: readonly number[]): number[] => [
  id,
  ...leb(content.length),
  ...content,
];

/** A module that exports `run(turns: i32): f32`. */
export function peakModule(kernel: PeakKernel): Uint8Array<ArrayBuffer> {
  const body = functionBody(kernel);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 1, 0x7f, 1, 0x7d]),
    ...section(3, [1, 0]),
    ...section(7, [1, 3, ...new TextEncoder().encode('run'), 0, 0]),
    ...section(10, [1, ...leb(body.length), ...body]),
  ]);
}

/** Lane operations a second of each kernel over so many threads at once; 0 where it cannot run. */
export type PeakRates = Readonly<Record<PeakKernel, number>>;

/** Turns a second of a module, in each of so many threads at once. */
export type TurnMeter = (module: Uint8Array<ArrayBuffer>, threads: number) => Promise<number[]>;

export async function measurePeakRates(threads: number, meter: TurnMeter): Promise<PeakRates> {
  const rates: Record<PeakKernel, number> = { 'product and sum': 0, fused: 0, integer: 0 };
  for (const kernel of PEAK_KERNELS) {
    const module = peakModule(kernel);
    if (!WebAssembly.validate(module)) continue;
    const turns = await meter(module, threads);
    rates[kernel] = peakOps(
      kernel,
      turns.reduce((sum, rate) => sum + rate, 0),
    );
  }
  return rates;
}

/** The bound's rate is the best of the three: units are shared, and no mix is faster. */
export function simdPeak(rates: PeakRates, threads: number, set: InstructionSet): Peak {
  const best = Math.max(...Object.values(rates));
  const each = PEAK_KERNELS.filter((kernel) => rates[kernel] > 0).map(
    (kernel) => `${kernel} ${(rates[kernel] / 1e9).toFixed(1)} G/s`,
  );
  const across = threads === 1 ? '1 thread' : `${threads} threads at once`;
  const how = `f32x4 in WebAssembly, 12 chains, ${across}, operations of a lane`;
  return { opsPerSecond: best, set, how: `${how}: ${each.join(', ')}` };
}

/** Turns in a first call: some microseconds. */
const FIRST_TURNS = 1000;

/**
 * Turns a second of a module on this thread: best of `attempts` windows of about `windowMs`, for a
 * peak is what a thread can do when nothing disturbs it.
 */
export function turnsPerSecond(
  module: Uint8Array<ArrayBuffer>,
  now: () => number,
  windowMs = 50,
  attempts = 5,
): number {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module));
  const run = instance.exports.run as (turns: number) => number;
  let turns = FIRST_TURNS;
  let best = 0;
  for (let attempt = 0; attempt < attempts;) {
    const began = now();
    run(turns);
    const elapsed = now() - began;
    if (elapsed < windowMs / 2) {
      turns *= 2;
      continue;
    }
    best = Math.max(best, (1000 * turns) / elapsed);
    attempt++;
  }
  return best;
}
