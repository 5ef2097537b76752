/** The middle part: what was found. Knows which cell, generation and lineage are looked at. */
import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { hasRegimes } from '../../experiment/regime.ts';
import { summaryAt, type Results } from '../../experiment/results.ts';
import type { LawOverlay } from '../../experiment/views/law-overlay.ts';
import type { Preset } from '../../spec/presets.ts';
import type { Spec } from '../../spec/schema.ts';
import { chartGenerations } from '../charts/fan-data.ts';
import { formatAxisValue, formatCount } from '../format.ts';
import { isDeepEqual } from '../is-deep-equal.ts';
import { axisName } from '../form/field-text.ts';
import type { RunController, RunPhase } from '../run-controller.ts';
import { base, buttons, cards } from '../style/controls.ts';
import { NO_TRACE, type Trace } from '../trace.ts';
import type { RunStart } from '../worker-api.ts';
import { MOST_COMPARED } from './cell-comparison.ts';
import { headline } from './headline.ts';
import './chart-panel.ts';
import './density-panel.ts';
import './heat-panel.ts';
import './verdict-list.ts';

export class AnswerPanel extends LitElement {
  static override readonly properties = {
    run: { attribute: false },
    version: { type: Number },
    start: { attribute: false },
    phase: { type: String },
    changed: { type: Boolean },
    trouble: { type: String },
    waiting: { type: String },
    preset: { attribute: false },
    cell: { state: true },
    replicate: { state: true },
    chosenGeneration: { state: true },
    trace: { state: true },
    laws: { state: true },
  };
  static override readonly styles = [
    base,
    buttons,
    cards,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        align-content: start;
        gap: var(--space-4);
        padding: var(--space-4);
      }
      .headline {
        font-size: 1.125rem;
        line-height: 1.4;
        font-weight: 500;
        text-wrap: pretty;
        min-height: calc(2 * 1.4em);
      }
      /* A sentence and a verdict come in the course of a run: what is below stays where it is. */
      genloss-verdicts.awaited {
        min-height: calc(var(--space-2) + 1.45 * var(--small));
      }
      @media (max-width: 599px) {
        .headline {
          min-height: calc(3 * 1.4em);
        }
        genloss-verdicts.awaited {
          min-height: calc(var(--space-2) + 3 * 1.45 * var(--small));
        }
      }
      .where {
        font-size: var(--small);
        color: var(--ink-soft);
        margin-bottom: var(--space-1);
      }
      .stale {
        color: var(--warn);
        background: var(--warn-wash);
        border-radius: var(--radius-small);
        padding: 1px 7px;
      }
      .where b {
        color: var(--ink);
        font-weight: 600;
      }
      .empty p {
        max-width: 46ch;
      }
      .empty {
        display: grid;
        place-content: center;
        justify-items: center;
        gap: var(--space-4);
        min-height: 320px;
        color: var(--ink-soft);
        text-align: center;
        padding: var(--space-5);
      }
    `,
  ];

  declare run: RunController;
  /** Of the results: they are filled in place. */
  declare version: number;
  declare start: RunStart | null;
  declare phase: RunPhase;
  /** The form differs from what is shown. */
  declare changed: boolean;
  /** Why a run could not even be asked for; '' where it could. */
  declare trouble: string;
  /** Why nothing runs yet; '' where something does. */
  declare waiting: string;
  /** What the experiment began from. */
  declare preset: Preset | null;
  declare cell: number;
  declare replicate: number;
  /** Null: the last one that is there. */
  declare chosenGeneration: number | null;
  declare trace: Trace;
  /** Of the cell, once they have been worked out. */
  declare laws: LawOverlay | null;
  /** The preset that `cell` was last chosen for. */
  #opened: Preset | null = null;
  /** What the laws are of. */
  #lawful: { readonly spec: Spec; readonly cell: number } | null = null;

  constructor() {
    super();
    this.version = 0;
    this.start = null;
    this.phase = 'idle';
    this.changed = false;
    this.trouble = '';
    this.waiting = '';
    this.preset = null;
    this.cell = 0;
    this.replicate = 0;
    this.chosenGeneration = null;
    this.trace = NO_TRACE;
    this.laws = null;
    this.addEventListener('pick', (event) => {
      this.chosenGeneration = (event as CustomEvent<number>).detail;
    });
    this.addEventListener('cell', (event) => {
      this.cell = (event as CustomEvent<number>).detail;
    });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { results } = this.run;
    if (changed.has('start') && results) {
      const { cells } = results;
      this.chosenGeneration = null;
      this.#open();
      this.cell = Math.min(this.cell, cells.length - 1);
      this.replicate = Math.min(this.replicate, cells[this.cell]!.replicates - 1);
    }
    if (changed.has('start') || changed.has('cell')) this.#forgetLaws();
  }

  /** Of the same experiment, run again, they are the same. */
  #forgetLaws() {
    const { cell, run } = this;
    const spec = run.results?.spec;
    if (this.#lawful?.cell === cell && isDeepEqual(this.#lawful.spec, spec)) return;
    this.laws = null;
    this.#lawful = spec ? { spec, cell } : null;
  }

  /** Not for a run that was starting when the preset was chosen: the preset's own comes after. */
  #open() {
    const { preset } = this;
    if (preset === this.#opened) return;
    if (preset && !isDeepEqual(this.run.request?.spec, preset.spec)) return;
    this.cell = preset?.view?.cell ?? 0;
    this.chosenGeneration = preset?.view?.generation ?? null;
    this.#opened = preset;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!this.start) return;
    if (changed.has('start') || changed.has('cell') || changed.has('replicate')) {
      void this.#fetchTrace();
    }
    if (this.laws === null && (changed.has('start') || changed.has('cell'))) {
      void this.#fetchLaws();
    }
  }

  async #fetchLaws() {
    const wanted = this.#lawful;
    const { generations } = this.run.results!.cells[this.cell]!;
    const laws = await this.run.laws(this.cell, chartGenerations(generations, generations));
    if (laws && wanted === this.#lawful) this.laws = laws;
  }

  async #fetchTrace() {
    const { cell, replicate } = this;
    try {
      const trace = await this.run.trace(cell, replicate);
      if (trace && cell === this.cell && replicate === this.replicate) this.trace = trace;
    } catch {
      // The run itself says what is wrong with the engine; the lineage stays undrawn.
      this.trace = NO_TRACE;
    }
  }

  protected override render() {
    const { results } = this.run;
    if (!results || !this.start) return this.#empty();
    const generation = this.#generation(results);
    return html`
      ${this.#trouble()} ${this.#headline(results, generation)}
      ${results.axes.length > 0 ? this.#heat(results, generation) : nothing}
      ${this.#density(results, this.start, generation)} ${this.#comparison(results, generation)}
      <genloss-charts
        .results=${results}
        .version=${this.version}
        .cell=${this.cell}
        .generation=${generation}
        .laws=${this.laws}
      ></genloss-charts>
    `;
  }

  #empty() {
    const { phase, waiting } = this;
    const text =
      phase === 'failed'
        ? 'Nothing to show: the run failed before its first generation.'
        : 'The first generation is on its way…';
    return html`${this.#trouble()}
      <div class="card empty">
        ${
          phase === 'idle'
            ? html`<p>${waiting}</p>
                <button class="primary" @click=${() => this.dispatchEvent(new CustomEvent('run'))}>
                  Run the experiment
                </button>`
            : html`<p>${text}</p>`
        }
      </div>`;
  }

  #trouble() {
    const { trouble } = this;
    return trouble ? html`<p class="notice bad" role="alert">${trouble}</p>` : nothing;
  }

  /** While a run goes on the view goes with it, until a generation is chosen. */
  #generation(results: Results): number {
    const { generations } = results.cells[this.cell]!;
    return Math.min(this.chosenGeneration ?? results.generationsDone[this.cell]!, generations);
  }

  #headline(results: Results, generation: number) {
    const { axes, cells } = results;
    const kind = results.spec.truth.kind;
    const place = axes.map(
      ({ name }, a) =>
        html`${a > 0 ? ', ' : ''}${axisName(name, kind)} =
          <b>${formatAxisValue(cells[this.cell]!.values[a]!)}</b>`,
    );
    return html`<div>
      <p class="where number">
        ${this.#lineages(results, generation)}
        lineages${
          axes.length > 0
            ? html` in cell ${this.cell} (of ${formatCount(cells.length)}, from 0 as in the CSV):
              ${place}`
            : nothing
        }
        ${this.changed ? html`<span class="stale">the run before your changes</span>` : nothing}
      </p>
      <p class="headline">${headline(results, this.cell, generation) ?? 'Not there yet.'}</p>
      <genloss-verdicts
        class=${hasRegimes(results) ? 'awaited' : ''}
        .results=${results}
        .version=${this.version}
        .cell=${this.cell}
        .generation=${generation}
      ></genloss-verdicts>
    </div>`;
  }

  /** How many there are, and of how many where a run has not brought all of them here. */
  #lineages(results: Results, generation: number): string {
    const { replicates } = results.cells[this.cell]!;
    const here = summaryAt(results, this.cell, generation, 0, 'count');
    const all = formatCount(replicates);
    return here < replicates ? `${formatCount(here)} of ${all}` : all;
  }

  #heat(results: Results, generation: number) {
    return html`<genloss-heat-panel
      .results=${results}
      .version=${this.version}
      .cell=${this.cell}
      .generation=${generation}
      .view=${this.#opened?.view ?? null}
    ></genloss-heat-panel>`;
  }

  #comparison(results: Results, generation: number) {
    const { length } = results.cells;
    if (length < 2 || length > MOST_COMPARED) return nothing;
    return html`<genloss-comparison
      .results=${results}
      .version=${this.version}
      .cell=${this.cell}
      .generation=${generation}
    ></genloss-comparison>`;
  }

  #density(results: Results, start: RunStart, generation: number) {
    const { truth } = results.spec;
    const cell = results.cells[this.cell]!;
    return html`<genloss-density-panel
      .truth=${start.truths[start.truthOf[this.cell]!]!}
      .trace=${this.trace}
      .labels=${truth.kind === 'data' ? truth.columns : []}
      .generation=${generation}
      .generations=${cell.generations}
      .replicate=${this.replicate}
      .replicates=${cell.replicates}
      @replicate=${(event: CustomEvent<number>) => (this.replicate = event.detail)}
    ></genloss-density-panel>`;
  }
}

customElements.define('genloss-answer', AnswerPanel);
