/**
 * What becomes of all lineages of a cell, over generations: survival, stages, a fan per statistic; and
 * how the last generation is spread.
 */
import { css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { lawLabel, statisticIndex, type Results } from '../../experiment/results.ts';
import type { LawOverlay } from '../../experiment/views/law-overlay.ts';
import { hasStages } from '../../experiment/views/shares.ts';
import { STAGE_SHARES, statisticRow, type StatisticName } from '../../spec/statistics.ts';
import { QueuedElement } from '../queued-element.ts';
import { base, cards, inputs } from '../style/controls.ts';
import '../charts/fan-chart.ts';
import '../charts/final-chart.ts';
import '../charts/share-chart.ts';

export class ChartPanel extends QueuedElement {
  static override readonly properties = {
    results: { attribute: false },
    version: { type: Number },
    cell: { type: Number },
    generation: { type: Number },
    laws: { attribute: false },
    tabled: { state: true },
  };
  static override readonly styles = [
    base,
    cards,
    inputs,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-4);
      }
      .fans {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 340px), 1fr));
        gap: var(--space-4);
      }
      .key {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 2px var(--space-4);
        font-size: var(--tiny);
        color: var(--ink-soft);
      }
      .key h2 {
        font-size: 0.875rem;
        color: var(--ink);
      }
      .key div {
        display: flex;
        flex-wrap: wrap;
        flex: 1 1 auto;
        justify-content: end;
        gap: 2px var(--space-4);
      }
      .key label {
        margin-left: auto;
        display: flex;
        align-items: center;
        gap: 6px;
        font-size: var(--small);
      }
      .key i {
        display: inline-block;
        width: 18px;
        height: 10px;
        margin-right: 5px;
        vertical-align: -1px;
      }
      .outer {
        background: color-mix(in srgb, var(--accent) 18%, transparent);
      }
      .inner {
        background: color-mix(in srgb, var(--accent) 40%, transparent);
      }
      .median,
      .mean,
      .law,
      .law-median,
      .law-quantile {
        height: 0 !important;
        vertical-align: 3px !important;
        border-top: 2.5px solid var(--accent);
      }
      .mean {
        border-top: 1.5px solid var(--ink);
      }
      .law {
        border-top: 2px dashed var(--law);
      }
      .law-median {
        border-top: 2px dotted var(--law);
      }
      .law-quantile {
        border-top: 1px dotted var(--law);
      }
    `,
  ];

  declare results: Results;
  /** Of the results: they are filled in place. */
  declare version: number;
  declare cell: number;
  declare generation: number;
  /** Of the cell, once they have been worked out. */
  declare laws: LawOverlay | null;
  /** Whether the charts have tables below them. */
  declare tabled: boolean;

  constructor() {
    super();
    this.laws = null;
    this.tabled = false;
  }

  protected override render() {
    const { results, cell } = this;
    const staged = hasStages(results);
    const fanned = results.statistics.filter(
      (name) => !staged || !STAGE_SHARES.some((stage) => stage === name),
    );
    const lawful = fanned.some((name) => lawLabel(results, cell, statisticIndex(results, name)));
    return html`
      ${this.#key(lawful)}
      <div class="fans">
        ${results.spec.criteria.length > 0 ? this.#shares(false) : nothing}
        ${staged ? this.#shares(true) : nothing}
        ${repeat(
          fanned,
          (name) => name,
          (name) => this.#fan(name),
        )}
        ${fanned.length > 0 ? this.#final(fanned) : nothing}
      </div>
    `;
  }

  #key(lawful: boolean) {
    return html`<div class="key">
      <h2>All lineages</h2>
      <div>
        <span><i class="median"></i>median</span>
        <span><i class="inner"></i>25–75 %</span>
        <span><i class="outer"></i>5–95 %</span>
        <span><i class="mean"></i>mean</span>
        ${this.#laws(lawful)}
      </div>
      <label
        ><input
          type="checkbox"
          .checked=${this.tabled}
          @change=${() => (this.tabled = !this.tabled)}
        />charts as tables</label
      >
    </div>`;
  }

  /** Those of theory, in the order of how much is known. */
  #laws(lawful: boolean) {
    const whole = this.laws !== null && this.laws.fans.length > 0;
    return html`
      ${
        lawful
          ? html`<span><i class="law"></i>law of theory: mean</span>`
          : html`<span>no exact law is known of these</span>`
      }
      ${
        whole
          ? html`<span><i class="law-median"></i>law: median</span>
              <span><i class="law-quantile"></i>law: 5, 25, 75, 95 %</span>`
          : nothing
      }
    `;
  }

  #fan(name: StatisticName) {
    return html`<genloss-fan
      class="card"
      .row=${statisticRow(name)}
      .results=${this.results}
      .version=${this.version}
      .cell=${this.cell}
      .generation=${this.generation}
      .laws=${this.laws}
      .tabled=${this.tabled}
    ></genloss-fan>`;
  }

  #final(names: readonly StatisticName[]) {
    return html`<genloss-final
      class="card"
      .names=${names}
      .results=${this.results}
      .version=${this.version}
      .cell=${this.cell}
      .generation=${this.generation}
      .laws=${this.laws}
      .tabled=${this.tabled}
    ></genloss-final>`;
  }

  /** Lineages by what has become of them. */
  #shares(stacked: boolean) {
    return html`<genloss-shares
      class="card"
      .stacked=${stacked}
      .results=${this.results}
      .version=${this.version}
      .cell=${this.cell}
      .generation=${this.generation}
      .laws=${this.laws}
      .tabled=${this.tabled}
    ></genloss-shares>`;
  }
}

customElements.define('genloss-charts', ChartPanel);
