/**
 * Whether the page answers while it computes: a million lineages on the processor, fewer on WebGPU's
 * software adapter. What is measured is printed, wall time and processor time, because the wall time
 * of a task says as much about the machine's other work; only a page that hangs fails.
 */
import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findChromium } from '../support/chromium.ts';
import { launch, phase, usePage, WITH_WEBGPU } from './browser.ts';
import { firstChart, taskLengths, watch } from './probes.ts';

const ONE = 'v=1&truth.kind=blobs&truth.components=1';
const TWO = 'v=1&truth.kind=blobs&truth.components=2';

/** How long a run is watched before it is stopped. */
const WATCHED_MS = 3000;
/** Nothing takes a thousandth of it on a machine that does nothing else. */
const HANG_MS = 10_000;

const rounded = (ms: number) => `${Math.round(ms)} ms`;

describe.skipIf(!findChromium())('page under load', () => {
  const fixture = usePage();

  /** Runs what a page is set to, watches it, and presses Stop. */
  async function runAndStop(where: Browser, page: Page, what: string) {
    const watched = await watch(page);
    const tasks = await taskLengths(where, page, async () => {
      await page.locator('#run').click();
      await phase(page, 'Running');
      await page.waitForTimeout(WATCHED_MS);
    });
    // Asked before the stop: a run that is over would need none.
    expect(await page.locator('.phase').textContent()).toBe('Running');
    const { longTasks, frameGap, timerGap, stopMs } = await watched.stop();
    const [longest] = tasks;
    console.info(
      `${what}: longest task ${rounded(longest?.wallMs ?? 0)} (${rounded(longest?.cpuMs ?? 0)} of ` +
        `processor time), ${longTasks.length} tasks over 50 ms` +
        `${longTasks.length > 0 ? ` (${longTasks.map(Math.round).join(', ')})` : ''}, most ` +
        `processor time of one ${rounded(Math.max(0, ...tasks.map(({ cpuMs }) => cpuMs)))}, ` +
        `longest wait for a frame ${rounded(frameGap)}, for a timer ${rounded(timerGap)}, from ` +
        `Stop to stopped ${rounded(stopMs)}`,
    );
    expect(Math.max(stopMs, frameGap, timerGap)).toBeLessThan(HANG_MS);
    await page.getByRole('button', { name: 'Run again' }).waitFor();
  }

  it.each([
    ['10⁶ lineages, K = 1 in closed form', `${ONE}&generations=3000&statistics=varianceRatio`],
    ['10⁶ lineages, K = 2, n = 20', `${TWO}&sampleSize=20&generations=100`],
  ])('%s', async (what, spec) => {
    const page = await fixture.visit(`${spec}&replicates=1000000`);
    await page.getByText(/wait for your click/).waitFor();
    await runAndStop(fixture.browser, page, `${what}, WebAssembly`);
  });

  it('10⁵ lineages on SwiftShader', async () => {
    const gpu = await launch(WITH_WEBGPU);
    const spec = `${TWO}&sampleSize=100&generations=1000&replicates=100000`;
    const page = await fixture.visit(spec, {}, gpu);
    await page.getByLabel('Engine').selectOption('webgpu');
    await page.getByText(/wait for your click/).waitFor();
    await runAndStop(gpu, page, '10⁵ lineages, K = 2, n = 100, WebGPU on SwiftShader');
    await gpu.close();
  });

  it('shows its first chart', async () => {
    const loads: string[] = [];
    for (let load = 0; load < 3; load++) {
      const page = await fixture.browser.newPage({ viewport: { width: 1440, height: 900 } });
      const { drawnMs, firstGenerationMs } = await firstChart(page, fixture.url);
      loads.push(`${rounded(drawnMs)} (numbers ${rounded(firstGenerationMs)})`);
      expect(firstGenerationMs).toBeLessThan(HANG_MS);
      await page.close();
    }
    console.info(`First chart after the load began, WebAssembly: ${loads.join('; ')}`);
  });
});
