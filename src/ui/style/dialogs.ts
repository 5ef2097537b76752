/** A dialog of the page with a long task in it: what to do, how far it is, what came of it. */
import { css } from 'lit';

export const dialogs = css`
  :host {
    display: contents;
  }
  dialog {
    width: min(860px, calc(100vw - 2 * var(--space-3)));
    max-height: calc(100dvh - 2 * var(--space-3));
    padding: 0;
    color: var(--ink);
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    box-shadow: 0 16px 48px rgb(0 0 0 / 0.3);
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 0.45);
  }
  header {
    position: sticky;
    top: 0;
    z-index: 1;
    display: flex;
    align-items: center;
    justify-content: space-between;
    padding: var(--space-3) var(--space-4);
    background: var(--surface);
    border-bottom: 1px solid var(--line);
  }
  h2 {
    font-size: 1rem;
  }
  .body {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-4);
    padding: var(--space-4);
  }
  .note {
    font-size: var(--tiny);
    color: var(--ink-faint);
  }
  .action,
  .take {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2) var(--space-3);
    font-size: var(--small);
    color: var(--ink-soft);
  }
  .action button {
    min-height: 38px;
    min-width: 92px;
  }
  .action .notice {
    flex: 1 1 260px;
  }
  .going {
    flex: 1 1 260px;
    min-width: 0;
  }
  .going .note {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0 var(--space-3);
  }
  progress {
    margin-bottom: 4px;
  }
  .results {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-4);
    padding-top: var(--space-4);
    border-top: 1px solid var(--line);
  }
  fieldset {
    display: grid;
    align-content: start;
    gap: 6px;
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  legend {
    padding: 0;
    margin-bottom: var(--space-2);
    font-size: var(--small);
    font-weight: 600;
  }
  label {
    display: flex;
    align-items: flex-start;
    gap: var(--space-2);
    font-size: var(--small);
    color: var(--ink-soft);
  }
  label input {
    flex: none;
    width: 16px;
    height: 16px;
    margin: 1px 0 0;
  }
  ul.note {
    padding-left: 1.1em;
  }
`;
