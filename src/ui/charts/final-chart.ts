/** How lineages are spread over one statistic at their last generation, beside the law. */
import { css, html, nothing } from 'lit';
import type { Results } from '../../experiment/results.ts';
import { finalValues, type FinalValues } from '../../experiment/views/final-values.ts';
import { statisticRow, type StatisticName } from '../../spec/statistics.ts';
import { inputs } from '../style/controls.ts';
import { formatValue } from '../format.ts';
import { mathText } from '../style/math-text.ts';
import { finalData, finalOptions, finalScale, finalTable } from './final-data.ts';
import { lawDetails, lawStyles } from './law-details.ts';
import { PlotElement } from './plot-element.ts';
import type { PlotLook } from './plot-frame.ts';
import './chart-table.ts';

export class FinalChart extends PlotElement<FinalValues> {
  static override readonly properties = {
    ...PlotElement.plotProperties,
    names: { attribute: false },
    chosen: { state: true },
  };
  static override readonly styles = [
    ...PlotElement.plotStyles,
    inputs,
    css`
      header {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        align-items: center;
        gap: 0 var(--space-2);
      }
      h3 {
        line-height: 24px;
        white-space: nowrap;
      }
      header select {
        justify-self: end;
        width: auto;
        max-width: 100%;
        min-height: 24px;
        padding: 0 4px;
        font-size: var(--tiny);
      }
      h3 .symbol {
        font-weight: 400;
        margin-left: var(--space-1);
      }
      .reading b {
        color: var(--ink);
      }
      .reading {
        grid-column: 1 / -1;
        min-height: 1.45em;
        font-size: var(--tiny);
        color: var(--ink-soft);
      }
      .plot {
        cursor: default;
      }
      .none {
        height: var(--space-3);
      }
    `,
    lawStyles,
  ];

  /** Statistics to choose from, all of them measured. */
  declare names: readonly StatisticName[];
  /** What the user asked for; null: the first with a law, else the first. */
  declare chosen: StatisticName | null;

  constructor() {
    super();
    this.names = [];
    this.chosen = null;
  }

  get #name(): StatisticName {
    const { names, chosen, laws } = this;
    if (chosen && names.includes(chosen)) return chosen;
    return names.find((name) => laws?.fans.some((fan) => fan.statistic === name)) ?? names[0]!;
  }

  protected override get readBy() {
    return ['names', 'chosen'];
  }

  protected override read(results: Results, cell: number) {
    return finalValues(results, cell, results.statistics.indexOf(this.#name), this.laws);
  }

  protected override get kind() {
    return [finalScale(this.plotted), this.plotted.law !== null];
  }

  protected override options(look: PlotLook) {
    return finalOptions(look, finalScale(this.plotted), this.plotted.law !== null);
  }

  protected override columns() {
    return finalData(this.plotted, finalScale(this.plotted));
  }

  protected override render() {
    const { plotted, names } = this;
    const { label } = statisticRow(this.#name);
    const caption = `Share of lineages below each value of ${label}, generation ${plotted.generation}`;
    return html`
      <header>
        <h3 title=${caption}>Final values <span class="symbol">${mathText('P(X_G ≤ x)')}</span></h3>
        <select
          aria-label="Statistic of the final values"
          @change=${(event: Event) => {
            this.chosen = (event.target as HTMLSelectElement).value as StatisticName;
          }}
        >
          ${names.map(
            (name) =>
              html`<option value=${name} ?selected=${name === this.#name}>
                ${statisticRow(name).label}
              </option>`,
          )}
        </select>
        <p class="reading number"><b>${plotted.generation}</b> ${this.#reading()}</p>
      </header>
      ${this.plot(caption)}
      ${plotted.law ? lawDetails([plotted.law]) : html`<div class="none"></div>`}
      ${
        this.tabled
          ? html`<genloss-chart-table
              .table=${finalTable(plotted)}
              .caption=${caption}
            ></genloss-chart-table>`
          : nothing
      }
    `;
  }

  /** The medians. */
  #reading(): string {
    const { measured, law } = this.plotted;
    const half = Math.floor(measured.length / 2);
    const found = measured[half]!;
    const known = Number.isNaN(found)
      ? 'not there yet'
      : `measured half below ${formatValue(found, 3)}`;
    return law ? `${known} · law ${formatValue(law.last.quantiles[half]!, 3)}` : known;
  }
}

customElements.define('genloss-final', FinalChart);
