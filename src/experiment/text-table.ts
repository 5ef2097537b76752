/** A table for a terminal: columns in line, two spaces apart. */

export interface Column {
  readonly head: string;
  readonly align?: 'right';
}

/** A line for the heads and one for each row, indented; rows have a text for each column. */
export function textTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const heads = columns.map(({ head }) => head);
  const widths = columns.map((_, c) => Math.max(...[heads, ...rows].map((row) => row[c]!.length)));
  const line = (row: readonly string[]): string => {
    const fields = row.map((text, c) =>
      columns[c]!.align === 'right' ? text.padStart(widths[c]!) : text.padEnd(widths[c]!),
    );
    return `  ${fields.join('  ')}`.trimEnd();
  };
  return [heads, ...rows].map(line).join('\n');
}
