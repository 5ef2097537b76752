/** The laws on the page: held in a worker, every verdict in a table, files to take along. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { VALIDATION_CASES } from '../../src/experiment/validate/cases.ts';
import type { Validation } from '../../src/experiment/validate/validate.ts';
import { findChromium } from '../support/chromium.ts';
import { axeViolations, downloadText, phase, usePage } from './browser.ts';

const SMALL = 'v=1&truth.kind=blobs&truth.components=1&sampleSize=10&generations=20&replicates=64';
const LONG = 'v=1&truth.kind=blobs&truth.components=2&generations=500&replicates=100000';

describe.skipIf(!findChromium())('the laws on the page', () => {
  const { visit } = usePage();

  const ask = (page: Page) =>
    page.getByRole('button', { name: 'Check this machine against the laws' }).click();

  it('holds the engine of the page against every law', async () => {
    const page = await visit(SMALL);
    await phase(page, 'Done');
    await page.getByLabel('Engine', { exact: true }).selectOption('wasm');
    await ask(page);
    const dialog = page.getByRole('dialog', { name: 'Check this machine against the laws' });
    expect(await axeViolations(page)).toEqual([]);
    await dialog.getByLabel(/^A glance/).check();
    await dialog.getByRole('button', { name: 'Check', exact: true }).click();
    await dialog.getByText(/law \d+ of \d+/).waitFor();
    await dialog.getByText('So far every law holds.').waitFor();
    await dialog.getByText(/ left$/).waitFor();
    await dialog.getByText('Every law holds.', { exact: true }).waitFor({ timeout: 150_000 });
    await dialog.getByText(/^wasm on WASM SIMD.*: \d+ checks, 0 fail\.$/).waitFor();
    await dialog.getByText(/^χ² of the \d+ independent ones: [\d.]+, p = [\d.]+\.$/).waitFor();
    await dialog.getByText(/^A right engine would be called wrong by chance/).waitFor();

    // By the keyboard alone: a law opens with its checks, formulas and sources.
    const law = 'Whole covariances of one Gaussian, and their determinants';
    await dialog.locator('summary', { hasText: law }).focus();
    await page.keyboard.press('Enter');
    const row = dialog.getByRole('row', { name: /^det Σ, mean ?fit\.estimator = mle 4 .* holds$/ });
    await row.waitFor();
    await dialog.getByText('(Bartlett’s decomposition, Muirhead 1982 §3.2)').first().waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await dialog.getByLabel('Show').selectOption('what fails');
    await dialog.getByText('None.').waitFor();

    const found = JSON.parse(await downloadText(page, 'Download JSON')) as Validation;
    // What is open stays so while laws above it come and go.
    const wide = new Set(found.checks.filter(({ z }) => Math.abs(z) > 2).map(({ law: l }) => l));
    const moved = [...wide].find((one, i) => VALIDATION_CASES[i]!.name !== one)!;
    await dialog.getByLabel('Show').selectOption('all laws');
    await dialog.locator('summary', { hasText: moved }).click();
    await dialog.getByLabel('Show').selectOption('|z| over 2');
    await expect.poll(() => dialog.locator('summary').count()).toBe(wide.size);
    const opened = dialog.locator('details[open] summary > span:first-of-type');
    expect(await opened.allTextContents()).toEqual([moved]);

    expect(found).toMatchObject({ engine: 'wasm', size: 'glance', passed: true, complete: true });
    const laws = new Set(found.checks.map((check) => check.law));
    expect([...laws]).toEqual(VALIDATION_CASES.map(({ name }) => name));
    const junit = await downloadText(page, 'Download JUnit');
    expect(junit).toContain(`tests="${found.checks.length + 1}" failures="0"`);
  });

  it('does not begin beside a run, and keeps what is there when it is stopped', async () => {
    const page = await visit(LONG);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await phase(page, 'Running');
    await ask(page);
    const dialog = page.getByRole('dialog');
    await dialog.getByText('A run is going').waitFor();
    expect(await dialog.getByRole('button', { name: 'Check', exact: true }).count()).toBe(0);
    await dialog.getByRole('button', { name: 'Stop the run' }).click();
    await phase(page, 'Stopped');
    await dialog.getByRole('button', { name: 'Check', exact: true }).click();
    await dialog.getByText('So far every law holds.').waitFor({ timeout: 60_000 });
    await page.keyboard.press('Escape');
    await dialog.getByText('Stopped: not all laws were looked at; those that were hold.').waitFor();
    await dialog.getByRole('button', { name: 'Check again' }).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  it.each([390, 1024])('fits a width of %i', async (width) => {
    const page = await visit(SMALL, { viewport: { width, height: 844 }, colorScheme: 'dark' });
    await page.getByText(/^After \d+ generations? the median/).waitFor();
    await ask(page);
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^A glance/).check();
    await dialog.getByRole('button', { name: 'Check', exact: true }).click();
    await dialog.getByText('So far every law holds.').waitFor({ timeout: 60_000 });
    await page.keyboard.press('Escape');
    await dialog.getByText(/^Stopped/).waitFor();
    await dialog.getByText(VALIDATION_CASES[0]!.name).click();
    await dialog.getByRole('table').waitFor();
    const box = (await dialog.boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(width);
    const beyond = await dialog.evaluate((element) => element.scrollWidth - element.clientWidth);
    expect(beyond).toBe(0);
    expect(await axeViolations(page)).toEqual([]);
  });
});
