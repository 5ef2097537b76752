/** A sweep of a few cells as a table: every statistic of each beside those of the others. */
import { css, html } from 'lit';
import type { Results } from '../../experiment/results.ts';
import { comparison, type ComparisonRow } from '../../experiment/views/comparison.ts';
import { formatAxisValue, formatValue } from '../format.ts';
import { axisName } from '../form/field-text.ts';
import { QueuedElement } from '../queued-element.ts';
import { base, buttons, cards } from '../style/controls.ts';

/** More columns than these are no comparison that a person makes, nor fit the page. */
export const MOST_COMPARED = 6;

export class CellComparison extends QueuedElement {
  static override readonly properties = {
    results: { attribute: false },
    version: { type: Number },
    cell: { type: Number },
    generation: { type: Number },
  };
  static override readonly styles = [
    base,
    buttons,
    cards,
    css`
      :host {
        display: block;
      }
      header {
        padding: var(--space-3) var(--space-4) var(--space-1);
      }
      header p {
        font-size: var(--tiny);
        color: var(--ink-soft);
      }
      .scroll {
        overflow-x: auto;
        scrollbar-width: thin;
        padding: 0 var(--space-4) var(--space-3);
      }
      table {
        width: 100%;
        border-collapse: collapse;
        table-layout: fixed;
        font-size: var(--small);
      }
      .names {
        width: 190px;
      }
      .values {
        width: 92px;
      }
      th,
      td {
        padding: 2px 8px;
        text-align: right;
        font-weight: 400;
        border-bottom: 1px solid var(--line);
      }
      th[scope='row'] {
        text-align: left;
        padding-left: 0;
        color: var(--ink-soft);
      }
      th button {
        width: 100%;
        min-height: 26px;
        padding: 2px 4px;
        text-align: right;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      td.chosen {
        background: var(--accent-wash);
        color: var(--ink);
      }
    `,
  ];

  declare results: Results;
  /** Of the results: they are filled in place. */
  declare version: number;
  declare cell: number;
  declare generation: number;

  protected override render() {
    const { results, generation } = this;
    const axes = results.axes.map(({ name }) => axisName(name, results.spec.truth.kind)).join(', ');
    return html`<section class="card" aria-labelledby="title">
      <header>
        <h2 id="title">Side by side</h2>
        <p>medians and shares of lineages at generation ${generation}, by ${axes}</p>
      </header>
      <div class="scroll" role="region" tabindex="0" aria-label="Cells side by side">
        <table class="number">
          <colgroup>
            <col class="names" />
            ${results.cells.map(() => html`<col class="values" />`)}
          </colgroup>
          <thead>
            <tr>
              <td></td>
              ${results.cells.map((_, cell) => this.#head(cell))}
            </tr>
          </thead>
          <tbody>
            ${comparison(results, generation).map((row) => this.#row(row))}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  #head(cell: number) {
    const values = this.results.cells[cell]!.values.map(formatAxisValue).join(', ');
    return html`<th scope="col">
      <button title=${values} aria-pressed=${cell === this.cell} @click=${() => this.#pick(cell)}>
        ${values}
      </button>
    </th>`;
  }

  #row({ label, share, values }: ComparisonRow) {
    return html`<tr>
      <th scope="row">${label}</th>
      ${values.map(
        (value, cell) =>
          html`<td class=${cell === this.cell ? 'chosen' : ''}>${valueText(value, share)}</td>`,
      )}
    </tr>`;
  }

  #pick(cell: number) {
    this.dispatchEvent(new CustomEvent('cell', { detail: cell, bubbles: true, composed: true }));
  }
}

const valueText = (value: number, share: boolean): string =>
  share && !Number.isNaN(value) ? `${(100 * value).toFixed(1)}\u00a0%` : formatValue(value, 3);

customElements.define('genloss-comparison', CellComparison);
