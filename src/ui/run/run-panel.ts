/** The run: how far, how fast, on what, and what came of its lineages. */
import { css, html, LitElement, nothing } from 'lit';
import type { Progress } from '../../experiment/progress.ts';
import type { Spec } from '../../spec/schema.ts';
import { formatBytes, formatCount, formatSeconds, formatShort } from '../format.ts';
import type { RunController, RunPhase } from '../run-controller.ts';
import { base, buttons, cards, inputs, progressBars } from '../style/controls.ts';
import type { EngineChoice } from '../worker-api.ts';
import { engineText, pathTexts } from './engine-text.ts';
import { statusLines } from './status-text.ts';

const PHASES: Readonly<Record<RunPhase, string>> = {
  idle: 'Ready',
  starting: 'Starting…',
  running: 'Running',
  done: 'Done',
  stopped: 'Stopped',
  failed: 'Failed',
};

const ENGINES: readonly { value: EngineChoice; label: string }[] = [
  { value: 'auto', label: 'Automatic' },
  { value: 'webgpu', label: 'WebGPU' },
  { value: 'wasm', label: 'WebAssembly' },
  { value: 'reference', label: 'Reference, f64' },
];

const LINEAGE_GENERATION = 'Lineage-generations: one sample drawn and one fit made';

/** In a row whose number is yet to come: rows stay, so that nothing below them moves. */
const UNKNOWN = '–';

const fitsText = ({ lineageGenerationsDone: done, lineageGenerationsTotal: total }: Progress) =>
  `${formatShort(done)} of ${formatShort(total)}`;

const batchText = ({ batch, batchCount }: Progress) => `${batch + 1} of ${formatCount(batchCount)}`;

