/**
 * The sweep at a glance, over two axes: one summary of one statistic, or what becomes of each cell;
 * and a cell to look into.
 */
import { css, html, nothing, type PropertyValues } from 'lit';
import { hasRegimes, REGIME_NAME } from '../../experiment/regime.ts';
import { SUMMARY_FIELDS, type Results, type SummaryField } from '../../experiment/results.ts';
import { heatMap, regimeMap, type HeatMap } from '../../experiment/views/heat-map.ts';
import type { PresetView } from '../../spec/presets.ts';
import { statisticRow, type StatisticName } from '../../spec/statistics.ts';
import type { Scale } from '../charts/fan-data.ts';
import { logColoursFor } from '../charts/heat-layout.ts';
import { formatAxisValue } from '../format.ts';
import { axisName } from '../form/field-text.ts';
import { QueuedElement } from '../queued-element.ts';
import { base, cards, inputs } from '../style/controls.ts';
import '../charts/heat-canvas.ts';
import './heat-legend.ts';
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

/** What squares show: a statistic, or the regime. */
type Shown = StatisticName | 'regime';

export class HeatPanel extends QueuedElement {
  static override readonly properties = {
    results: { attribute: false },
    version: { type: Number },
    cell: { type: Number },
    generation: { type: Number },
    view: { attribute: false },
    shown: { state: true },
    field: { state: true },
    chosenScale: { state: true },
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
      label select {
        max-width: 220px;
      }
      /* Alone, as beside a regime there is no summary to choose. */
      header > select:only-of-type {
        max-width: 100%;
      }
      @media (max-width: 599px) {
        header > select {
          flex: 1 1 100%;
          max-width: 100%;
        }
      }
      genloss-heat-legend.wide {
        flex-basis: 100%;
      }
      genloss-heat-canvas {
        padding: 0 var(--space-1);
      }
    `,
  ];

  declare results: Results;
  declare version: number;
  declare cell: number;
  declare generation: number;
  /** Of the preset that runs. */
  declare view: PresetView | null;
  declare shown: Shown;
  declare field: SummaryField;
  /** Of the colours; null as the data ask. */
  declare chosenScale: Scale | null;
  /** Indices of the axes along x and y; y null for a single row. */
  declare axes: readonly [number, number | null];
  declare tabled: boolean;
  /** The view that `shown` and `field` were last chosen for. */
  #applied: PresetView | null = null;

  constructor() {
    super();
    this.view = null;
    this.shown = FIRST_CHOICE;
    this.field = 'q50';
    this.chosenScale = null;
    this.axes = [0, null];
    this.tabled = false;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('results')) return;
    const { axes } = this.results;
    if (this.view !== this.#applied) {
      this.shown = this.view?.statistic ?? FIRST_CHOICE;
      this.field = this.view?.summary ?? 'q50';
      this.chosenScale = this.view?.colours ?? null;
      this.#applied = this.view;
    }
    const choices = this.#choices;
    if (!choices.includes(this.shown)) {
      this.shown = choices.find((choice) => choice === FIRST_CHOICE) ?? choices[0]!;
    }
    this.axes = axes.length > 1 ? [1, 0] : [0, null];
  }

  get #choices(): readonly Shown[] {
    const { statistics } = this.results;
    return hasRegimes(this.results) ? [...statistics, 'regime'] : statistics;
  }

  protected override render() {
    const map = this.#map;
    const scale = this.#scaleOf(map);
    const axisLabels = {
      x: this.#axisLabel(map.x.name),
      y: map.y ? this.#axisLabel(map.y.name) : '',
    };
    const label = `${this.#what} at generation ${this.generation}`;
    return html`<section class="card" aria-labelledby="title">
      <header>
        <h2 id="title">Sweep, generation ${this.generation}</h2>
        ${this.#choosers()} ${this.#axisChoosers()}
      </header>
      <genloss-heat-canvas
        .map=${map}
        .scale=${scale}
        .chosen=${this.cell}
        .label="${label}; arrow keys move, Enter shows the cell"
        .axisLabels=${axisLabels}
        @pick=${(event: CustomEvent<number>) => this.#cellPicked(event.detail)}
      ></genloss-heat-canvas>
      <footer>
        <genloss-heat-legend
          class=${map.words ? 'wide' : ''}
          .map=${map}
          .scale=${scale}
          .stages=${this.results.spec.stages}
          @scale=${(event: CustomEvent<Scale>) => (this.chosenScale = event.detail)}
        ></genloss-heat-legend>
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

  #scaleOf(map: HeatMap): Scale {
    const { possible, better } = logColoursFor(map);
    if (!possible) return 'linear';
    return this.chosenScale ?? (better ? 'log' : 'linear');
  }

  get #what(): string {
    const { shown, field } = this;
    if (shown === 'regime') return REGIME_NAME;
    return `${FIELD_LABELS[field]} of ${statisticRow(shown).label}`;
  }

  #cellPicked(cell: number) {
    this.dispatchEvent(new CustomEvent('cell', { detail: cell, bubbles: true, composed: true }));
  }

  get #map(): HeatMap {
    const { results, shown, field, generation, cell } = this;
    const [x, y] = this.axes;
    const plane = { generation, x, y, position: this.#position(cell) };
    if (shown === 'regime') return regimeMap(results, plane);
    return heatMap(results, { ...plane, statistic: results.statistics.indexOf(shown), field });
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
    return html`
      <select
        aria-label="Statistic"
        @change=${(event: Event) =>
          (this.shown = (event.target as HTMLSelectElement).value as Shown)}
      >
        ${this.#choices.map(
          (choice) =>
            html`<option value=${choice} ?selected=${choice === this.shown}>
              ${choice === 'regime' ? REGIME_NAME : statisticRow(choice).label}
            </option>`,
        )}
      </select>
      ${this.shown === 'regime' ? nothing : this.#summaryChooser()}
    `;
  }

  #summaryChooser() {
    return html`<select
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
    </select>`;
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
