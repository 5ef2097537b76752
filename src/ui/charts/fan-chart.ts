/** One statistic over generations: quantile bands, median and mean, and the laws of theory. */
import { css, html, nothing } from 'lit';
import { statisticIndex, type Results } from '../../experiment/results.ts';
import { fan, type Fan } from '../../experiment/views/fan.ts';
import type { StatisticRow } from '../../spec/statistics.ts';
import type { Spec } from '../../spec/schema.ts';
import { isDeepEqual } from '../is-deep-equal.ts';
import { scaleButtons } from '../style/controls.ts';
import { mathText } from '../style/math-text.ts';
import {
  fanData,
  fanReading,
  fanTable,
  heldBy,
  lawIsWide,
  lawReading,
  logScaleFor,
  type Scale,
} from './fan-data.ts';
import { fanOptions } from './fan-options.ts';
import { lawDetails, lawStyles } from './law-details.ts';
import { heldText, partingText, rareText } from './law-words.ts';
import { GenerationPlot } from './generation-plot.ts';
import type { PlotLook } from './plot-frame.ts';
import { scaleChooser } from './scale-chooser.ts';

export class FanChart extends GenerationPlot<Fan> {
  static override readonly properties = {
    ...GenerationPlot.plotProperties,
    row: { attribute: false },
    chosenScale: { state: true },
  };

  static override readonly styles = [
    ...GenerationPlot.plotStyles,
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
      .held {
        font-size: var(--tiny);
        color: var(--ink-soft);
        padding: 0 var(--space-4) var(--space-1);
      }
      .none {
        height: var(--space-3);
      }
    `,
    lawStyles,
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

  protected override readAt(results: Results, cell: number, generations: Float64Array) {
    const s = statisticIndex(results, this.row.name);
    const shown = fan(results, cell, s, generations, this.laws);
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
        <div class="reading number"><b>${shown}</b> measured ${fanReading(plotted, shown)}</div>
        ${this.#lawReading()}
      </header>
      ${this.plot(`${row.label} over generations. ${row.doc}`)} ${this.#held()} ${this.#law()}
      ${this.table(`${row.label} over generations`)}
    `;
  }

  #lawReading() {
    const { plotted, shown } = this;
    if (!plotted.lawLabel && !plotted.whole) return nothing;
    return html`<div class="reading number"><b></b> law ${lawReading(plotted, shown)}</div>`;
  }

  #held() {
    const generation = heldBy(this.plotted);
    return generation === null ? nothing : html`<p class="held">${heldText(generation)}</p>`;
  }

  #law() {
    const { lawLabel, whole } = this.plotted;
    const laws = [...(lawLabel ? [lawLabel] : []), ...(whole ? [whole.law] : [])];
    if (laws.length === 0) return html`<div class="none"></div>`;
    return html`${lawDetails(laws)} ${this.#parting()}`;
  }

  /** Where mean and median part by the law, and where the measured mean leaves its law. */
  #parting() {
    const { lawLabel, whole, generations } = this.plotted;
    const parting = whole?.law.parting;
    const rare = lawLabel && lawLabel.testableUntil < generations.at(-1)!;
    if (!parting && !rare) return nothing;
    return html`<p class="parting">
      ${parting ? partingText(parting) : nothing}
      ${rare ? rareText(lawLabel.testableUntil, this.results.spec.replicates) : nothing}
    </p>`;
  }
}

customElements.define('genloss-fan', FanChart);
