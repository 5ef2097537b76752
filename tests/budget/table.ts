/** Measurements as text. */
import { costOf, loopsOf } from './isa.ts';
import type { Measured } from './measure.ts';

const HEADINGS = [
  'kernel',
  'shape',
  'family',
  'VGPRs',
  'SGPRs',
  'spilled',
  'scratch',
  'LDS',
  'bytes',
  'instructions',
  'waves',
  'E-step',
];

/** Columns of text on the left and of numbers on the right. */
function align(rows: readonly (readonly string[])[], textColumns: number): string {
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => row[c]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((word, c) => (c < textColumns ? word.padEnd(widths[c]!) : word.padStart(widths[c]!)))
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
}

/** One line a kernel, shape and family; the E-step in cycles a sample. */
export function tableOf(rows: readonly Measured[]): string {
  const cells = rows.map(({ kernel, shape, family, compiled: c, eStep }) => [
    ...[kernel, shape, family],
    ...[c.vectorRegisters, c.scalarRegisters, c.spilled, c.scratchBytes].map(String),
    ...[c.ldsBytes, c.codeBytes, c.instructions, c.waves].map(String),
    eStep ? eStep.cycles.toFixed(1) : '',
  ]);
  return align([HEADINGS, ...cells], 3);
}

const LOOP_HEADINGS = ['loop', 'cycles', 'vector', 'scalar', 'memory', 'LDS', 'exp'];

/** Every loop of one disassembly, indented by depth; an outer one's numbers hold its inner's. */
export function loopTable({ kernel, shape, family, compiled }: Measured): string {
  const loops = loopsOf(compiled.assembly);
  const cells = loops.map(({ label, instructions }) => {
    const depth = loops.filter(({ inner }) => inner.includes(label)).length;
    const { cycles, vector, scalar, memory, lds, exponentials } = costOf(instructions);
    const numbers = [cycles, vector, scalar, memory, lds, exponentials].map(String);
    return ['  '.repeat(depth) + label, ...numbers];
  });
  return `${kernel} ${shape} ${family}\n${align([LOOP_HEADINGS, ...cells], 1)}`;
}
