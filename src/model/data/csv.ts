/**
 * Numeric columns of a CSV text. The header is required and columns are chosen by name; comma,
 * semicolon and tab separate fields, quotes protect them, and where the comma does not separate it
 * may be the decimal sign. Every problem names row and column; the header is row 1.
 */
import Papa from 'papaparse';
import { SpecError, type Problem } from '../../errors.ts';
import type { DataSet } from '../truth.ts';

export const MAX_CSV_BYTES = 64 * 2 ** 20;
export const MAX_CSV_ROWS = 1_000_000;
/** Problems that are said one by one; the rest are counted. */
const MAX_PROBLEMS = 20;
/** As for the means of a mixture: far more digits from the origin than f64 has. */
const MAX_MAGNITUDE = 1e15;
const DELIMITERS = [',', ';', '\t'];
const POINT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const COMMA = /^[+-]?(\d+,\d+|,\d+)(e[+-]?\d+)?$/i;
const MISSING = new Set(['', 'na', 'n/a', 'nan', 'null', 'none', '?', '-', '.']);

export interface CsvChoice {
  /** Name for messages. */
  readonly file: string;
  readonly columns: readonly string[];
}

/** @throws SpecError naming row and column of every problem (the first 20 of them). */
export function parseCsv(text: string, { file, columns }: CsvChoice): DataSet {
  const table = new Table(file, columns);
  table.checkText(text);
  const body = text.replace(/^\uFEFF/, '');
  const delimiter = findDelimiter(body);
  Papa.parse<string[]>(body, {
    delimiter,
    step: ({ data, errors }, parser) => {
      table.push(data, errors[0]?.message ?? null, delimiter);
      if (table.hopeless) parser.abort();
    },
  });
  return table.finish();
}

/** Names of the columns of a CSV text; empty where there is no header. */
export function csvColumns(text: string): string[] {
  const body = text.replace(/^\uFEFF/, '');
  const { data } = Papa.parse<string[]>(body, { delimiter: findDelimiter(body), preview: 1 });
  return (data[0] ?? []).map((name) => name.trim()).filter((name) => name !== '');
}

