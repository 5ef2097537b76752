/** The run in one line, for screens without room for a third column. */
import { css, html, LitElement, nothing } from 'lit';
import type { Spec } from '../../spec/schema.ts';
import { formatSeconds, formatShort } from '../format.ts';
import type { RunController, RunPhase } from '../run-controller.ts';
import { base, buttons, progressBars } from '../style/controls.ts';

export class RunBar extends LitElement {
  static override readonly properties = {
    run: { attribute: false },
    version: { type: Number },
    phase: { type: String },
    spec: { attribute: false },
    changed: { type: Boolean },
  };
  static override readonly styles = [
    base,
    buttons,
    progressBars,
    css`
      :host {
        display: grid;
        grid-template-columns: 1fr auto;
        align-items: center;
        gap: var(--space-3);
        padding: var(--space-2) var(--space-4);
        background: var(--surface);
        border-top: 1px solid var(--line);
        box-shadow: 0 -4px 16px color-mix(in srgb, var(--ink) 8%, transparent);
      }
      p {
        font-size: var(--small);
        color: var(--ink-soft);
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      progress {
        height: 4px;
        margin-top: 4px;
        border-radius: 2px;
      }
      button {
        min-height: 40px;
        min-width: 92px;
      }
    `,
  ];

  declare run: RunController;
  declare version: number;
  declare phase: RunPhase;
  declare spec: Spec | null;
  declare changed: boolean;

  protected override render() {
    const { run, spec } = this;
    const { progress } = run;
    const share = progress ? progress.lineageGenerationsDone / progress.lineageGenerationsTotal : 0;
    return html`
      <div>
        <p class="number">${this.#text()}</p>
        <progress aria-label="Progress of the run" max="1" .value=${share}></progress>
      </div>
      ${
        run.active
          ? html`<button @click=${() => this.dispatchEvent(new CustomEvent('stop'))}>Stop</button>`
          : html`<button
              class="primary"
              ?disabled=${!spec}
              @click=${() => this.dispatchEvent(new CustomEvent('run'))}
            >
              ${run.results && !this.changed ? 'Run again' : 'Run'}
            </button>`
      }
    `;
  }

  #text() {
    const { run, phase } = this;
    const { progress } = run;
    if (phase === 'failed') return 'Failed';
    if (phase === 'starting' || !progress) return phase === 'idle' ? 'Ready' : 'Starting…';
    if (phase !== 'running') {
      return `${phase === 'done' ? 'Done' : 'Stopped'} after ${formatSeconds(run.seconds)}`;
    }
    const left =
      progress.secondsLeft === null ? nothing : ` · ${formatSeconds(progress.secondsLeft)} left`;
    return html`${formatShort(progress.lineageGenerationsPerSecond)} fits/s${left}`;
  }
}

customElements.define('genloss-run-bar', RunBar);
