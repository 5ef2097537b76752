/** One lineage: its density at a generation, which lineage, which coordinates. */
import { css, html, nothing, type PropertyValues } from 'lit';
import type { Truth } from '../../model/truth.ts';
import { formatCount } from '../format.ts';
import { componentTable } from '../charts/component-table.ts';
import { coordinateName } from '../charts/coordinate-name.ts';
import { QueuedElement } from '../queued-element.ts';
import { base, buttons, cards, inputs } from '../style/controls.ts';
import { NO_TRACE, type Trace } from '../trace.ts';
import '../charts/chart-table.ts';
import '../charts/density-chart.ts';
import './timeline.ts';

export class DensityPanel extends QueuedElement {
  static override readonly properties = {
    truth: { attribute: false },
    trace: { attribute: false },
    labels: { attribute: false },
    generation: { type: Number },
    generations: { type: Number },
    replicate: { type: Number },
    replicates: { type: Number },
    axes: { state: true },
    tabled: { state: true },
  };
  static override readonly styles = [
    base,
    buttons,
    cards,
    inputs,
    css`
      /* At least as tall as all of it, so that nothing moves when its turn comes. */
      :host {
        display: block;
        min-height: 410px;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2) var(--space-4);
        padding: var(--space-3) var(--space-4) 0;
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 2px var(--space-3);
        font-size: var(--tiny);
        color: var(--ink-soft);
        flex: 1 1 auto;
      }
      .legend i {
        display: inline-block;
        width: 16px;
        height: 10px;
        margin-right: 5px;
        vertical-align: -1px;
        border-radius: 2px;
      }
      .truth {
        background: color-mix(in srgb, var(--truth) 30%, transparent);
        border-top: 2px solid var(--truth);
      }
      .model {
        border-top: 3px solid var(--model);
        height: 5px !important;
      }
      .chooser {
        display: flex;
        align-items: center;
        gap: 6px;
        font-size: var(--small);
        color: var(--ink-soft);
        white-space: nowrap;
      }
      .chooser:last-child {
        margin-left: auto;
      }
      .chooser input[type='number'] {
        width: 74px;
      }
      .chooser select {
        width: auto;
      }
      .chart {
        padding: 0 var(--space-1);
      }
      genloss-timeline {
        padding: 0 var(--space-4) var(--space-3);
      }
    `,
  ];

  declare truth: Truth | null;
  declare trace: Trace;
  /** Names of the coordinates. */
  declare labels: readonly string[];
  declare generation: number;
  declare generations: number;
  /** From 0, as `genloss trace` takes it. */
  declare replicate: number;
  declare replicates: number;
  declare axes: readonly [number, number];
  declare tabled: boolean;

  constructor() {
    super();
    this.truth = null;
    this.trace = NO_TRACE;
    this.labels = [];
    this.generation = 0;
    this.generations = 0;
    this.replicate = 0;
    this.replicates = 1;
    this.axes = [0, 1];
    this.tabled = false;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('truth') && this.truth && Math.max(...this.axes) >= this.truth.dim) {
      this.axes = [0, Math.min(1, this.truth.dim - 1)];
    }
    if (changed.has('truth') && this.truth && this.truth.dim > 1 && this.axes[1] === 0) {
      this.axes = [0, 1];
    }
  }

  protected override render() {
    const { truth, trace, generation, generations } = this;
    return html`<section class="card" aria-labelledby="title">
      <header>
        <h2 id="title">One lineage</h2>
        <div class="legend">
          <span><i class="truth"></i>truth</span>
          <span><i class="model"></i>model, generation ${generation}</span>
        </div>
        ${truth && truth.dim > 2 ? this.#axes(truth.dim) : nothing}
        <label class="chooser"
          >lineage
          <input
            type="number"
            min="0"
            max=${this.replicates - 1}
            .value=${String(this.replicate)}
            @change=${this.#replicateTyped}
          />
          of ${formatCount(this.replicates)}, from 0</label
        >
        <button @click=${this.#anotherReplicate}>Another</button>
        <label class="chooser"
          ><input
            type="checkbox"
            .checked=${this.tabled}
            @change=${() => (this.tabled = !this.tabled)}
          />as numbers</label
        >
      </header>
      <div class="chart">
        <genloss-density
          .truth=${truth}
          .trace=${trace}
          .labels=${this.labels}
          .generation=${generation}
          .axes=${this.axes}
        ></genloss-density>
      </div>
      ${this.#table()}
      <genloss-timeline .generation=${generation} .generations=${generations}></genloss-timeline>
    </section>`;
  }

  #table() {
    const { truth, trace, generation, labels } = this;
    if (!this.tabled || !truth) return nothing;
    const shown = Math.min(generation, trace.length - 1);
    const model = shown < 1 ? null : trace.at(shown)!;
    return html`<genloss-chart-table
      .table=${componentTable(truth.mixture, model, labels)}
      .caption="Components of the truth and of the model at generation ${Math.max(shown, 0)}"
    ></genloss-chart-table>`;
  }

  #axes(dim: number) {
    const pairs: (readonly [number, number])[] = [];
    for (let a = 0; a < dim; a++) for (let b = a + 1; b < dim; b++) pairs.push([a, b]);
    const name = (axis: number) => coordinateName(this.labels, axis);
    return html`<label class="chooser"
      >plane
      <select
        @change=${(event: Event) =>
          (this.axes = pairs[Number((event.target as HTMLSelectElement).value)]!)}
      >
        ${pairs.map(
          ([a, b], i) =>
            html`<option value=${i} ?selected=${a === this.axes[0] && b === this.axes[1]}>
              ${name(a)}, ${name(b)}
            </option>`,
        )}
      </select></label
    >`;
  }

  #replicateTyped(event: Event) {
    const typed = Math.round(Number((event.target as HTMLInputElement).value));
    const replicate = Math.min(Math.max(typed || 0, 0), this.replicates - 1);
    (event.target as HTMLInputElement).value = String(replicate);
    this.#choose(replicate);
  }

  #anotherReplicate() {
    this.#choose((this.replicate + 1) % this.replicates);
  }

  #choose(replicate: number) {
    this.dispatchEvent(new CustomEvent('replicate', { detail: replicate }));
  }
}

customElements.define('genloss-density-panel', DensityPanel);
