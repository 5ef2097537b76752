/** Where the three parts of the page lie, on a desk, on a lap and in a hand. */
import { css } from 'lit';

export const appStyles = css`
  :host {
    display: grid;
    grid-template: auto minmax(0, 1fr) / 336px minmax(0, 1fr) 272px;
    height: 100dvh;
    overflow: hidden;
  }
  genloss-header {
    grid-column: 1 / -1;
  }
  .skip {
    position: absolute;
    left: -999px;
    z-index: 2;
    background: var(--surface);
    color: var(--accent);
    padding: var(--space-2) var(--space-3);
  }
  .skip:focus {
    left: var(--space-2);
    top: var(--space-2);
  }
  .experiment,
  .answer,
  .run {
    position: relative;
    min-width: 0;
    overflow-y: auto;
    scrollbar-width: thin;
    scrollbar-color: var(--line-strong) transparent;
  }
  .experiment {
    display: flex;
    flex-direction: column;
    background: var(--surface);
    border-right: 1px solid var(--line);
  }
  .run {
    background: var(--surface);
    border-left: 1px solid var(--line);
  }
  genloss-preset-picker {
    padding: var(--space-4);
  }
  .link {
    margin: 0 var(--space-4) var(--space-3);
  }
  .cost {
    position: sticky;
    bottom: 0;
    margin-top: auto;
    padding: var(--space-3) var(--space-4);
    background: var(--surface);
    border-top: 1px solid var(--line);
  }
  .answer genloss-answer {
    max-width: 1180px;
    margin: 0 auto;
  }
  .change > summary {
    padding: var(--space-3) var(--space-4);
    border-top: 1px solid var(--line);
    color: var(--accent);
    font-weight: 600;
    cursor: pointer;
  }
  :host([layout='lap']) {
    grid-template: auto minmax(0, 1fr) auto / 320px minmax(0, 1fr);
  }
  genloss-run-bar {
    grid-column: 1 / -1;
  }
  .more {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 260px), 1fr));
    margin: 0 var(--space-4) var(--space-4);
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }
  .more genloss-export {
    border-top: 0;
    align-content: start;
  }
  :host([layout='hand']) {
    display: block;
    height: auto;
    overflow: visible;
  }
  :host([layout='hand']) .experiment {
    border-right: 0;
    border-bottom: 1px solid var(--line);
  }
  :host([layout='hand']) .cost {
    position: static;
  }
  :host([layout='hand']) genloss-run-bar {
    position: sticky;
    bottom: 0;
    z-index: 1;
  }
`;
