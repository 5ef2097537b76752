/** What a chart shows, as a plain table: for reading, for copying, for screen readers. */
import { css, html, LitElement } from 'lit';
import { base } from '../style/controls.ts';
import type { TableData } from './table-data.ts';

export class ChartTable extends LitElement {
  static override readonly properties = {
    table: { attribute: false },
    caption: { type: String },
  };
  static override readonly styles = [
    base,
    css`
      :host {
        display: block;
        padding: 0 var(--space-3) var(--space-3);
      }
      div {
        overflow: auto;
        scrollbar-width: thin;
        max-height: 240px;
        border: 1px solid var(--line);
        border-radius: var(--radius-small);
      }
      table {
        border-collapse: collapse;
        min-width: 100%;
        font-size: var(--tiny);
      }
      th,
      td {
        padding: 2px 6px;
        text-align: right;
        font-weight: 400;
      }
      thead th {
        position: sticky;
        top: 0;
        background: var(--sunken);
        color: var(--ink-soft);
      }
      tbody th {
        color: var(--ink-soft);
      }
      tr.chosen > * {
        background: var(--accent-wash);
        color: var(--ink);
      }
    `,
  ];

  declare table: TableData;
  declare caption: string;

  protected override render() {
    const { corner, heads, rows } = this.table;
    return html`<div role="region" tabindex="0" aria-label=${this.caption}>
      <table class="number">
        <caption class="visually-hidden">
          ${this.caption}
        </caption>
        <thead>
          <tr>
            <th scope="col">${corner}</th>
            ${heads.map((head) => html`<th scope="col">${head}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ head, cells, chosen }) =>
              html`<tr class=${chosen ? 'chosen' : ''}>
                <th scope="row">${head}</th>
                ${cells.map((cell) => html`<td>${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}

customElements.define('genloss-chart-table', ChartTable);
