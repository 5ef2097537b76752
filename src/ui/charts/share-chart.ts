/** Shares of lineages over generations: lines with their intervals, or areas stacked to one. */
import { css, html, nothing } from 'lit';
import type { Results } from '../../experiment/results.ts';
import { stageShares, survivalShares, type Shares } from '../../experiment/views/shares.ts';
import { cssColour } from './colour-table.ts';
import { lawDetails, lawStyles } from './law-details.ts';
import { GenerationPlot } from './generation-plot.ts';
import type { PlotLook } from './plot-frame.ts';
import {
  areaColour,
  shareData,
  shareLawReading,
  shareOptions,
  shareReading,
  shareStyles,
  shareTable,
} from './share-options.ts';

export class ShareChart extends GenerationPlot<Shares> {
  static override readonly properties = {
    ...GenerationPlot.plotProperties,
    stacked: { type: Boolean },
  };
  static override readonly styles = [
    ...GenerationPlot.plotStyles,
    css`
      h3 {
        line-height: 24px;
      }
      ul {
        list-style: none;
        padding: 0 var(--space-4) var(--space-3);
        font-size: var(--tiny);
        color: var(--ink-soft);
      }
      li {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 var(--space-2);
      }
      i {
        width: 18px;
        align-self: center;
        border-top: 3px solid var(--own);
      }
      i.dashed {
        border-top-style: dashed;
      }
      i.by-law {
        display: inline-block;
        vertical-align: middle;
        margin-right: 4px;
        border-top: 2px dotted var(--ink);
      }
      i.area {
        height: 10px;
        border: 1px solid var(--line-strong);
        background: var(--own);
      }
      .accent {
        --own: var(--accent);
      }
      .law {
        --own: var(--law);
      }
      .model {
        --own: var(--model);
      }
      .truth {
        --own: var(--truth);
      }
      .half {
        color: var(--ink-faint);
      }
      b {
        color: var(--ink);
        margin-left: auto;
      }
      .at {
        font-size: var(--tiny);
        color: var(--ink-soft);
      }
    `,
    lawStyles,
  ];

  /** By stage, as areas; else by criterion what has not collapsed, as lines. */
  declare stacked: boolean;

  constructor() {
    super();
    this.stacked = false;
  }

  protected override readAt(results: Results, cell: number, generations: Float64Array) {
    return this.stacked
      ? stageShares(results, cell, generations)!
      : survivalShares(results, cell, generations, this.laws)!;
  }

  protected override get kind() {
    return [this.stacked, this.plotted.series.length];
  }

  protected override options(look: PlotLook) {
    const { stacked, plotted } = this;
    return shareOptions({ ...look, stacked, count: plotted.series.length });
  }

  protected override columns() {
    return shareData(this.plotted, this.stacked);
  }

  protected override tableAt(places: readonly number[]) {
    return shareTable(this.plotted, places);
  }

  protected override render() {
    const { plotted: shares, stacked, shown } = this;
    const heading = stacked ? 'Stages' : 'Not yet collapsed';
    const row = shares.generations.indexOf(shown);
    return html`
      <header>
        <h3>${heading}</h3>
        <p class="at number">generation ${shown}, with 95 % intervals (Wilson)</p>
      </header>
      ${this.plot(`${heading}, shares of lineages over generations`)}
      <ul>
        ${shares.series.map(
          ({ label, halfBy }, s) =>
            html`<li>
              ${stacked ? areaMark(s) : lineMark(s, shares.series.length)}${label}
              ${Number.isNaN(halfBy) ? nothing : html`<span class="half">half by ${halfBy}</span>`}
              <b class="number">${shareReading(shares, s, row) ?? 'not there yet'}</b>
              ${this.#lawReading(s, row)}
            </li>`,
        )}
      </ul>
      ${this.#law()} ${this.table(`${heading}: shares of lineages, with 95 % intervals`)}
    `;
  }

  #lawReading(s: number, row: number) {
    const share = shareLawReading(this.plotted, s, row);
    return share === null
      ? nothing
      : html`<span class="number"><i class="by-law"></i>law ${share}</span>`;
  }

  /** Of the first criterion that has one: the others have the same. */
  #law() {
    const law = this.plotted.series.find((one) => one.law)?.law;
    return law ? lawDetails([law.text]) : nothing;
  }
}

const areaMark = (s: number) =>
  html`<i class="area" .style=${`--own:${cssColour(areaColour(s))}`}></i>`;

function lineMark(s: number, count: number) {
  const { colour, dash } = shareStyles(count)[s]!;
  return html`<i class="${colour} ${dash.length > 0 ? 'dashed' : ''}"></i>`;
}

customElements.define('genloss-shares', ShareChart);
