/** Looks that every element shares: boxes, text, buttons, inputs and the visible focus. */
import { css } from 'lit';

export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  dl,
  dd,
  figure {
    margin: 0;
    padding: 0;
  }
  h2,
  h3 {
    font-size: inherit;
    font-weight: 600;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  .number {
    font-variant-numeric: tabular-nums;
  }
  sub,
  sup {
    font-size: 0.72em;
    line-height: 0;
  }
  .symbol {
    font-family: var(--math);
    font-style: italic;
    color: var(--ink-faint);
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      transition: none !important;
      animation: none !important;
    }
  }
`;

export const buttons = css`
  button {
    font: inherit;
    font-weight: 500;
    color: var(--ink);
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--radius-small);
    padding: 5px 11px;
    min-height: 32px;
    cursor: pointer;
    transition:
      background 0.12s,
      border-color 0.12s;
  }
  button:hover:not(:disabled) {
    border-color: var(--line-strong);
    background: var(--sunken);
  }
  button:disabled {
    color: var(--ink-faint);
    cursor: not-allowed;
  }
  button.primary {
    color: var(--on-accent);
    background: var(--accent);
    border-color: var(--accent);
  }
  button.primary:disabled {
    color: var(--ink-faint);
    background: var(--sunken);
    border-color: var(--line);
  }
  button.primary:hover:not(:disabled) {
    background: color-mix(in oklab, var(--accent) 88%, var(--ink));
  }
  button.quiet {
    border-color: transparent;
    background: transparent;
    color: var(--ink-soft);
  }
  button.quiet:hover:not(:disabled) {
    background: var(--sunken);
    color: var(--ink);
  }
  button.icon {
    display: inline-grid;
    place-items: center;
    padding: 0;
    width: 32px;
  }
  button[aria-pressed='true'] {
    color: var(--accent);
    background: var(--accent-wash);
    border-color: color-mix(in oklab, var(--accent) 45%, transparent);
  }
  svg.glyph {
    width: 16px;
    height: 16px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.6;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
`;

/** Two buttons side by side: lin and log. */
export const scaleButtons = css`
  ${buttons}
  .scale {
    display: flex;
  }
  .scale button {
    font-size: var(--tiny);
    min-height: 24px;
    padding: 0 8px;
    color: var(--ink-soft);
  }
  .scale button:first-child {
    border-radius: var(--radius-small) 0 0 var(--radius-small);
  }
  .scale button:last-child {
    border-radius: 0 var(--radius-small) var(--radius-small) 0;
    margin-left: -1px;
  }
  .scale button[aria-pressed='true'] {
    position: relative;
    color: var(--accent);
  }
`;

export const inputs = css`
  input:not([type='checkbox'], [type='radio'], [type='range'], [type='file']),
  select,
  textarea {
    font: inherit;
    font-variant-numeric: tabular-nums;
    color: var(--ink);
    background: var(--sunken);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-small);
    padding: 4px 8px;
    min-height: 32px;
    width: 100%;
    min-width: 0;
  }
  textarea {
    font: var(--tiny) / 1.5 var(--mono);
    resize: vertical;
  }
  input::placeholder {
    color: var(--ink-faint);
    opacity: 1;
  }
  input[aria-invalid='true'],
  textarea[aria-invalid='true'],
  select[aria-invalid='true'] {
    border-color: var(--bad);
    box-shadow: 0 0 0 1px var(--bad);
  }
  input[type='range'] {
    width: 100%;
    height: 24px;
    margin: 0;
    cursor: pointer;
  }
  input[type='checkbox'] {
    width: 16px;
    height: 16px;
    margin: 0;
    flex: none;
  }
`;

export const progressBars = css`
  progress {
    appearance: none;
    display: block;
    width: 100%;
    height: 6px;
    border: 0;
    border-radius: 3px;
    overflow: hidden;
    background: var(--line);
  }
  progress::-webkit-progress-bar {
    background: var(--line);
  }
  progress::-webkit-progress-value {
    background: var(--accent);
  }
  progress::-moz-progress-bar {
    background: var(--accent);
  }
`;

/** A titled white box: charts and parts of the run. */
export const cards = css`
  .card {
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }
  .notice {
    font-size: var(--small);
    color: var(--warn);
    background: var(--warn-wash);
    border: 1px solid color-mix(in oklab, var(--warn) 30%, transparent);
    border-radius: var(--radius-small);
    padding: var(--space-2) var(--space-3);
  }
  .notice.bad {
    color: var(--bad);
    background: var(--bad-wash);
    border-color: color-mix(in oklab, var(--bad) 35%, transparent);
  }
  .notice ul {
    margin: 0;
    padding-left: 1.1em;
  }
`;
