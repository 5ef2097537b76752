/** How a labelled field looks: label, symbol, control, help, problem. */
import { css } from 'lit';

export const fieldStyles = css`
  :host {
    display: block;
  }
  .field {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 132px;
    align-items: center;
    gap: 2px var(--space-3);
  }
  .field.wide {
    grid-template-columns: minmax(0, 1fr);
  }
  .name {
    font-weight: 500;
  }
  .name .unit {
    font-weight: 400;
    font-size: var(--tiny);
    color: var(--ink-faint);
  }
  .help,
  .problem {
    grid-column: 1 / -1;
    font-size: var(--tiny);
    color: var(--ink-faint);
    line-height: 1.4;
  }
  .problem {
    color: var(--bad);
    font-weight: 500;
  }
  .problem::before {
    content: '▲ ';
    font-size: 0.6rem;
    vertical-align: 1px;
  }
  .swept {
    font-size: var(--tiny);
    color: var(--accent);
    background: var(--accent-wash);
    border-radius: var(--radius-small);
    padding: 6px 8px;
    text-align: center;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .segments {
    grid-column: 1 / -1;
    display: flex;
    flex-wrap: wrap;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-small);
    background: var(--sunken);
    overflow: hidden;
  }
  .segments label {
    position: relative;
    flex: 1 1 auto;
    text-align: center;
    font-size: var(--small);
    padding: 5px 6px;
    min-height: 30px;
    cursor: pointer;
    color: var(--ink-soft);
  }
  .segments label + label {
    border-left: 1px solid var(--line);
  }
  .segments label:hover {
    color: var(--ink);
  }
  .segments label:has(:checked) {
    background: var(--surface);
    color: var(--accent);
    font-weight: 600;
    box-shadow: inset 0 -2px 0 var(--accent);
  }
  .segments label:has(:focus-visible) {
    outline: 2px solid var(--accent);
    outline-offset: -2px;
  }
  .idle .segments label {
    color: var(--ink-faint);
    cursor: not-allowed;
  }
  .idle .segments label:has(:checked) {
    box-shadow: none;
  }
  .idle input {
    cursor: not-allowed;
    border-color: var(--line);
  }
  .segments input {
    position: absolute;
    opacity: 0;
    pointer-events: none;
  }
`;
