import { describe, expect, it } from 'vitest';
import { SpecError } from '../../src/errors.ts';
import { csvColumns, MAX_CSV_BYTES, parseCsv } from '../../src/model/data/csv.ts';

const read = (text: string, ...columns: string[]) =>
  parseCsv(text, { file: 'a.csv', columns: columns.length > 0 ? columns : ['x'] });

const values = (text: string, ...columns: string[]): number[] => [...read(text, ...columns).rows];

const messages = (text: string, ...columns: string[]): string[] => {
  try {
    read(text, ...columns);
  } catch (error) {
    if (error instanceof SpecError) return error.problems.map(({ message }) => message);
    throw error;
  }
  throw new Error('The file was not refused.');
};

describe('CSV', () => {
  it('is read by column names, in the order asked for', () => {
    const data = read('x,name,y\n1,a,2\n3,b,4\n', 'y', 'x');
    expect(data).toMatchObject({ name: 'a.csv', columns: ['y', 'x'], rowCount: 2 });
    expect([...data.rows]).toEqual([2, 1, 4, 3]);
  });

  it.each([
    ['quotes', '"x","y, z"\n"1","a, ""b"""\n2,c\n'],
    ['a quoted line break', 'x,note\n1,"a\nb"\n2,c'],
    ['Windows line ends', 'x\r\n1\r\n2\r\n'],
    ['a byte order mark', '\uFEFFx\n1\n2\n'],
    ['blanks around values', 'x , y\n 1 ,0\n2, 0\n'],
    ['empty lines at both ends', '\n\nx\n1\n2\n\n  \n\n'],
    ['tabs', 'x\ty\n1\ta\n2\tb\n'],
    ['semicolons', 'x;y\n1;a\n2;b\n'],
    ['a separator inside quotes', '"x";"a,b,c"\n1;0\n2;0\n'],
  ])('may have %s', (_, text) => {
    expect(values(text)).toEqual([1, 2]);
  });

  it('knows numbers of every shape', () => {
    expect(values('x\n-1\n+2.5\n.5\n1.\n1e3\n2E-3\n')).toEqual([-1, 2.5, 0.5, 1, 1000, 0.002]);
  });

  it('takes the decimal comma where the comma does not separate', () => {
    expect(values('x;y\n1,5;2\n-0,25;3\n4;5\n')).toEqual([1.5, -0.25, 4]);
  });

  it('refuses a mix of decimal point and comma, and groups of thousands', () => {
    expect(messages('x;y\n1,5;2\n1.5;3\n')).toEqual([
      'Row 3, column "x": 1.5 has a decimal point, rows above have a comma.',
    ]);
    expect(messages('x;y\n1.234,5;2\n2;3\n')).toEqual([
      'Row 2, column "x": "1.234,5" is not a number.',
    ]);
  });

  it('names row and column of every problem', () => {
    const text = 'x,y\n1,2\nabc,3\n,4\nNA,5\n5\n1,2,3\n0x10,1\nInfinity,1\n1e999,1\n7,8\n';
    expect(messages(text, 'x', 'y')).toEqual([
      'Row 3, column "x": "abc" is not a number.',
      'Row 4, column "x": the value is missing.',
      'Row 5, column "x": the value is missing.',
      'Row 6 has 1 fields, the header has 2.',
      'Row 7 has 3 fields, the header has 2.',
      'Row 8, column "x": "0x10" is not a number.',
      'Row 9, column "x": "Infinity" is not a number.',
      'Row 10, column "x": 1e999 is over 1e15 in size.',
    ]);
  });

  it('looks at the columns asked for and at no others', () => {
    expect(values('x,y\n1,oops\n2,\n')).toEqual([1, 2]);
  });

  it('refuses an empty line between rows: it may be a missing value', () => {
    expect(messages('x\n1\n\n2\n')).toEqual(['Row 3 is empty.']);
  });

  it('refuses quotes that do not close', () => {
    expect(messages('x,y\n1,"a\n2,b\n')[0]).toContain('Row 2: Quoted field unterminated');
  });

  it('says 20 problems and counts the rest', () => {
    const found = messages(`x\n${'bad\n'.repeat(50)}`);
    expect(found).toHaveLength(21);
    expect(found[20]).toBe('30 more problems in a.csv are not shown.');
  });

  it.each([
    ['', 'a.csv is empty.'],
    ['\n\n', 'a.csv is empty.'],
    ['x\n', 'a.csv has 0 rows under its header.'],
    ['x\n1\n', 'a.csv has 1 row under its header.'],
    ['1\n2\n3\n', 'a.csv has no column "x".'],
    ['y,z\n1,2\n', 'a.csv has no column "x".'],
    ['x,x\n1,2\n', 'a.csv has two columns "x".'],
    ['x\n1\0\n', 'a.csv is not a text file.'],
    ['x\n\uFFFD\n', 'a.csv is not in UTF-8.'],
  ])('refuses %j', (text, message) => {
    expect(messages(text)).toEqual([message]);
  });

  it('refuses more than 64 MiB and more than a million rows', () => {
    expect(messages(' '.repeat(MAX_CSV_BYTES + 1))[0]).toBe(
      'a.csv has 65 MiB, the limit is 64 MiB.',
    );
    expect(messages(`x\n${'1\n'.repeat(1_000_001)}`)).toEqual(['a.csv has over 1 000 000 rows.']);
    expect(read(`x\n${'1\n'.repeat(1_000_000)}`).rowCount).toBe(1_000_000);
  });

  it('shows markup and formulas as the text they are', () => {
    expect(messages('x\n<img onerror=alert(1)>\n=cmd\n')).toEqual([
      'Row 2, column "x": "<img onerror=alert(1)>" is not a number.',
      'Row 3, column "x": "=cmd" is not a number.',
    ]);
  });

  it('lists its columns', () => {
    expect(csvColumns('\uFEFF"x"; y ;;z\n1;2;3;4')).toEqual(['x', 'y', 'z']);
    expect(csvColumns('')).toEqual([]);
  });
});
