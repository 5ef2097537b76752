/** Light, dark or as the system says; kept for the next visit where storage is allowed. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'genloss.theme';
const CHANGED = 'genloss-theme';
const darkQuery = matchMedia('(prefers-color-scheme: dark)');

export function currentTheme(): Theme {
  const named = document.documentElement.dataset.theme;
  return named === 'light' || named === 'dark' ? named : 'auto';
}

export function setTheme(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  store(theme);
  dispatchEvent(new Event(CHANGED));
}

function store(theme: Theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A private window: the choice lasts as long as the page.
  }
}

/** Puts the kept choice on the page; called once, before anything is drawn. */
export function restoreTheme(): void {
  try {
    const kept = localStorage.getItem(KEY);
    if (kept === 'light' || kept === 'dark') document.documentElement.dataset.theme = kept;
  } catch {
    // A private window: as the system says.
  }
}

/** Calls `changed` whenever the colours change, for as long as the page lives. */
export function onColoursChanged(changed: () => void): void {
  addEventListener(CHANGED, changed);
  darkQuery.addEventListener('change', changed);
}

/** Tells a host whenever the colours change. */
export class ThemeWatch implements ReactiveController {
  readonly #changed: () => void;

  constructor(host: ReactiveControllerHost, changed: () => void) {
    this.#changed = changed;
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener(CHANGED, this.#changed);
    darkQuery.addEventListener('change', this.#changed);
  }

  hostDisconnected(): void {
    removeEventListener(CHANGED, this.#changed);
    darkQuery.removeEventListener('change', this.#changed);
  }
}
