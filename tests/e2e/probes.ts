/** What the main thread of the page was busy with, seen from inside the page and from outside. */
import type { Browser, Page } from 'playwright-core';

export interface Watched {
  /** Durations of tasks over 50 ms, as PerformanceObserver tells them. */
  readonly longTasks: readonly number[];
  /** Longest time from one animation frame to the next, and from one timer of 10 ms to the next. */
  readonly frameGap: number;
  readonly timerGap: number;
  /** From the click on Stop until the page says that it has stopped. */
  readonly stopMs: number;
}

interface Probe {
  stop(): Promise<Watched>;
}
type Probed = typeof globalThis & { probe: Probe };

/** Watches from now on; `stop` presses Stop and tells. */
export async function watch(page: Page): Promise<Probe> {
  await page.evaluate(() => {
    const longTasks: number[] = [];
    const observer = new PerformanceObserver((list) => {
      longTasks.push(...list.getEntries().map(({ duration }) => duration));
    });
    observer.observe({ type: 'longtask' });
    const gaps = { frame: 0, timer: 0 };
    const last = { frame: performance.now(), timer: performance.now() };
    let watching = true;
    const see = (what: 'frame' | 'timer') => {
      const now = performance.now();
      gaps[what] = Math.max(gaps[what], now - last[what]);
      last[what] = now;
    };
    const frame = () => {
      see('frame');
      if (watching) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    const timer = setInterval(() => see('timer'), 10);
    const panel = document
      .querySelector('genloss-app')!
      .shadowRoot!.querySelector('genloss-run-panel')!.shadowRoot!;
    const stop = async () => {
      const began = performance.now();
      panel.querySelector<HTMLButtonElement>('#stop')!.click();
      const stopped = () => panel.querySelector('.phase')!.classList.contains('stopped');
      while (!stopped()) await new Promise((resolve) => setTimeout(resolve));
      const stopMs = performance.now() - began;
      watching = false;
      clearInterval(timer);
      observer.disconnect();
      return { longTasks, frameGap: gaps.frame, timerGap: gaps.timer, stopMs };
    };
    (globalThis as Probed).probe = { stop };
  });
  return { stop: () => page.evaluate(() => (globalThis as Probed).probe.stop()) };
}

export interface TaskLength {
  readonly wallMs: number;
  /** Of the processor: what other programs take is not in it. */
  readonly cpuMs: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Tasks of main threads over 5 ms while `act` goes on, the longest first. */
export async function taskLengths(
  browser: Browser,
  page: Page,
  act: () => Promise<void>,
): Promise<TaskLength[]> {
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
  await act();
  const text = (await browser.stopTracing()).toString();
  const { traceEvents } = JSON.parse(text) as { traceEvents: TraceEvent[] };
  const thread = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(thread),
  );
  return traceEvents
    .filter((event) => event.name.endsWith('RunTask') && mains.has(thread(event)))
    .map(({ dur = 0, tdur = 0 }) => ({ wallMs: dur / 1000, cpuMs: tdur / 1000 }))
    .filter(({ wallMs }) => wallMs > 5)
    .sort((a, b) => b.wallMs - a.wallMs);
}

/** Opens the page anew; when its first chart was drawn, and when it had numbers to show. */
export async function firstChart(page: Page, url: string) {
  await page.addInitScript(() => {
    const seen = { drawnMs: 0, firstGenerationMs: 0 };
    (globalThis as typeof globalThis & { seen: typeof seen }).seen = seen;
    const look = () => {
      const answer = document
        .querySelector('genloss-app')
        ?.shadowRoot?.querySelector('genloss-answer')?.shadowRoot;
      const charts = answer?.querySelector('genloss-charts')?.shadowRoot;
      const chart = charts?.querySelector('genloss-fan')?.shadowRoot?.querySelector('canvas');
      const said = answer?.querySelector('.headline')?.textContent ?? '';
      if (chart && !seen.drawnMs) seen.drawnMs = performance.now();
      if (said.startsWith('After')) seen.firstGenerationMs = performance.now();
      if (!seen.drawnMs || !seen.firstGenerationMs) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto(url);
  await page.getByText(/^After \d+ generations? the median/).waitFor();
  await page.locator('genloss-fan canvas').first().waitFor();
  return page.evaluate(
    () => (globalThis as unknown as { seen: { drawnMs: number; firstGenerationMs: number } }).seen,
  );
}
