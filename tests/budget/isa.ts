/**
 * What a disassembly of RADV's says about time: its loops, and the cycles of their instructions.
 *
 * Cycles are those in which a SIMD's vector unit is held, per row of lanes that it takes at once
 * (32 on RDNA, 16 on GCN): they are the time of a kernel that has waves enough to hide everything
 * else. Scalar instructions, waits, LDS and memory are issued beside them and counted apart.
 */
export interface Instruction {
  readonly mnemonic: string;
  readonly operands: string;
}

export interface Loop {
  /** Its first block, as the disassembly names it. */
  readonly label: string;
  readonly instructions: readonly Instruction[];
  /** Labels of the loops within. */
  readonly inner: readonly string[];
}

interface Program {
  readonly instructions: readonly Instruction[];
  /** Label → index of the instruction that follows it. */
  readonly labels: ReadonlyMap<string, number>;
}

const BRANCH = /^s_c?branch/;

/** Lines are labels ("BB7:") and instructions with their code behind a semicolon. */
function parse(assembly: string): Program {
  const instructions: Instruction[] = [];
  const labels = new Map<string, number>();
  for (const line of assembly.split('\n')) {
    const text = line.replace(/;.*/, '').trim();
    const label = /^(\w+):$/.exec(text)?.[1];
    if (label) {
      labels.set(label, instructions.length);
    } else if (text !== '') {
      const [mnemonic = '', ...operands] = text.split(/\s+/);
      instructions.push({ mnemonic, operands: operands.join(' ') });
    }
  }
  return { instructions, labels };
}

/**
 * Every loop, outer before inner: from a label to the last branch back to it. Blocks of a loop lie
 * together in what RADV writes. A branch within counts as if both of its ways were taken.
 */
export function loopsOf(assembly: string): Loop[] {
  const { instructions, labels } = parse(assembly);
  const ends = new Map<string, number>();
  instructions.forEach(({ mnemonic, operands }, at) => {
    const start = BRANCH.test(mnemonic) ? labels.get(operands) : undefined;
    if (start !== undefined && start <= at) ends.set(operands, at);
  });
  const spans = [...ends].map(([label, end]) => ({ label, start: labels.get(label)!, end }));
  spans.sort((a, b) => a.start - b.start || b.end - a.end);
  return spans.map((span) => ({
    label: span.label,
    instructions: instructions.slice(span.start, span.end + 1),
    inner: spans
      .filter(({ start, end }) => start >= span.start && end <= span.end)
      .filter((other) => other !== span)
      .map(({ label }) => label),
  }));
}

/** Transcendentals and products of 32 × 32 bits: a quarter of the full rate. */
const QUARTER_RATE =
  /^v_(?:exp|log|rcp|rsq|sqrt|sin|cos)_|^v_mul_(?:lo|hi)_[iu]32(?:_e\d+)?$|^v_mad_[iu]64_/;
const DOUBLE = /^v_\w*f64(?:_|$)/;
const WIDE = /^v_\w*[biu]64(?:_|$)/;

/**
 * Cycles of the vector unit, as in ACO's own model of GFX10 (aco_statistics.cpp). RDNA runs
 * transcendentals beside other instructions where it can: 4 is the most that one costs.
 */
export function vectorCycles({ mnemonic }: Instruction): number {
  if (!mnemonic.startsWith('v_') || mnemonic === 'v_nop') return 0;
  if (QUARTER_RATE.test(mnemonic)) return 4;
  if (DOUBLE.test(mnemonic)) return 16;
  return WIDE.test(mnemonic) ? 2 : 1;
}

export interface Cost {
  readonly cycles: number;
  readonly vector: number;
  readonly scalar: number;
  readonly memory: number;
  readonly lds: number;
  readonly exponentials: number;
}

export function costOf(instructions: readonly Instruction[]): Cost {
  const count = (pattern: RegExp) =>
    instructions.filter(({ mnemonic }) => pattern.test(mnemonic)).length;
  return {
    cycles: instructions.reduce((sum, instruction) => sum + vectorCycles(instruction), 0),
    vector: count(/^v_/),
    scalar: count(/^s_/),
    memory: count(/^(?:buffer|global|flat|scratch)_/),
    lds: count(/^ds_/),
    exponentials: count(/^v_exp_/),
  };
}

/** One turn of a loop. */
export interface Turn {
  readonly cycles: number;
  readonly exponentials: number;
}

/**
 * A turn of the E-step's loop: the innermost with exponentials, which nothing else in the kernel
 * that fits takes; where there are several, the dearest by exponential. All 0 where there is none.
 */
export function eStepTurn(assembly: string): Turn {
  const loops = loopsOf(assembly).map((loop) => ({ ...loop, ...costOf(loop.instructions) }));
  const dear = loops.filter(({ exponentials }) => exponentials > 0);
  const labels = new Set(dear.map(({ label }) => label));
  const turns = dear
    .filter(({ inner }) => !inner.some((label) => labels.has(label)))
    .map(({ cycles, exponentials }) => ({ cycles, exponentials }));
  turns.sort((a, b) => b.cycles / b.exponentials - a.cycles / a.exponentials);
  return turns[0] ?? { cycles: 0, exponentials: 0 };
}

/**
 * Cycles an exponential. Where all samples of a lane are unrolled, a turn is a whole iteration of
 * EM; then the difference to the same kernel with another number of samples is free of the rest.
 */
export function cyclesPerExponential(turn: Turn, other: Turn): number {
  const exponentials = turn.exponentials - other.exponentials;
  if (exponentials === 0) return turn.cycles / turn.exponentials;
  return (turn.cycles - other.cycles) / exponentials;
}
