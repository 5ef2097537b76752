/** Random123's known answers of Threefry4x32: tests/oracle/random123-threefry4x32-kat.txt. */
import { readFileSync } from 'node:fs';

export interface KnownAnswer {
  readonly rounds: number;
  readonly counter: readonly number[];
  readonly key: readonly number[];
  readonly words: readonly number[];
}

const path = new URL('../oracle/random123-threefry4x32-kat.txt', import.meta.url);

export const knownAnswers: readonly KnownAnswer[] = readFileSync(path, 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('threefry4x32 '))
  .map((line) => {
    const [, rounds, ...hex] = line.split(' ');
    const numbers = hex.map((word) => parseInt(word, 16));
    return {
      rounds: Number(rounds),
      counter: numbers.slice(0, 4),
      key: numbers.slice(4, 8),
      words: numbers.slice(8, 12),
    };
  });
