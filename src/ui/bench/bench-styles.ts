/** The dialog in which engines are compared, on a desk and in a hand. */
import { css } from 'lit';

export const benchStyles = css`
  summary {
    font-weight: 600;
    cursor: pointer;
  }
  summary .note {
    margin-left: var(--space-2);
    font-weight: 400;
  }
  .settings {
    display: grid;
    grid-template-columns: 3fr 2fr;
    gap: var(--space-4);
    padding-top: var(--space-3);
  }
  @media (max-width: 640px) {
    .settings {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
