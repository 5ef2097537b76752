/** What laws say of themselves: their names, and on demand formulas and sources. */
import { css, html, nothing } from 'lit';
import type { LawText } from '../../experiment/views/law-overlay.ts';
import { mathText } from '../style/math-text.ts';

export const lawDetails = (laws: readonly LawText[]) =>
  laws.length === 0
    ? nothing
    : html`<details class="theory">
        <summary>${summaryOf(laws)}</summary>
        <dl>
          ${laws.map(
            ({ name, formula, source }) =>
              html`<dt>${name}</dt>
                <dd><span class="formula">${mathText(formula)}</span> (${source})</dd>`,
          )}
        </dl>
      </details>`;

const summaryOf = (laws: readonly LawText[]): string =>
  `${laws.length > 1 ? 'laws' : 'law'}: ${laws.map(({ name }) => name).join(', ')}`;

export const lawStyles = css`
  .theory,
  .parting {
    font-size: var(--tiny);
    color: var(--ink-soft);
    padding: 0 var(--space-4) var(--space-3);
  }
  .theory + .parting {
    margin-top: calc(-1 * var(--space-2));
  }
  .theory summary {
    cursor: pointer;
  }
  .theory dt {
    margin-top: var(--space-1);
    color: var(--ink);
  }
  .theory dd {
    overflow-wrap: anywhere;
  }
  .theory .formula {
    font-family: var(--math);
    font-size: var(--small);
  }
`;
