/**
 * The page as a person uses it, on the WASM engine (headless Chromium has no adapter unless it is
 * asked for one), and once on each of the others.
 */
import { describe, expect, it } from 'vitest';
import { PRESET_GROUPS, presets } from '../../src/spec/presets.ts';
import { findChromium } from '../support/chromium.ts';
import { seenPlaces, watchPlaces } from './places.ts';
import { axeViolations, downloadText, launch, WITH_WEBGPU, phase, usePage } from './browser.ts';

const SMALL = 'v=1&truth.kind=blobs&truth.components=1&sampleSize=10&generations=20&replicates=64';
const SWEEP = `${SMALL}&sweep.sampleSize=10,100&sweep.batch.realFraction=0,0.5,1`;
/** Minutes of work: what a stop interrupts. */
const LONG = 'v=1&truth.kind=blobs&truth.components=2&generations=500&replicates=100000';

// The test run's set-up says in a sentence that these tests do not run, and in CI it fails.
describe.skipIf(!findChromium())('page', () => {
  const { visit } = usePage();

  it('opens on a running example and says that there is no adapter', async () => {
    const page = await visit();
    await page.getByText(/^After \d+ generations? the median lineage/).waitFor();
    await page.getByText('No WebGPU adapter here: running on the processor').waitFor();
    await page.getByText(/^WebAssembly: SIMD.*, \d+ threads?$/).waitFor();
    await page.getByText('Fits to the points drawn; four lineages at once').waitFor();
    expect(await page.getByRole('switch', { name: 'Turbo' }).count()).toBe(0);
    await expect.poll(() => page.locator('genloss-fan canvas').count()).toBe(4);
    expect(
      Number(await page.locator('progress').evaluate((p: HTMLProgressElement) => p.value)),
    ).toBeGreaterThan(0);
    expect(page.url()).toContain('#v=1');
  });

  it('runs a changed field, and marks a wrong one', async () => {
    const page = await visit(SMALL);
    await phase(page, 'Done');
    const size = page.getByLabel('Sample size n');
    await size.fill('many');
    await page.getByText('"many" is not').waitFor();
    expect(await size.getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByRole('button', { name: /^Run/ }).isDisabled()).toBe(true);
    await size.fill('12');
    await page.getByText('the run before your changes').waitFor();
    await page.getByText('Of the run shown, before your changes').waitFor();
    await page.getByText('Of the form, with your changes').waitFor();
    await page.getByRole('button', { name: 'Run the changes' }).click();
    await page.getByText('the run before your changes').waitFor({ state: 'detached' });
    await phase(page, 'Done');
    await page.waitForURL(/sampleSize=12/);
    await page.getByText('Of the run shown', { exact: true }).waitFor();
  });

  it('keeps everything where it is, and its axes, when it is run again', async () => {
    const page = await visit();
    await phase(page, 'Done');
    await page.getByLabel('Verdicts on this cell').waitFor();
    await page.locator('genloss-fan canvas').nth(3).waitFor();
    await watchPlaces(page);
    await page.getByRole('button', { name: 'Run again' }).click();
    const phases = async () => (await seenPlaces(page))['phase']!;
    await expect.poll(async () => (await phases()).length).toBeGreaterThan(1);
    await phase(page, 'Done');
    await page.getByLabel('Verdicts on this cell').waitFor();
    const places = await seenPlaces(page);
    for (const name of ['density', 'engine', 'export', 'axis']) {
      expect(places[name], name).toHaveLength(1);
    }
  });

  it('states the cost as it is typed', async () => {
    const page = await visit(SMALL);
    const cost = page.getByLabel('Cost estimate');
    await page.getByLabel('Replicates R').fill('1000000');
    await cost.getByText('20\u202fM').waitFor();
    await page.getByLabel('Replicates R').fill('1000000000');
    await page.getByText('the limit is 100 000 000 lineages').waitFor();
  });

  it('stops with what is there', async () => {
    const page = await visit(LONG);
    await page.getByText(/wait for your click/).waitFor();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText(/^After \d+ generations? the median lineage/).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await phase(page, 'Stopped');
    await page.getByText(/^After \d+ generations? the median lineage/).waitFor();
    await page.getByRole('button', { name: 'Run again' }).waitFor();
  });

  it('scrubs and plays the generations of a lineage', async () => {
    const page = await visit(SMALL);
    await phase(page, 'Done');
    const slider = page.getByRole('slider', { name: 'Generation' });
    const picture = page.getByRole('img', { name: /^Density of the truth/ });
    await slider.fill('7');
    await page.getByText(/^After 7 generations/).waitFor();
    await expect.poll(() => picture.getAttribute('aria-label')).toContain('generation 7');
    await slider.press('ArrowRight');
    await page.getByText(/^After 8 generations/).waitFor();
    await slider.fill('0');
    await page.getByText('Generation 0 is the truth itself.').waitFor();
    await page.getByRole('button', { name: 'Play the generations' }).click();
    await page.getByText(/^After [23] generations/).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Another' }).click();
    const lineage = page.getByRole('spinbutton', { name: 'lineage' });
    await expect.poll(() => lineage.inputValue()).toBe('1');
  });

  it('shows the law, and switches an axis to logarithms', async () => {
    const page = await visit(SMALL);
    await phase(page, 'Done');
    const law = page.locator('genloss-fan details', { hasText: 'mean log variance' });
    await law.getByText('laws: mean log variance, distribution of the variance').waitFor();
    const formula = law.getByText('inverted by Gil-Pelaez 1951');
    expect(await formula.isVisible()).toBe(false);
    await law.locator('summary').press('Enter');
    await formula.waitFor();
    await page.getByText(/ law \S+ \[\S+, \S+\] · mean/).first().waitFor(); // prettier-ignore
    await page.getByText(/Mean and median of the law part from generation 2 on/).first().waitFor(); // prettier-ignore
    const survival = page.locator('genloss-shares');
    await survival.getByText(/^law \d+\.\d\s%$/).waitFor();
    const final = page.locator('genloss-final');
    await final.getByText(/measured half below [\d.]+ · law [\d.]+$/).waitFor();
    await final
      .getByLabel('Statistic of the final values')
      .selectOption('Log of the variance kept');
    await final.getByText(/measured half below −[\d.]+ · law −[\d.]+$/).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    const axis = page.getByRole('group', { name: 'Axis of Variance kept' });
    await axis.getByRole('button', { name: 'log' }).click();
    await expect
      .poll(() => axis.getByRole('button', { name: 'log' }).getAttribute('aria-pressed'))
      .toBe('true');
    const logOfLog = page.getByRole('group', { name: 'Axis of Log of the variance kept' });
    expect(await logOfLog.getByRole('button', { name: 'log' }).isDisabled()).toBe(true);
  });

  it('looks into a cell of a sweep by a click, by keys and from the table', async () => {
    const page = await visit(SWEEP);
    await phase(page, 'Done');
    await page.getByText('in cell 0 (of 6').waitFor();
    const grid = page.getByRole('grid');
    const { width, height } = (await grid.boundingBox())!;
    // The last square is at the top right; labels take the lowest 44 pixels.
    await grid.click({ position: { x: width - 40, y: height * 0.15 } });
    await page.getByText('in cell 5 (of 6').waitFor();
    await grid.focus();
    await grid.press('ArrowLeft');
    await grid.press('ArrowDown');
    await grid.press('Enter');
    await page.getByText('in cell 1 (of 6').waitFor();
    await page.getByLabel('as a table').check();
    await page.locator('genloss-heat-table tbody button').nth(3).click();
    await page.getByText('in cell 3 (of 6').waitFor();
    await page.getByLabel('Statistic', { exact: true }).selectOption({ label: 'Variance kept' });
    await page.getByLabel('Summary').selectOption('mean');
    await page.getByText('mean of Variance kept').waitFor();
  });

  it('shows what becomes of lineages and cells: survival, stages, regimes, verdicts', async () => {
    const statistics = 'statistics=varianceRatio,stageShares,testNll';
    const page = await visit(`${SMALL}&sweep.sampleSize=3,1000&${statistics}`);
    await phase(page, 'Done');
    await page
      .getByLabel('Verdicts on this cell')
      .getByText(/^collapsed, median lineage/)
      .waitFor();
    await page
      .getByLabel('Verdicts on this cell')
      .getByText(/nats from generation 15 to/)
      .waitFor();
    const charts = page.locator('genloss-shares');
    await expect.poll(() => charts.locator('canvas').count()).toBe(2);
    expect(await charts.locator('h3').allTextContents()).toEqual(['Not yet collapsed', 'Stages']);
    const readings = await charts.locator('b').allTextContents();
    expect(readings).toHaveLength(1 + 3);
    for (const text of readings) expect(text).toMatch(/^\d+\.\d\s% \[\d+\.\d,\s\d+\.\d\]$/);

    await page.getByLabel('charts as tables').check();
    const stages = page.getByRole('region', { name: /^Stages: shares of lineages/ });
    // A head and generations 0 … 20.
    await expect.poll(() => stages.getByRole('row').count()).toBe(1 + 21);
    await expect.poll(() => page.locator('genloss-fan').getByRole('region').count()).toBe(2);

    await page.getByLabel('Statistic', { exact: true }).selectOption('regime');
    const map = page.locator('genloss-heat-panel');
    await map.getByText('log variance moved by more than 0.1').waitFor();
    await map.getByLabel('as a table').check();
    const words = () => map.locator('td button').allInnerTexts();
    await expect.poll(words).toEqual(['collapsed', 'stable']);
    await map.getByRole('grid').press('ArrowRight');
    await map
      .getByText(/ 1000: stable$/)
      .first()
      .waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });

  it('puts the cells of a small sweep side by side, and none of a large one', async () => {
    const statistics = 'statistics=varianceRatio,stageShares,testNll';
    const page = await visit(`${SMALL}&sweep.sampleSize=3,1000&${statistics}`);
    await phase(page, 'Done');
    const table = page.getByRole('region', { name: 'Cells side by side' });
    // A head, five statistics and a criterion of collapse.
    await expect.poll(() => table.getByRole('row').count()).toBe(1 + 5 + 1);
    const row = (name: string) => table.getByRole('row', { name }).locator('td').allInnerTexts();
    const [few, many] = await row('Variance kept');
    expect(few).toMatch(/e−\d+$/);
    expect(Number(many)).toBeGreaterThan(0.9);
    expect(await row('Not yet: variance halved')).toEqual([
      expect.stringMatching(/^\d\.\d\s%$/),
      expect.stringMatching(/^100\.0\s%$/),
    ]);
    await table.getByRole('button', { name: '1000' }).click();
    await page.getByText('in cell 1 (of 2').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    const large = await visit(`${SMALL}&sweep.sampleSize=3,4,5,6,7,8,9`);
    await phase(large, 'Done');
    await large.getByText('Sweep, generation 20').waitFor();
    expect(await large.locator('genloss-comparison').count()).toBe(0);
  });

  it('says why a field has no effect, and opens a preset on what tells its story', async () => {
    const page = await visit();
    expect(await page.getByRole('radio', { name: 'Bernoulli' }).isDisabled()).toBe(true);
    await page.getByText('Acts once there is a real share.').first().waitFor();
    await page.getByLabel('Real share r').first().fill('0.5');
    expect(await page.getByRole('radio', { name: 'Bernoulli' }).isEnabled()).toBe(true);
    await page.locator('#preset').selectOption('one-migrant');
    await page.getByText('in cell 16 (of 28').waitFor();
    expect(await page.getByLabel('Summary').inputValue()).toBe('mean');
  });

  it('lists presets in groups and says what to look for; each opens on its own generation', async () => {
    const page = await visit();
    const picker = page.locator('genloss-preset-picker');
    const groups = picker.locator('optgroup');
    expect(await groups.evaluateAll((all) => all.map((one) => one.getAttribute('label')))).toEqual(
      PRESET_GROUPS.map(({ label }) => label),
    );
    expect(await picker.locator('optgroup option').count()).toBe(presets.length);
    expect(await page.locator('#preset').inputValue()).toBe(presets[0]!.name);
    const { name, look, spec, view } = presets.find(({ view: v }) => v?.generation && v.cell)!;
    await page.locator('#preset').selectOption(name);
    await picker.getByText(`Look for: ${look}`).waitFor();
    await phase(page, 'Done');
    await page.getByText(`Sweep, generation ${view!.generation}`, { exact: true }).waitFor();
    // A regime is of the last generation, and says so beside another one.
    const verdicts = page.getByLabel('Verdicts on this cell');
    await verdicts.getByText(`at generation ${spec.generations}: collapsed`).waitFor();
    // A link to it is the preset again.
    const again = await visit(new URL(page.url()).hash.slice(1));
    await expect.poll(() => again.locator('#preset').inputValue()).toBe(name);
  });

  it('builds a sweep in the form', async () => {
    const page = await visit(SMALL);
    await page.getByLabel('Sweep another field').selectOption('sampleSize');
    await page.getByLabel('Values of Sample size, separated by commas').fill('8, 16');
    await page.getByLabel('Cost estimate').getByText('128').waitFor();
    await page.waitForURL(/sweep\.sampleSize=8,16/);
    await page.getByRole('button', { name: 'From, to, steps instead' }).click();
    await page.waitForURL(/sweep\.sampleSize=8,16/);
    await page.getByLabel('to', { exact: true }).fill('4');
    await page.getByRole('button', { name: 'Remove the axis Sample size' }).click();
    await page.waitForURL((url) => !url.hash.includes('sweep'));
  });

  it('exports the results, and finds the same numbers from its link', async () => {
    const page = await visit(SWEEP);
    await phase(page, 'Done');
    const before = await downloadText(page, 'Results, CSV');
    // A header, and 6 cells × generations 0 … 20 × 4 statistics.
    expect(before.trimEnd().split('\n')).toHaveLength(1 + 6 * 21 * 4);
    await page.reload();
    await phase(page, 'Done');
    expect(await downloadText(page, 'Results, CSV')).toBe(before);
    const spec = JSON.parse(await downloadText(page, 'Spec, JSON')) as { replicates: number };
    expect(spec.replicates).toBe(64);
    await page.getByLabel('Command line').getByText('npx genloss run').waitFor();
  });

  it('runs on data that come with it and on a file of the user', async () => {
    const page = await visit(
      'v=1&truth.kind=data&truth.file=faithful.csv&truth.columns=eruptions,waiting&generations=3&replicates=8',
    );
    await phase(page, 'Done');
    await page.getByLabel('Or your own CSV file').setInputFiles({
      name: 'mine.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`<img src=x onerror=alert(1)>,b\n${'1,2\n2,3\n4,1\n5,5\n'.repeat(20)}`),
    });
    await page.getByText('<img src=x onerror=alert(1)>').first().waitFor();
    await page.getByLabel('b', { exact: true }).check();
    await page.getByRole('button', { name: 'Run the changes' }).click();
    await page.getByText('the run before your changes').waitFor({ state: 'detached' });
    await phase(page, 'Done');
    await page.getByLabel('Or your own CSV file').setInputFiles({
      name: 'bad.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('a,b\n1,2\nx,3\n'),
    });
    await page.getByRole('button', { name: 'Run the changes' }).click();
    await phase(page, 'Failed');
    await page.getByText('Row 3, column "a": "x" is not a number.').first().waitFor();
  });

  it('mends a wrong link and says what it mended', async () => {
    const page = await visit(`${SMALL}&frobnicate=1&nodes=7`);
    await page.getByText('The link could not be taken as it is').waitFor();
    await page.getByText('frobnicate: Not a field of this version.').waitFor();
    await phase(page, 'Done');
  });

  it.each(['light', 'dark'] as const)('has no serious fault for axe in %s', async (colorScheme) => {
    const page = await visit(SWEEP, { colorScheme });
    await phase(page, 'Done');
    await page.getByLabel('as a table').check();
    await page.locator('summary', { hasText: 'Statistics' }).click();
    expect(await axeViolations(page)).toEqual([]);
    await page.getByLabel('Generations G').fill('0');
    await page.getByRole('alert').first().waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });

  it.each([1440, 1024, 390])('fits a width of %i', async (width) => {
    const page = await visit(SWEEP, { viewport: { width, height: 844 } });
    await page.getByText(/^After \d+ generations? the median/).waitFor();
    const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(scrollWidth).toBeLessThanOrEqual(width);
    expect(await axeViolations(page)).toEqual([]);
  });

  it('runs on WebGPU where it is asked to', async () => {
    const gpu = await launch(WITH_WEBGPU);
    try {
      // Enough for a run to be seen running.
      const spec = SMALL.replace('replicates=64', 'replicates=50000');
      const page = await visit(spec, {}, gpu);
      await phase(page, 'Done');
      await page.getByText('The only WebGPU adapter here is software').waitFor();
      await page.getByLabel('Engine').selectOption('webgpu');
      await page.getByRole('button', { name: 'Run again' }).click();
      await page.getByText(/^WebGPU: .*SwiftShader/i).waitFor({ timeout: 60_000 });
      await phase(page, 'Done');
      const csv = await downloadText(page, 'Results, CSV');
      expect(csv.trimEnd().split('\n')).toHaveLength(1 + 21 * 4);
      // What the switch changes is how much is submitted at a time, and no number.
      await page.getByRole('switch', { name: 'Turbo' }).check();
      await page.getByRole('button', { name: 'Run again' }).click();
      await phase(page, 'Running');
      await phase(page, 'Done');
      expect(await downloadText(page, 'Results, CSV')).toBe(csv);
    } finally {
      await gpu.close();
    }
  });
});
