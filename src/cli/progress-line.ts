/** Progress on stderr: one line written over on a terminal, a line now and then elsewhere. */
import type { Progress } from '../experiment/progress.ts';
import type { Host } from './host.ts';

const TERMINAL_EVERY_MS = 100;
const LOG_EVERY_MS = 10_000;

const UNITS = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** 1234567 → "1.23 M". */
export function shortNumber(value: number): string {
  const [size, suffix] = UNITS.find(([least]) => value >= least) ?? [1, ''];
  return `${Number((value / size).toPrecision(3))}${suffix ? ` ${suffix}` : ''}`;
}

/** Seconds as people read them: "42 s", "3 min 05 s", "2 h 10 min". */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (part: number) => `${part}`.padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

function sentence(progress: Progress): string {
  const { lineageGenerationsDone: done, lineageGenerationsTotal: total } = progress;
  const parts = [`${Math.floor((100 * done) / total)} %`];
  if (progress.batchCount > 1) parts.push(`batch ${progress.batch + 1}/${progress.batchCount}`);
  parts.push(`generation ${progress.generation}`);
  if (progress.secondsLeft !== null) {
    parts.push(`${shortNumber(progress.lineageGenerationsPerSecond)} lg/s`);
    parts.push(`${duration(progress.secondsLeft)} left`);
  }
  return parts.join(' · ');
}

export interface ProgressLine {
  show(progress: Progress): void;
  /** Takes the line away before other text is written. */
  clear(): void;
}

export function progressLine(host: Host, quiet: boolean): ProgressLine {
  const every = host.terminal ? TERMINAL_EVERY_MS : LOG_EVERY_MS;
  // Elsewhere than on a terminal a short run leaves no progress lines at all.
  let next = host.terminal ? 0 : host.now() + every;
  let shown = false;
  return {
    show(progress) {
      if (quiet || host.now() < next) return;
      next = host.now() + every;
      const text = sentence(progress);
      // \x1b[K clears what a longer line left behind.
      host.err(host.terminal ? `\r${text.slice(0, host.columns - 1)}\x1b[K` : `${text}\n`);
      shown = host.terminal;
    },
    clear() {
      if (shown) host.err('\r\x1b[K');
      shown = false;
    },
  };
}
