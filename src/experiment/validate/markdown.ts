/** What `genloss validate` has found as a table of its laws, for a report or a README. */
import { markdownTable } from '../../spec/markdown-table.ts';
import { medianOf } from '../bench/spread.ts';
import type { Check } from './checks.ts';
import { byLaw, chiSquareText, verdictText } from './report.ts';
import type { Validation } from './validate.ts';

const HEAD = ['law', 'checks', 'furthest off, z', 'known to'];

/** A line for each law: how often it was looked at, the worst of it, and how fine the look was. */
export function validationMarkdown(validation: Validation): string {
  const { engine, adapter, size, checks, failed, seconds } = validation;
  const end = [
    `${engine} on ${adapter}, ${size}, ${seconds.toFixed(0)} s: ${checks.length} checks, ${failed} of them with |z| > 4.`,
    chiSquareText(validation.chiSquare),
    verdictText(validation),
  ];
  return `${markdownTable(HEAD, [...byLaw(checks)].map(lawRow))}\n\n${end.join(' ')}\n`;
}

function lawRow([law, checks]: [string, Check[]]): string[] {
  // Of what is expected to be 0 an error is no share.
  const shares = checks
    .filter(({ expected }) => expected !== 0)
    .map(({ se, expected }) => se / Math.abs(expected));
  const share = shares.length > 0 ? `${(100 * medianOf(shares)).toPrecision(2)} %` : '–';
  return [law, `${checks.length}`, furthestText(checks), share];
}

/** A check without a number is further off than any. */
function furthestText(checks: readonly Check[]): string {
  const zs = checks.map(({ z }) => z);
  if (zs.some(Number.isNaN)) return 'a number is missing';
  return zs.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a)).toFixed(2);
}
