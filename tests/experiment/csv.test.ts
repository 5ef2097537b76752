import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import { numberField, resultsCsv, textField } from '../../src/experiment/export/csv.ts';
import type { Results } from '../../src/experiment/results.ts';
import { countingResults, setRow } from './results-fixture.ts';

const csv = (results: Results): string => [...resultsCsv(results)].join('');

describe('results.csv', () => {
  test('golden file: order of columns and rows, shortest numbers, empty fields', () => {
    const axes = [
      { name: 'sampleSize', values: [10] },
      { name: 'fit.covariance', values: ['full', 'diagonal'] },
    ];
    const results = countingResults(axes, 1, ['varianceRatio']);
    results.laws.set([1, 0, 0.9, 0.1 + 0.2, NaN, NaN, NaN, NaN]);
    setRow(results, [0, 0, 0], [10, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    setRow(results, [0, 1, 0], [10, 0.1, 1e-7, -0, 1e21, 2, 3, 4, 5, 6, 7, 8, 9]);
    setRow(results, [1, 0, 0], [10, NaN, NaN, NaN, Infinity, 1, 1, 1, 1, 1, 1, 1, NaN]);
    // No lineage has come this far: no row.
    setRow(results, [1, 1, 0], new Array<number>(13).fill(NaN));
    expect(csv(results)).toBe(
      [
        'cell,sampleSize,fit.covariance,generation,statistic,count,mean,sd,se,min,' +
          'q01,q05,q25,q50,q75,q95,q99,max,law,lawKind,lawSe',
        '0,10,full,0,varianceRatio,10,1,0,0,1,1,1,1,1,1,1,1,1,1,mean,0',
        '0,10,full,1,varianceRatio,10,0.1,1e-7,0,1e+21,2,3,4,5,6,7,8,9,' +
          '0.9,mean,0.30000000000000004',
        '1,10,diagonal,0,varianceRatio,10,,,,,1,1,1,1,1,1,1,,,,',
        '',
      ].join('\n'),
    );
  });

  test('a value that is nothing says so', () => {
    const axes = [{ name: 'batch.truncation', values: [null, 2] }];
    const rows = csv(countingResults(axes, 1, ['varianceRatio']))
      .split('\n')
      .slice(1, -1);
    const found = rows.map((row) => row.split(',').slice(0, 3).join());
    expect(found).toEqual(['0,none,0', '0,none,1', '1,2,0', '1,2,1']);
  });

  test('a reader gets every number back equal', () => {
    const results = countingResults([{ name: 'seed', values: [1, 2] }], 3, [
      'varianceRatio',
      'entropy',
    ]);
    // Digits of all lengths and exponents: the square roots are irrational.
    results.values.forEach(
      (value, i) => (results.values[i] = Math.sqrt(value) * 10 ** (value % 9)),
    );
    const { data } = Papa.parse<string[]>(csv(results).trimEnd());
    const [header, ...rows] = data;
    const count = header!.indexOf('count');
    const read = rows.flatMap((row) => row.slice(count, count + 13).map(Number));
    expect(read).toEqual([...results.values]);
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\r=1'])(
    '%j is text, not a formula',
    (text) => {
      const field = textField(text);
      expect(field.startsWith(`"'`)).toBe(true);
      expect(Papa.parse<string[]>(`a,${field},b`).data[0]).toEqual(['a', `'${text}`, 'b']);
    },
  );

  test.each(['a,b', 'say "so"', 'two\nlines', 'plain', ''])('%j is read back as it was', (text) => {
    expect(Papa.parse<string[]>(`a,${textField(text)},b`).data[0]).toEqual(['a', text, 'b']);
  });

  test('negative numbers stay numbers', () => {
    expect(numberField(-1.5)).toBe('-1.5');
    expect(numberField(-0)).toBe('0');
    expect([NaN, Infinity, -Infinity].map(numberField)).toEqual(['', '', '']);
  });
});