/** What separates the most fields of the header. */
function findDelimiter(body: string): string {
  const header = body.slice(0, 65536).split(/\r\n|\r|\n/, 1)[0]!;
  const bare = header.replace(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}

/** Grows row by row; keeps the chosen columns only. */
class Table {
  readonly #file: string;
  readonly #columns: readonly string[];
  readonly #problems: Problem[] = [];
  readonly #values: number[] = [];
  #unsaid = 0;
  #header: readonly string[] | null = null;
  #positions: readonly number[] = [];
  #row = 0;
  /** Rows under the header that are not empty. */
  #fullCount = 0;
  /** First empty line since the last full one: only at the end of a file is it nothing. */
  #emptyRow = 0;
  #decimal: 'point' | 'comma' | null = null;

  constructor(file: string, columns: readonly string[]) {
    this.#file = file;
    this.#columns = columns;
  }

  /** True once reading on would say nothing new. */
  get hopeless(): boolean {
    return (
      (this.#header !== null && this.#positions.length === 0) || this.#fullCount > MAX_CSV_ROWS
    );
  }

  checkText(text: string): void {
    const size = `${this.#file} has ${Math.ceil(text.length / 2 ** 20)} MiB`;
    if (text.length > MAX_CSV_BYTES) {
      this.#refuse(`${size}, the limit is 64 MiB.`, 'Give a sample of its rows.');
    } else if (text.includes('\0')) {
      this.#refuse(`${this.#file} is not a text file.`, 'Save it as CSV in UTF-8.');
    } else if (text.includes('\uFFFD')) {
      this.#refuse(`${this.#file} is not in UTF-8.`, 'Save it as CSV in UTF-8.');
    }
    this.#throwIfAny();
  }

  push(fields: readonly string[], quoteError: string | null, delimiter: string): void {
    this.#row++;
    if (fields.length === 1 && fields[0]!.trim() === '') {
      this.#emptyRow ||= this.#row;
      return;
    }
    if (this.#header === null) {
      this.#readHeader(fields);
      return;
    }
    this.#fullCount++;
    if (this.#emptyRow) this.#refuse(`Row ${this.#emptyRow} is empty.`, 'Leave it out.');
    this.#emptyRow = 0;
    if (quoteError) this.#refuse(`Row ${this.#row}: ${quoteError}.`, 'Mend its quotes.');
    else if (fields.length !== this.#header.length) {
      const counts = `${fields.length} fields, the header has ${this.#header.length}`;
      this.#refuse(`Row ${this.#row} has ${counts}.`, 'Give every row the fields of the header.');
    } else
      this.#positions.forEach((position) =>
        this.#readNumber(fields[position]!, position, delimiter),
      );
  }

  #readHeader(fields: readonly string[]): void {
    this.#emptyRow = 0;
    this.#header = fields.map((name) => name.trim());
    const positions = this.#columns.map((name) => this.#header!.indexOf(name.trim()));
    this.#columns.forEach((name, i) => {
      const known = `Its columns: ${this.#header!.slice(0, 20).join(', ').slice(0, 400)}.`;
      const twice = this.#header!.lastIndexOf(name.trim()) !== positions[i];
      if (positions[i] === -1) {
        this.#refuse(`${this.#file} has no column "${name}".`, known, 'truth.columns');
      } else if (twice) {
        const remedy = 'Give every column its own name.';
        this.#refuse(`${this.#file} has two columns "${name}".`, remedy, 'truth.columns');
      }
    });
    this.#positions = this.#problems.length === 0 ? positions : [];
  }

  #readNumber(field: string, position: number, delimiter: string): void {
    const text = field.trim();
    const where = `Row ${this.#row}, column "${this.#header![position]}"`;
    const decimal = POINT.test(text) ? 'point' : COMMA.test(text) ? 'comma' : null;
    if (decimal === null || (decimal === 'comma' && delimiter === ',')) {
      if (MISSING.has(text.toLowerCase())) {
        this.#refuse(`${where}: the value is missing.`, 'Leave the row out, or fill it in.');
      } else {
        const shown = JSON.stringify(text.slice(0, 40));
        this.#refuse(`${where}: ${shown} is not a number.`, 'Give numbers such as 1.5 or 2e-3.');
      }
      return;
    }
    // A whole number is written the same either way.
    if (/[.,]/.test(text)) {
      this.#decimal ??= decimal;
      if (this.#decimal !== decimal) {
        const message = `${where}: ${text} has a decimal ${decimal}, rows above have a`;
        this.#refuse(`${message} ${this.#decimal}.`, 'Use the same decimal sign everywhere.');
        return;
      }
    }
    const value = Number(text.replace(',', '.'));
    if (Math.abs(value) > MAX_MAGNITUDE) {
      this.#refuse(`${where}: ${text.slice(0, 40)} is over 1e15 in size.`, 'Change its unit.');
    } else this.#values.push(value);
  }

  finish(): DataSet {
    const dim = this.#columns.length;
    const rowCount = Math.floor(this.#values.length / dim);
    if (this.#header === null) this.#refuse(`${this.#file} is empty.`, 'Give a header and rows.');
    else if (this.#fullCount > MAX_CSV_ROWS) {
      const message = `${this.#file} has over 1 000 000 rows.`;
      this.#refuse(message, 'Give a sample of its rows.');
    } else if (this.#problems.length === 0 && rowCount < 2) {
      const rows = `${rowCount} ${rowCount === 1 ? 'row' : 'rows'} under its header`;
      this.#refuse(`${this.#file} has ${rows}.`, 'Give two at least.');
    }
    this.#throwIfAny();
    return {
      name: this.#file,
      columns: [...this.#columns],
      rows: Float64Array.from(this.#values),
      rowCount,
    };
  }

  #refuse(message: string, remedy: string, field = 'truth.file'): void {
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push({ field, message, remedy });
    else this.#unsaid++;
  }

  #throwIfAny(): void {
    if (this.#unsaid > 0) {
      const message = `${this.#unsaid} more problems in ${this.#file} are not shown.`;
      this.#problems.push({ field: 'truth.file', message, remedy: 'Mend these first.' });
    }
    if (this.#problems.length > 0) throw new SpecError(this.#problems);
  }
}
