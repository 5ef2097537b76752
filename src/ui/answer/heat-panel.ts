/** The sweep at a glance: one summary of one statistic over two axes, and a cell to look into. */
import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { SUMMARY_FIELDS, type Results, type SummaryField } from '../../experiment/results.ts';
import { heatMap, type HeatMap } from '../../experiment/views/heat-map.ts';
import { statisticRow } from '../../spec/statistics.ts';
import { colourOf, cssColour } from '../charts/colour-table.ts';
import { logColours } from '../charts/heat-layout.ts';
import { formatAxisValue, formatValue } from '../format.ts';
import { axisName } from '../form/field-text.ts';
import { base, cards, inputs } from '../style/controls.ts';
import '../charts/heat-canvas.ts';
import './heat-table.ts';

const FIELD_LABELS: Readonly<Partial<Record<SummaryField, string>>> = {
  q50: 'median',
  mean: 'mean',
  sd: 'standard deviation',
  q05: '5 % quantile',
  q95: '95 % quantile',
  min: 'minimum',
  max: 'maximum',
};

/** Shown first where it was measured: the one number that says collapse. */
const FIRST_CHOICE = 'varianceRatio';

/** As a CSS gradient; enough stops that the eye sees no difference. */
const GRADIENT = `linear-gradient(to right, ${Array.from({ length: 17 }, (_, i) =>
  cssColour(colourOf(i / 16)),
).join(', ')})`;

export class HeatPanel extends LitElement {
  static override readonly properties = {
    results: { attribute: false },
    version: { type: Number },
    cell: { type: Number },
    generation: { type: Number },
    statistic: { state: true },
    field: { state: true },
    axes: { state: true },
    tabled: { state: true },
  };
  static override readonly styles = [
    base,
    cards,
    inputs,
    css`
      :host {
        display: block;
      }
      header,
      footer {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2) var(--space-3);
        padding: var(--space-3) var(--space-4);
      }
      h2 {
        margin-right: auto;
      }
      label {
        font-size: var(--small);
        color: var(--ink-soft);
        display: flex;
        align-items: center;
        gap: 6px;
      }
      select {
        flex: 0 1 auto;
        width: auto !important;
        min-width: 110px !important;
        max-width: min(220px, 46%);
      }
      genloss-heat-canvas {
        padding: 0 var(--space-1);
      }
      .bar {
        flex: 1;
        min-width: 160px;
        display: grid;
        grid-template-columns: auto 1fr auto;
        align-items: center;
        gap: var(--space-2);
        font-size: var(--tiny);
        color: var(--ink-soft);
      }
      .bar i {
        height: 10px;
        border-radius: 2px;
      }
    `,
  ];

  declare results: Results;
  declare version: number;
  declare cell: number;
  declare generation: number;
  /** Index into `results.statistics`. */
  declare statistic: number;
  declare field: SummaryField;
  /** Indices of the axes along x and y; y null for a single row. */
  declare axes: readonly [number, number | null];
  declare tabled: boolean;

  constructor() {
    super();
    this.statistic = 0;
    this.field = 'q50';
    this.axes = [0, null];
    this.tabled = false;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('results')) return;
    const { axes, statistics } = this.results;
    this.statistic = Math.max(statistics.indexOf(FIRST_CHOICE), 0);
    this.axes = axes.length > 1 ? [1, 0] : [0, null];
  }

  protected override render() {
    const map = this.#map;
    const row = statisticRow(this.results.statistics[this.statistic]!);
    const axisLabels = {
      x: this.#axisLabel(map.x.name),
      y: map.y ? this.#axisLabel(map.y.name) : '',
    };
    const label = `${FIELD_LABELS[this.field]} of ${row.label} at generation ${this.generation}`;
    return html`<section class="card" aria-labelledby="title">
      <header>
        <h2 id="title">Sweep, generation ${this.generation}</h2>
        ${this.#choosers()} ${this.#axisChoosers()}
      </header>
      <genloss-heat-canvas
        .map=${map}
        .chosen=${this.cell}
        .label="${label}; arrow keys move, Enter shows the cell"
        .axisLabels=${axisLabels}
        @pick=${(event: CustomEvent<number>) => this.#cellPicked(event.detail)}
      ></genloss-heat-canvas>
      <footer>
        <div class="bar number" aria-hidden="true">
          <span>${formatValue(map.min, 3)}</span><i .style=${`background:${GRADIENT}`}></i
          ><span>${formatValue(map.max, 3)}${logColours(map) ? ', log colours' : ''}</span>
        </div>
        <label
          ><input
            type="checkbox"
            .checked=${this.tabled}
            @change=${() => (this.tabled = !this.tabled)}
          />as a table</label
        >
      </footer>
      ${
        this.tabled
          ? html`<genloss-heat-table
              .map=${map}
              .chosen=${this.cell}
              .axisLabels=${axisLabels}
              .caption=${label}
            ></genloss-heat-table>`
          : nothing
      }
    </section>`;
  }

  #cellPicked(cell: number) {
    this.dispatchEvent(new CustomEvent('cell', { detail: cell, bubbles: true, composed: true }));
  }

  get #map(): HeatMap {
    const { results, statistic, field, generation, cell } = this;
    const [x, y] = this.axes;
    return heatMap(results, { statistic, field, generation, x, y, position: this.#position(cell) });
  }

  /** Where the shown cell is on every axis: the slice through a sweep of more than two. */
  #position(cell: number): number[] {
    const { axes } = this.results;
    let rest = cell;
    return axes
      .toReversed()
      .map(({ values }) => {
        const at = rest % values.length;
        rest = Math.floor(rest / values.length);
        return at;
      })
      .toReversed();
  }

  #axisLabel(path: string): string {
    return axisName(path, this.results.spec.truth.kind);
  }

  #choosers() {
    const { statistics } = this.results;
    return html`
      <select
        aria-label="Statistic"
        @change=${(event: Event) =>
          (this.statistic = Number((event.target as HTMLSelectElement).value))}
      >
        ${statistics.map(
          (name, i) =>
            html`<option value=${i} ?selected=${i === this.statistic}>
              ${statisticRow(name).label}
            </option>`,
        )}
      </select>
      <select
        aria-label="Summary"
        @change=${(event: Event) =>
          (this.field = (event.target as HTMLSelectElement).value as SummaryField)}
      >
        ${SUMMARY_FIELDS.filter((field) => FIELD_LABELS[field]).map(
          (field) =>
            html`<option value=${field} ?selected=${field === this.field}>
              ${FIELD_LABELS[field]}
            </option>`,
        )}
      </select>
    `;
  }

  /** Only a sweep of three axes or more has a choice of planes. */
  #axisChoosers() {
    const { axes } = this.results;
    if (axes.length < 3) return nothing;
    const [x, y] = this.axes;
    const chooser = (label: string, at: number, choose: (axis: number) => void) =>
      html`<label
        >${label}
        <select
          @change=${(event: Event) => choose(Number((event.target as HTMLSelectElement).value))}
        >
          ${axes.map(
            ({ name, values }, i) =>
              html`<option
                value=${i}
                ?selected=${i === at}
                title=${values.map(formatAxisValue).join(', ')}
              >
                ${this.#axisLabel(name)}
              </option>`,
          )}
        </select></label
      >`;
    return html`
      ${chooser('across', x, (axis) => (this.axes = axis === y ? [axis, x] : [axis, y]))}
      ${chooser('up', y!, (axis) => (this.axes = axis === x ? [y!, axis] : [x, axis]))}
    `;
  }
}

customElements.define('genloss-heat-panel', HeatPanel);
