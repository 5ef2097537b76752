/** What a comparison of engines says. */
import { describe, expect, it } from 'vitest';
import type { BenchReport, ContenderLine } from '../../src/experiment/bench/report.ts';
import type { CaseReport, Standing } from '../../src/experiment/bench/runner.ts';
import { parseSpec } from '../../src/spec/schema.ts';
import {
  agreementText,
  browserName,
  caseTable,
  conditions,
  progressText,
  systemName,
} from '../../src/ui/bench/bench-text.ts';

const line = (name: string, engine: string, more: Partial<ContenderLine> = {}): ContenderLine => ({
  name,
  kind: 'engine',
  engine,
  adapter: null,
  description: `what ${name} is`,
  threads: 1,
  build: '',
  peak: null,
  ...more,
});

const standing = (contender: string, median: number, bound: number | null): Standing => ({
  contender,
  prepareSeconds: 0.1,
  replicates: 10,
  generations: 10,
  lineageGenerations: 100,
  seconds: [1, 1, 1],
  rate: { median, min: median / 2, max: median * 2, mad: 0 },
  bound,
  share: bound === null ? null : median / bound,
  documented: null,
  beside: null,
});

const worst = {
  statistic: 'varianceRatio',
  measure: 'mean',
  contender: 'gpu',
  against: 'law',
  value: 1,
  other: 1,
  z: -2.345,
} as const;

const report = (more: Partial<CaseReport> = {}): CaseReport => ({
  name: 'reference',
  title: 'The job',
  spec: parseSpec({ truth: { kind: 'blobs' } }),
  plain: null,
  agreement: { generation: 10, lineages: 1000, comparisons: [worst], agreed: true, worst },
  stopped: null,
  standings: [standing('js', 1000, null), standing('gpu', 1e6, 4e6)],
  absent: [],
  ...more,
});

const LINES = [line('gpu', 'webgpu'), line('js', 'reference')];

describe('words of a comparison', () => {
  it('puts the fastest first, and beside it the reference', () => {
    const { base, rows } = caseTable(report(), LINES);
    expect(base).toBe('js');
    expect(rows).toEqual([
      {
        name: 'gpu',
        description: 'what gpu is',
        rate: '1 M',
        spread: '500 k – 2 M',
        share: '25 %',
        shareHint: 'The bound is 4 M lg/s.',
        ratio: '1000×',
      },
      {
        name: 'js',
        description: 'what js is',
        rate: '1 k',
        spread: '500 – 2 k',
        share: '–',
        shareHint: 'No bound is known.',
        ratio: '1×',
      },
    ]);
  });

  it('compares with the slowest where the reference took no part', () => {
    const lines = [line('gpu', 'webgpu'), line('js', 'wasm', { build: 'relaxed' })];
    const { base, rows } = caseTable(report(), lines);
    expect(base).toBe('js');
    expect(rows[1]!.description).toBe('WebAssembly, fused products and sums');
  });

  it('says how far apart results were, or why nothing was timed', () => {
    expect(agreementText(report())).toContain('gpu and law, differ by 2.3 standard errors; 4 are');
    expect(agreementText(report({ stopped: 'nobody could run it' }))).toBe(
      'Not timed: nobody could run it.',
    );
    const alone = { ...report().agreement, comparisons: [], worst: null };
    expect(agreementText(report({ agreement: alone }))).toContain('Nobody to compare with');
  });

  it('says who is doing what', () => {
    const at = { name: 'reference', contender: 'gpu', done: 1, total: 3 };
    expect(progressText({ ...at, stage: 'time' })).toBe('gpu: timing, run 2 of 3');
    expect(progressText({ ...at, stage: 'check' })).toBe('gpu: same output?');
  });

  it('names the conditions, and what was against the figures', () => {
    const whole: BenchReport = {
      genloss: '1.2.3',
      date: '2026-01-02T03:04:05.000Z',
      command: '',
      machine: {
        cpu: '',
        cores: 8,
        memoryBytes: null,
        system: 'Linux',
        runtime: 'Chrome 141',
        load: null,
      },
      runs: 3,
      targetSeconds: 0.5,
      contenders: LINES,
      missing: [{ contender: 'webgpu', reason: 'No adapter.' }],
      cases: [],
      curves: [],
      curvesAbsent: [],
      targets: [],
      complete: false,
    };
    const lines = conditions(whole, true);
    expect(lines[0]).toMatch(/^Chrome 141 on Linux, 8 threads/);
    expect(lines[1]).toBe('2026-01-02 03:04 UTC, genloss 1.2.3');
    expect(lines).toContain('Not here: webgpu. No adapter.');
    expect(lines.join()).toMatch(/hidden for a while.*Stopped before its end/);
    expect(conditions({ ...whole, complete: true, missing: [] }, false)).toHaveLength(3);
  });

  const CHROME =
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';
  it.each([
    [CHROME, 'Chrome 141', 'X11; Linux x86_64'],
    [CHROME.replace('Chrome/', 'HeadlessChrome/'), 'Chrome 141', 'X11; Linux x86_64'],
    [`${CHROME} Edg/140.0.0.0`, 'Edge 140', 'X11; Linux x86_64'],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
      'Safari 26',
      'Macintosh; Intel Mac OS X 10_15_7',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0',
      'Firefox 144',
      'Windows NT 10.0; Win64; x64; rv:144.0',
    ],
    ['a browser', 'a browser', 'an unknown system'],
  ])('knows %s', (userAgent, browser, system) => {
    expect(browserName(userAgent)).toBe(browser);
    expect(systemName(userAgent)).toBe(system);
  });
});
