/** The dialog in which an engine is held against the laws. */
import { css } from 'lit';

export const validateStyles = css`
  .sum {
    display: grid;
    gap: var(--space-1);
    font-size: var(--small);
    color: var(--ink-soft);
  }
  .sum .whole {
    font-size: 1rem;
    font-weight: 600;
    color: var(--ink);
  }
  .sum .whole.holds {
    color: var(--good);
  }
  .sum .whole.fails {
    color: var(--bad);
  }
  .take label {
    align-items: center;
    margin-right: auto;
  }
  .take select {
    width: auto;
  }
  .laws {
    border-bottom: 1px solid var(--line);
  }
`;
