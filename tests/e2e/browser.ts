/** The real page in a real Chromium: built from the source, served under a path, errors kept. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { findChromium } from '../support/chromium.ts';
import { serve } from '../support/serve.ts';

const require = createRequire(import.meta.url);

/** A static host may put the page anywhere. */
const BASE = '/some/where/';

/** With these Chromium offers its software adapter; without them none. */
export const WITH_WEBGPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

interface BuiltPage {
  readonly url: string;
  close(): Promise<void>;
}

async function buildPage(): Promise<BuiltPage> {
  const folder = mkdtempSync(join(tmpdir(), 'genloss-page-'));
  const vite = join(require.resolve('vite/package.json'), '../bin/vite.js');
  const build = ['build', '--outDir', folder, '--emptyOutDir', '--logLevel', 'error'];
  // As for a release: the test run's own NODE_ENV would bundle Lit's development build.
  const env = { ...process.env, NODE_ENV: 'production' };
  execFileSync(process.execPath, [vite, ...build], { env, stdio: 'inherit' });
  const served = await serve(folder, BASE);
  return {
    url: served.url,
    close: async () => {
      await served.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const launch = (flags: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath: findChromium()!, args: ['--no-sandbox', ...flags] });

interface OpenPage {
  readonly page: Page;
  /** What went wrong on the page so far: console errors, exceptions, requests to other origins. */
  readonly faults: readonly string[];
}

/** @param spec The text after # of a link; '' opens the page as a stranger would. */
async function open(
  browser: Browser,
  { url }: BuiltPage,
  spec = '',
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => {
    const address = request.url();
    const own = [url, 'data:', 'blob:'].some((start) => address.startsWith(start));
    if (!own) faults.push(`request to ${address}`);
  });
  await page.goto(spec ? `${url}#${spec}` : url);
  return { page, faults };
}

export interface Fixture {
  /** Opens the page; after the test it is closed, and nothing may have gone wrong on it. */
  visit(spec?: string, options?: BrowserContextOptions, where?: Browser): Promise<Page>;
  readonly browser: Browser;
  readonly url: string;
}

/** The page and a browser for the tests of a block, made before the first, closed after the last. */
export function usePage(): Fixture {
  let built: BuiltPage;
  let browser: Browser;
  let opened: OpenPage[] = [];

  beforeAll(async () => {
    built = await buildPage();
    browser = await launch();
  });

  afterAll(async () => {
    await browser?.close();
    await built?.close();
  });

  afterEach(async () => {
    const done = opened;
    opened = [];
    for (const { page } of done) if (!page.isClosed()) await page.context().close();
    expect(done.flatMap(({ faults }) => faults)).toEqual([]);
  });

  return {
    async visit(spec, options, where = browser) {
      const one = await open(where, built, spec, options);
      opened.push(one);
      return one.page;
    },
    get browser() {
      return browser;
    },
    get url() {
      return built.url;
    },
  };
}

/** Waits until a run is in a phase: "Running", "Done", … */
export const phase = (page: Page, name: string): Promise<void> =>
  page.locator('.phase', { hasText: name }).waitFor({ timeout: 60_000 });

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly target: unknown; readonly failureSummary: string }[];
}

/** Serious and critical violations of WCAG 2 A and AA, each with its places. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(o: object): Promise<object> } };
    return axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] });
  });
  return (found as { violations: Violation[] }).violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => {
      const places = nodes.map((n) => `${JSON.stringify(n.target)} ${n.failureSummary}`);
      return `${id}: ${places.join('; ')}`;
    });
}

/** Clicks what starts a download and returns the file's text. */
export async function downloadText(page: Page, button: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ]);
  return readFileSync(await download.path(), 'utf8');
}
