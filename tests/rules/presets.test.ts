/**
 * Which preset shows what: a row for each preset of the theory's list (30-theory §4), and one for
 * each claim or concept of the product's table (00-product), in the order of both. No row goes
 * without a preset, and no preset without a row.
 */
import { describe, expect, test } from 'vitest';
import { PRESET_GROUPS, presets } from '../../src/spec/presets.ts';

/** What is shown, and by which presets. */
type Row = readonly [what: string, ...names: string[]];

const THEORY: readonly Row[] = [
  ['Shumailov 2024, mixture', 'shumailov-mixture'],
  ['Shumailov 2024, on a line', 'shumailov-line'],
  ['Alemohammad 2023, figures 10 and 11', 'alemohammad-fresh'],
  ['Alemohammad 2023, figures 30 and 31', 'alemohammad-memory'],
  ['Alemohammad 2023, 25 modes', 'grid-25'],
  [
    'Gerstgrasser and Kazdan 2024–25: three retentions',
    'kazdan-grid',
    'keep-everything',
    'gaussian-10',
  ],
  ['Suresh 2024, Gaussian and mixture', 'suresh-gaussian', 'suresh-mixture'],
  ['He 2025', 'he-weights'],
  ['Dey and Donoho 2024', 'dey-donoho'],
  ['one migrant', 'one-migrant'],
  ['Old Faithful', 'old-faithful'],
  ['EuStock returns', 'black-swans'],
  ['the web fills up, recall swept; screening too late', 'web-filling-up', 'late-detector'],
  ['grounded or collapsed', 'grounded', 'collapsed-or-grounded'],
];

const CONCEPTS: readonly Row[] = [
  ['a photocopy of a photocopy', 'two-modes'],
  ['the tails go first, then the variance; stages', 'two-modes', 'error-statistics'],
  [
    'three errors and the sampler’s, each alone and all together',
    ...['error-statistics', 'error-expressivity', 'error-learning', 'error-sampler'],
    ...['four-errors', 'safe-sampler', 'top-p', 'mode-collapse'],
  ],
  ['every step looks reasonable', 'small-steps'],
  ['speed follows the share of generated content; the web', 'real-share', 'web-filling-up'],
  ['collapse within 5–10 generations: survival', 'five-to-ten'],
  ['fresh data, a maintained archive, core sets', 'one-migrant', 'archive', 'distilled'],
  ['watermarks laundered, provenance, imperfect filters', 'laundering', 'provenance'],
  ['verified or curated data in moderation', 'verifier', 'best-of-many'],
  ['training that penalises forgetting', 'rare-counts', 'held-to'],
  ['accumulating instead of replacing', 'keep-everything', 'growing'],
  ['poison', 'poisoned'],
  ['minority knowledge vanishes', 'zipf-minority'],
  ['black swans, understated risk', 'black-swans'],
  ['more confident about less; hallucination', 'overconfident', 'poisoned'],
  ['mode collapse is not model collapse', 'mode-collapse', 'grid-25'],
  ['collapsed or grounded, side by side', 'collapsed-or-grounded', 'grounded'],
  ['exponential loss: straight lines on a log chart', 'gaussian-10', 'safe-sampler'],
  ['detectors lag; a filter deletes human tails', 'arms-race', 'quality-filter'],
  ['human data run out; an echo of an echo', 'data-wall', 'echo'],
  ['benchmarks stay green', 'green-badge'],
  ['a cure may come too late', 'too-late', 'late-detector'],
  ['zero-synthetic policies; core sets lose the long tail', 'padlock', 'distilled'],
  ['within 5–10 generations, by the fourth: where it holds', 'five-to-ten'],
  ['which error did it: the factorial of the switches', 'four-errors'],
];

const names = presets.map(({ name }) => name);

describe.each([
  ['30-theory §4', THEORY],
  ['the concepts of 00-product', CONCEPTS],
])('%s', (_, rows) => {
  test.each(rows)('%s', (_what, ...shown) => {
    expect(shown).not.toEqual([]);
    expect(names).toEqual(expect.arrayContaining(shown));
  });
});

test('every preset shows something that was asked for', () => {
  const shown = new Set([...THEORY, ...CONCEPTS].flatMap(([, ...own]) => own));
  expect(names.filter((name) => !shown.has(name))).toEqual([]);
});

test('every group of the list has presets, and labels of their own', () => {
  for (const group of PRESET_GROUPS) expect(group.presets).not.toEqual([]);
  const labels = PRESET_GROUPS.map(({ label }) => label);
  expect(new Set(labels).size).toBe(labels.length);
});
