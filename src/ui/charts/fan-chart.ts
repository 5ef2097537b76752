/** One statistic over generations: quantile bands, median, mean and the law of theory. */
import { css, html, nothing } from 'lit';
import { statisticIndex, type LawLabel, type Results } from '../../experiment/results.ts';
import { fan, type Fan } from '../../experiment/views/fan.ts';
import type { StatisticRow } from '../../spec/statistics.ts';
import type { Spec } from '../../spec/schema.ts';
import { isDeepEqual } from '../is-deep-equal.ts';
import { scaleButtons } from '../style/controls.ts';
import { mathText } from '../style/math-text.ts';
import { fanData, fanReading, fanTable, lawIsWide, logScaleFor, type Scale } from './fan-data.ts';
import { fanOptions } from './fan-options.ts';
import { PlotElement } from './plot-element.ts';
import type { PlotLook } from './plot-frame.ts';
import { scaleChooser } from './scale-chooser.ts';

export class FanChart extends PlotElement<Fan> {
  static override readonly properties = {
    ...PlotElement.plotProperties,
    row: { attribute: false },
    chosenScale: { state: true },
  };

  static override readonly styles = [
    ...PlotElement.plotStyles,
    scaleButtons,
    css`
      header {
        display: grid;
        grid-template-columns: 1fr auto;
        align-items: start;
        gap: 0 var(--space-2);
      }
      /* One line: a symbol that has no room beside the name wraps out of sight. */
      h3 {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--space-2);
        height: 24px;
        line-height: 24px;
        overflow: hidden;
      }
      h3 .symbol {
        font-weight: 400;
        white-space: nowrap;
      }
      .reading {
        grid-column: 1 / -1;
        font-size: var(--tiny);
        color: var(--ink-soft);
        height: 1.45em;
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .reading b {
        display: inline-block;
        min-width: 1.9em;
        color: var(--ink);
      }
      .law {
        font-size: var(--tiny);
        color: var(--ink-soft);
        padding: 0 var(--space-4) var(--space-3);
        min-height: 1.45em;
      }
      .law::before {
        content: '';
        display: inline-block;
        width: 20px;
        border-top: 2px dashed var(--law);
        vertical-align: middle;
        margin-right: 6px;
      }
      .law.none::before {
        content: none;
      }
      .law .formula {
        font-family: var(--math);
        font-size: var(--small);
      }
      .law .source {
        color: var(--ink-faint);
      }
      .law .parting {
        display: block;
        margin-top: var(--space-1);
      }
    `,
  ];

  declare row: StatisticRow;
  /** What the user asked for; null as the data ask. */
  declare chosenScale: Scale | null;
  /** What the axis began with or has come to, for as long as the experiment is the same. */
  #settled: { readonly spec: Spec; readonly cell: number; readonly scale: Scale } | null = null;

  constructor() {
    super();
    this.chosenScale = null;
  }

  protected override read(results: Results, cell: number, generations: Float64Array) {
    const shown = fan(results, cell, statisticIndex(results, this.row.name), generations);
    this.#settle(results.spec, cell, shown);
    return shown;
  }

  /** An axis that has become logarithmic stays so: run again, it does not change in mid-run. */
  #settle(spec: Spec, cell: number, shown: Fan) {
    const before = this.#settled;
    const same = before?.cell === cell && isDeepEqual(before.spec, spec);
    const better = this.row.scale === 'log' && (logScaleFor(shown).better || lawIsWide(shown));
    const scale = better || (same && before.scale === 'log') ? 'log' : 'linear';
    this.#settled = { spec: same ? before.spec : spec, cell, scale };
  }

  protected override get kind() {
    return [this.row.name, this.#scale];
  }

  protected override options(look: PlotLook) {
    const { range, whole = false } = this.row;
    return fanOptions({ ...look, scale: this.#scale, fromZero: range[0] === 0, whole });
  }

  protected override columns() {
    return fanData(this.plotted, this.#scale);
  }

  protected override tableAt(places: readonly number[]) {
    return fanTable(this.plotted, places);
  }

  get #scale(): Scale {
    if (!logScaleFor(this.plotted).possible) return 'linear';
    return this.chosenScale ?? this.#settled?.scale ?? 'linear';
  }

  protected override render() {
    const { row, plotted, shown } = this;
    return html`
      <header>
        <h3 title="${row.doc} ${row.symbol}">
          ${row.label} <span class="symbol">${mathText(row.symbol)}</span>
        </h3>
        ${scaleChooser(
          `Axis of ${row.label}`,
          this.#scale,
          logScaleFor(plotted).possible,
          (scale) => (this.chosenScale = scale),
        )}
        <div class="reading number"><b>${shown}</b> ${fanReading(plotted, shown)}</div>
      </header>
      ${this.plot(`${row.label} over generations. ${row.doc}`)} ${this.#law()}
      ${this.table(`${row.label} over generations`)}
    `;
  }

  #law() {
    const label = this.plotted.lawLabel;
    if (!label) return html`<p class="law none"></p>`;
    return html`<p class="law" title=${label.source}>
      ${label.name}: <span class="formula">${mathText(label.formula)}</span>
      <span class="source">(${label.source})</span>
      ${this.#parting(label)}
    </p>`;
  }

  /** Why the measured mean leaves its law, where it does so within the chart. */
  #parting({ testableUntil }: LawLabel) {
    const last = this.plotted.generations.at(-1)!;
    if (testableUntil >= last) return nothing;
    return html`<span class="parting">
      Past generation ${testableUntil} a few rare lineages carry the mean: the law holds, but the
      average of a sample mostly falls short of it and now and then lies far above, and the median
      is the better guide.
    </span>`;
  }
}

customElements.define('genloss-fan', FanChart);
