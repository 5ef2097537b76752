/** A heat map as a plain table: for reading, for copying, for screen readers. */
import { css, html, LitElement } from 'lit';
import type { HeatMap } from '../../experiment/views/heat-map.ts';
import { heatText } from '../charts/heat-layout.ts';
import { formatAxisValue } from '../format.ts';
import { base, buttons } from '../style/controls.ts';

/** A larger table would slow the page; the CSV has everything. */
const MOST_CELLS = 2500;

export class HeatTable extends LitElement {
  static override readonly properties = {
    map: { attribute: false },
    chosen: { type: Number },
    caption: { type: String },
    axisLabels: { attribute: false },
  };
  static override readonly styles = [
    base,
    buttons,
    css`
      :host {
        display: block;
        overflow-x: auto;
        padding: 0 var(--space-4) var(--space-3);
      }
      table {
        border-collapse: collapse;
        font-size: var(--small);
      }
      caption {
        text-align: left;
        font-size: var(--tiny);
        color: var(--ink-faint);
        padding-bottom: 4px;
      }
      th {
        font-weight: 500;
        color: var(--ink-soft);
        text-align: right;
        padding: 2px 8px;
      }
      td {
        padding: 0;
        border: 1px solid var(--line);
      }
      td button {
        border: 0;
        border-radius: 0;
        width: 100%;
        min-height: 26px;
        padding: 2px 8px;
        text-align: right;
        font-weight: 400;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  declare map: HeatMap;
  declare chosen: number;
  declare caption: string;
  declare axisLabels: { readonly x: string; readonly y: string };

  protected override render() {
    const { map, axisLabels } = this;
    const columns = map.x.values.length;
    if (map.cells.length > MOST_CELLS) {
      return html`<p>
        ${map.cells.length} cells are too many to show here: the CSV has them all.
      </p>`;
    }
    const rows = Array.from({ length: map.cells.length / columns }, (_, row) => row);
    return html`<table>
      <caption>
        ${this.caption}. Across: ${axisLabels.x}${axisLabels.y ? `; down: ${axisLabels.y}` : ''}.
      </caption>
      <thead>
        <tr>
          <td></td>
          ${map.x.values.map((value) => html`<th scope="col">${formatAxisValue(value)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              <th scope="row">${map.y ? formatAxisValue(map.y.values[row]!) : ''}</th>
              ${map.x.values.map((_, column) => this.#cell(row * columns + column))}
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #cell(at: number) {
    const cell = this.map.cells[at]!;
    return html`<td>
      <button aria-pressed=${cell === this.chosen} @click=${() => this.#pick(cell)}>
        ${heatText(this.map, this.map.values[at]!, 3)}
      </button>
    </td>`;
  }

  #pick(cell: number) {
    this.dispatchEvent(new CustomEvent('cell', { detail: cell, bubbles: true, composed: true }));
  }
}

customElements.define('genloss-heat-table', HeatTable);