export class RunPanel extends LitElement {
  static override readonly properties = {
    run: { attribute: false },
    version: { type: Number },
    phase: { type: String },
    spec: { attribute: false },
    changed: { type: Boolean },
    engine: { type: String },
  };
  static override readonly styles = [
    base,
    buttons,
    cards,
    inputs,
    progressBars,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        align-content: start;
        gap: var(--space-4);
        padding: var(--space-4);
      }
      .phase {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        font-weight: 600;
      }
      .dot {
        width: 9px;
        height: 9px;
        border-radius: 50%;
        background: var(--ink-faint);
      }
      .running .dot,
      .starting .dot {
        background: var(--accent);
        animation: pulse 1.4s infinite ease-in-out;
      }
      .done .dot {
        background: var(--good);
      }
      .failed .dot {
        background: var(--bad);
      }
      @keyframes pulse {
        50% {
          opacity: 0.3;
        }
      }
      .buttons {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: var(--space-2);
      }
      .buttons button {
        min-height: 38px;
      }
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 5px var(--space-3);
        font-size: var(--small);
      }
      dt {
        color: var(--ink-faint);
      }
      dd {
        text-align: right;
        overflow-wrap: anywhere;
      }
      h3 {
        font-size: var(--small);
        margin-bottom: var(--space-2);
      }
      .marks {
        min-height: calc(var(--marks) * (1.45 * var(--small) + 5px) - 5px);
      }
      .note {
        font-size: var(--tiny);
        color: var(--ink-faint);
        margin-top: var(--space-2);
      }
      .engine {
        display: grid;
        gap: var(--space-1);
      }
      .engine label {
        font-weight: 600;
        font-size: var(--small);
      }
      .engine .note {
        margin-top: 0;
      }
      .lines {
        display: grid;
        gap: var(--space-1);
      }
      /* Of the run before: only their room is kept. */
      .lines.past {
        visibility: hidden;
      }
      .engine .notice,
      .engine .turbo,
      .compare {
        margin-top: var(--space-1);
      }
      .turbo {
        display: flex;
        align-items: center;
        gap: var(--space-2);
      }
      .compare {
        font-size: var(--small);
      }
    `,
  ];

  declare run: RunController;
  /** Of the results: they are filled in place. */
  declare version: number;
  declare phase: RunPhase;
  /** What a click would run; null while the form has problems. */
  declare spec: Spec | null;
  /** The form differs from what the results show. */
  declare changed: boolean;
  declare engine: EngineChoice;
  /** Of the last run that told: a row for them stays while the next one starts. */
  #batches = 1;
  /** Rows of the table by status, and while a run goes on of the one before. */
  #marks = 0;

  protected override render() {
    const { run, phase } = this;
    return html`
      <div>
        <div class="phase ${phase}" role="status"><span class="dot"></span>${PHASES[phase]}</div>
      </div>
      <progress
        aria-label="Progress of the run"
        max="1"
        .value=${
          run.progress
            ? run.progress.lineageGenerationsDone / run.progress.lineageGenerationsTotal
            : 0
        }
      ></progress>
      ${this.#buttons()} ${this.#trouble()} ${this.#figures()}
      <div class="engine">
        <label for="engine">Engine</label>
        <select id="engine" @change=${this.#engineChosen}>
          ${ENGINES.map(
            ({ value, label }) =>
              html`<option value=${value} ?selected=${value === this.engine}>${label}</option>`,
          )}
        </select>
        ${this.#engineLines()} ${this.#turbo()}
        <button class="compare" @click=${() => this.#ask('compare')}>
          Compare engines on this machine
        </button>
        <button class="compare" @click=${() => this.#ask('validate')}>
          Check this machine against the laws
        </button>
      </div>
      ${this.#status()}
    `;
  }

  #engineLines() {
    const { start } = this.run;
    // Of a run that could not begin nothing is known; of one that is to, not yet.
    if (!start || this.phase === 'failed') return nothing;
    const { engine, adapter, groups, notice } = start;
    return html`<div class="lines ${this.phase === 'starting' ? 'past' : ''}">
      <p class="note">${engineText(engine, adapter, groups)}</p>
      ${pathTexts(engine, groups).map((text) => html`<p class="note">${text}.</p>`)}
      ${notice ? html`<p class="notice">${notice}</p>` : nothing}
    </div>`;
  }

  #turbo() {
    const { start, turbo } = this.run;
    if (start?.engine !== 'webgpu' && this.engine !== 'webgpu') return nothing;
    return html`<label class="turbo"
        ><input
          type="checkbox"
          role="switch"
          aria-describedby="turbo-note"
          .checked=${turbo}
          @change=${() => this.run.setTurbo(!turbo)}
        />Turbo</label
      >
      <p class="note" id="turbo-note">
        Gives the GPU 50 ms of work at a time instead of 8: faster, and the screen may stutter. A
        hidden page runs so by itself.
      </p>`;
  }

  #runLabel(): string {
    const { run, changed } = this;
    if (!run.results) return 'Run';
    if (changed) return 'Run the changes';
    return run.active ? 'Restart' : 'Run again';
  }

  #buttons() {
    const { run, spec } = this;
    return html`<div class="buttons">
      <button class="primary" id="run" ?disabled=${!spec} @click=${() => this.#ask('run')}>
        ${this.#runLabel()}
      </button>
      <button id="stop" ?disabled=${!run.active} @click=${() => this.#ask('stop')}>Stop</button>
    </div>`;
  }

  #trouble() {
    const { run, phase, spec } = this;
    if (phase === 'failed') {
      return html`<p class="notice bad" role="alert">${run.message}</p>`;
    }
    return spec
      ? nothing
      : html`<p class="notice bad">The form has problems: mend the marked fields to run.</p>`;
  }

  #figures() {
    const { run } = this;
    const { progress, start } = run;
    if (!start) return nothing;
    this.#batches = progress?.batchCount ?? this.#batches;
    const row = (label: string, value: unknown, hint = '') =>
      html`<dt title=${hint}>${label}</dt>
        <dd class="number">${value}</dd>`;
    const [time, seconds] = progress ? this.#time(progress) : ['left', ''];
    return html`<dl>
      ${row('fits', progress ? fitsText(progress) : UNKNOWN, LINEAGE_GENERATION)}
      ${row('speed', progress ? this.#speed(progress) : UNKNOWN, LINEAGE_GENERATION)}
      ${row(time, seconds || UNKNOWN)}
      ${row('generation', progress ? formatCount(progress.generation) : UNKNOWN)}
      ${this.#batches > 1 ? row('batch', progress ? batchText(progress) : UNKNOWN) : nothing}
      ${row('engine memory', this.phase === 'starting' ? UNKNOWN : formatBytes(start.engineBytes))}
      ${row('seed', run.request?.spec.seed ?? '')}
    </dl>`;
  }

  #speed({ lineageGenerationsDone: done, lineageGenerationsPerSecond: now }: Progress): string {
    const { active, seconds } = this.run;
    return `${formatShort(active ? now : done / seconds)} fits/s`;
  }

  /** What is left while that can be told, else what it took so far. */
  #time({ secondsLeft }: Progress): [name: string, text: string] {
    const { active, seconds } = this.run;
    if (active && secondsLeft !== null) return ['left', formatSeconds(secondsLeft)];
    return ['took', formatSeconds(seconds)];
  }

  #status() {
    const { results } = this.run;
    if (!results) return nothing;
    const lines = statusLines(results);
    this.#marks = Math.max(lines.length, this.run.active ? this.#marks : 0);
    return html`<div>
      <h3>Lineages by status</h3>
      <div class="marks" .style=${`--marks:${this.#marks}`}>
        ${
          lines.length === 0
            ? html`<p class="note">No lineage is marked.</p>`
            : html`<dl>
                ${lines.map(
                  ({ label, doc, count }) =>
                    html`<dt title=${doc}>${label}</dt>
                      <dd class="number" title=${doc}>${formatCount(count)}</dd>`,
                )}
              </dl>`
        }
      </div>
      <p class="note">Marked lineages are counted, and stay in every statistic.</p>
    </div>`;
  }

  #engineChosen(event: Event) {
    const { value } = event.target as HTMLSelectElement;
    this.dispatchEvent(new CustomEvent('engine', { detail: value }));
  }

  #ask(what: 'run' | 'stop' | 'compare' | 'validate') {
    this.dispatchEvent(new CustomEvent(what));
  }
}

customElements.define('genloss-run-panel', RunPanel);
