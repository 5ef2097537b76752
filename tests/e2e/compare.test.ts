/** The comparison of engines on the page: never beside a run, agreement first, a table to take along. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { BenchReport } from '../../src/experiment/bench/report.ts';
import { findChromium } from '../support/chromium.ts';
import { axeViolations, downloadText, phase, usePage } from './browser.ts';

const SMALL = 'v=1&truth.kind=blobs&truth.components=1&sampleSize=10&generations=20&replicates=64';
/** Minutes of work. */
const LONG = 'v=1&truth.kind=blobs&truth.components=2&generations=500&replicates=100000';

describe.skipIf(!findChromium())('comparison of engines', () => {
  const { visit } = usePage();

  const ask = (page: Page) =>
    page.getByRole('button', { name: 'Compare engines on this machine' }).click();

  it('compares what this browser has, and hands the report over', async () => {
    const page = await visit(SMALL, { permissions: ['clipboard-read', 'clipboard-write'] });
    await phase(page, 'Done');
    await ask(page);
    const dialog = page.getByRole('dialog', { name: 'Compare engines on this machine' });
    expect(await axeViolations(page)).toEqual([]);
    await dialog.getByLabel(/^Reference job/).uncheck();
    await dialog.getByText(/takes about/).waitFor();
    await dialog.getByRole('button', { name: 'Compare', exact: true }).click();
    await dialog.getByText(/ left$/).waitFor();
    await dialog.getByRole('button', { name: 'Copy as Markdown' }).waitFor({ timeout: 100_000 });
    await dialog.getByText(/^Same results first: \d+ comparisons of 4000 lineages/).waitFor();
    const rows = dialog.getByRole('table').getByRole('row');
    // A head, the WASM builds on one thread at least, and the reference engine.
    expect(await rows.count()).toBeGreaterThanOrEqual(1 + 1 + 1);
    await dialog.getByRole('rowheader', { name: /^reference/ }).waitFor();
    await dialog.getByText('Not here: webgpu.').waitFor();
    expect(await axeViolations(page)).toEqual([]);

    await dialog.getByRole('button', { name: 'Copy as Markdown' }).click();
    await dialog.getByText('Copied').waitFor();
    const markdown = await page.evaluate(() => navigator.clipboard.readText());
    expect(markdown).toMatch(/^# Engines compared\n/);
    expect(markdown).toMatch(/\| reference \| [\d.]+ ?[kM]? \|/);
    const report = JSON.parse(await downloadText(page, 'Download JSON')) as BenchReport;
    expect(report.complete).toBe(true);
    expect(report.cases.map(({ name }) => name)).toEqual(['closed-form']);
    const [{ agreement, standings }] = report.cases as [BenchReport['cases'][number]];
    expect(agreement.agreed).toBe(true);
    expect(standings.map(({ contender }) => contender)).toContain('wasm simd128, 1 thread');
    for (const { seconds, rate } of standings) {
      expect(seconds).toHaveLength(3);
      expect(rate.median).toBeGreaterThan(0);
    }
  });

  it('does not begin beside a run, stops when it is told to, and keeps what is there', async () => {
    const page = await visit(LONG);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await phase(page, 'Running');
    await ask(page);
    const dialog = page.getByRole('dialog');
    await dialog.getByText('A run is going').waitFor();
    expect(await dialog.getByRole('button', { name: 'Compare', exact: true }).count()).toBe(0);
    await dialog.getByRole('button', { name: 'Stop the run' }).click();
    await phase(page, 'Stopped');
    const compare = dialog.getByRole('button', { name: 'Compare', exact: true });
    await compare.click();
    await dialog.getByText(/: (first contact|same output\?|warming up|timing)/).waitFor();
    expect(await dialog.getByLabel(/^Reference job/).isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await dialog.getByText('Stopped before the first case was through.').waitFor();
    await compare.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    // The page is what it was.
    await page.getByRole('button', { name: 'Run again' }).waitFor();
  });

  it('ends for a run that a link asks for', async () => {
    const page = await visit(SMALL);
    await phase(page, 'Done');
    await ask(page);
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Compare', exact: true }).click();
    await dialog.getByText('Opening the engines').waitFor();
    await page.evaluate(
      (spec) => (location.hash = spec),
      SMALL.replace('replicates=64', 'replicates=65'),
    );
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('65 lineages', { exact: true }).waitFor();
    await phase(page, 'Done');
  });

  it.each([390, 1024])('fits a width of %i', async (width) => {
    const page = await visit(SMALL, { viewport: { width, height: 844 }, colorScheme: 'dark' });
    await page.getByText(/^After \d+ generations? the median/).waitFor();
    await ask(page);
    const box = (await page.getByRole('dialog').boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(width);
    expect(await axeViolations(page)).toEqual([]);
  });
});
