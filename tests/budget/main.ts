/**
 * `npm run budget -- [--kernel NAME] [--loops] [--out FOLDER]`: prints what RADV makes of every
 * kernel, and what is over budget. `--loops` adds a table of each disassembly's loops; `--out`
 * keeps WGSL, SPIR-V and disassemblies.
 */
import { parseArgs } from 'node:util';
import { excesses, measure } from './measure.ts';
import { loopTable, tableOf } from './table.ts';
import { findTools } from './tools.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** The exit code: 1 where anything is over budget or could not be measured. */
export async function main(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      kernel: { type: 'string' },
      loops: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const { tools, missing } = findTools();
  if (!tools) {
    say(missing);
    return 1;
  }
  const { kernel, out: folder } = values;
  const { rows, unknown } = await measure(tools, {
    ...(kernel && { kernel }),
    ...(folder && { folder }),
  });
  if (values.loops) rows.forEach((row) => say(`${loopTable(row)}\n`));
  say(tableOf(rows));
  if (unknown.length > 0) say(`Not measured, because this Mesa has none: ${unknown.join(', ')}.`);
  const over = rows.flatMap((row) =>
    excesses(row).map((excess) => `${row.kernel} ${row.shape} ${row.family}: ${excess}.`),
  );
  over.forEach(say);
  return over.length > 0 ? 1 : 0;
}
