/** The page: the experiment on the left, the answer in the middle, the run on the right or below. */
import { html, LitElement, nothing } from 'lit';
import type { EngineName } from '../engine/engine.ts';
import type { Preset } from '../spec/presets.ts';
import { appStyles } from './app-styles.ts';
import { CHEAP_SECONDS } from '../experiment/cost.ts';
import { ExperimentController } from './experiment-controller.ts';
import { EditEvent } from './form/edit-event.ts';
import { formatSeconds } from './format.ts';
import { isDeepEqual } from './is-deep-equal.ts';
import { currentLayout, LayoutWatch } from './layout.ts';
import { RunController } from './run-controller.ts';
import { base, cards } from './style/controls.ts';
import type { CsvFile, EngineChoice } from './worker-api.ts';
import './answer/answer-panel.ts';
import './form/cost-view.ts';
import './form/experiment-form.ts';
import './form/preset-picker.ts';
import './page-header.ts';
import './run/export-panel.ts';
import './run/run-bar.ts';
import './run/run-panel.ts';

export class App extends LitElement {
  static override readonly properties = {
    engine: { state: true },
    trouble: { state: true },
    comparing: { state: true },
    validating: { state: true },
    furnished: { state: true },
  };
  static override readonly styles = [base, cards, appStyles];

  declare engine: EngineChoice;
  /** Why a run could not even be asked for. */
  declare trouble: string;
  /** The dialog that compares engines is open; null until it was asked for. */
  declare comparing: boolean | null;
  /** The same of that which holds an engine against the laws. */
  declare validating: boolean | null;
  /** The form, most of the page's elements, comes once the rest can be seen. */
  declare furnished: boolean;
  readonly #experiment = new ExperimentController(this);
  readonly #run = new RunController(this);

  constructor() {
    super();
    this.engine = 'auto';
    this.trouble = '';
    this.comparing = null;
    this.validating = null;
    this.furnished = false;
    new LayoutWatch(this);
    this.addEventListener(EditEvent.type, (event) =>
      this.#experiment.edit((event as EditEvent).edit),
    );
    this.addEventListener('csv', (event) =>
      this.#experiment.addFile((event as CustomEvent<CsvFile>).detail),
    );
    this.addEventListener('keydown', (event) => {
      const asked = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
      if (asked && !this.comparing && !this.validating) void this.#start();
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.#hashChanged);
    if (this.#experiment.mayStart) void this.#start();
  }

  protected override firstUpdated(): void {
    requestAnimationFrame(() => setTimeout(() => (this.furnished = true)));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#hashChanged);
  }

  /** A link that was put into the address by hand; the page's own changes do not get here. */
  readonly #hashChanged = () => {
    this.#experiment.open(location.hash);
    if (this.#experiment.mayStart) void this.#start();
  };

  async #start() {
    const { spec } = this.#experiment;
    if (!spec) return;
    // Closed, they stop: neither ever goes on beside a run.
    if (this.comparing) this.comparing = false;
    if (this.validating) this.validating = false;
    this.trouble = '';
    try {
      const file = await this.#experiment.fileFor(spec);
      await this.#run.run({ spec, file, engine: this.engine });
      if (this.#run.problems.length > 0) this.#experiment.refuse(this.#run.problems);
    } catch (error) {
      this.trouble = (error as Error).message;
    }
  }

  get #changed(): boolean {
    const { request } = this.#run;
    const { spec } = this.#experiment;
    return request !== null && spec !== null && !isDeepEqual(request.spec, spec);
  }

  protected override willUpdate(): void {
    this.setAttribute('layout', currentLayout());
  }

  protected override render() {
    const layout = currentLayout();
    return html`
      <genloss-header></genloss-header>
      <aside class="experiment" aria-label="Experiment">${this.#left(layout === 'hand')}</aside>
      <main class="answer" aria-label="Answer">
        ${this.#answer()}
        ${
          layout === 'desk'
            ? nothing
            : html`<div class="more card">${this.#runPanel()}${this.#export()}</div>`
        }
      </main>
      ${
        layout === 'desk'
          ? html`<aside class="run" aria-label="Run">${this.#runPanel()}${this.#export()}</aside>`
          : this.#runBar()
      }
      ${this.#comparison()} ${this.#validation()}
    `;
  }

  #left(folded: boolean) {
    const { preset, spec, lastSpec, draft, problems, file, linkProblems } = this.#experiment;
    const form = this.furnished
      ? html`<genloss-form
          .draft=${draft}
          .spec=${lastSpec}
          .problems=${problems}
          .file=${file}
          .folded=${folded}
        ></genloss-form>`
      : nothing;
    return html`
      <genloss-preset-picker
        .chosen=${preset}
        .edited=${preset !== null && !isDeepEqual(preset.spec, spec)}
        @preset=${(event: CustomEvent<Preset>) => this.#presetChosen(event.detail)}
      ></genloss-preset-picker>
      ${
        linkProblems.length > 0
          ? html`<div class="notice link" role="status">
              The link could not be taken as it is:
              <ul>
                ${linkProblems.map(
                  ({ field, message, remedy }) =>
                    html`<li>${field ? `${field}: ` : ''}${message} ${remedy}</li>`,
                )}
              </ul>
            </div>`
          : nothing
      }
      ${
        folded
          ? html`<details class="change">
              <summary>Change the experiment</summary>
              ${form}
            </details>`
          : form
      }
      <div class="cost">
        <genloss-cost .spec=${lastSpec} .engine=${this.#likelyEngine}></genloss-cost>
      </div>
    `;
  }

  /** What a click would run on, as far as is known: which engine is automatic a run has to find. */
  get #likelyEngine(): EngineName {
    const { start, request } = this.#run;
    if (this.engine !== 'auto') return this.engine;
    return start && request?.engine === 'auto' ? start.engine : 'wasm';
  }

  #presetChosen(preset: Preset) {
    this.#experiment.choosePreset(preset);
    if (this.#experiment.mayStart) void this.#start();
  }

  #answer() {
    const run = this.#run;
    return html`<genloss-answer
      .run=${run}
      .version=${run.version}
      .start=${run.start}
      .phase=${run.phase}
      .changed=${this.#changed}
      .trouble=${this.trouble}
      .waiting=${this.#waiting}
      .preset=${this.#experiment.preset}
      @run=${() => this.#start()}
    ></genloss-answer>`;
  }

  /** Why a link's experiment has not started by itself; '' where it has. */
  get #waiting(): string {
    const experiment = this.#experiment;
    // Asked in this order: what an experiment costs takes a while to estimate.
    if (this.#run.phase !== 'idle' || !experiment.spec || experiment.mayStart) return '';
    const seconds = formatSeconds(experiment.seconds);
    return (
      `This experiment takes about ${seconds} on this processor. Links that take ` +
      `more than ${CHEAP_SECONDS} s, or need a file of yours, wait for your click.`
    );
  }

  #runPanel() {
    const run = this.#run;
    return html`<genloss-run-panel
      .run=${run}
      .version=${run.version}
      .phase=${run.phase}
      .spec=${this.#experiment.spec}
      .changed=${this.#changed}
      .engine=${this.engine}
      @run=${() => this.#start()}
      @stop=${() => run.stop()}
      @engine=${(event: CustomEvent<EngineChoice>) => (this.engine = event.detail)}
      @compare=${() => this.#compare()}
      @validate=${() => this.#validate()}
    ></genloss-run-panel>`;
  }

  async #compare() {
    try {
      await import('./bench/bench-dialog.ts');
      this.comparing = true;
    } catch {
      this.trouble = 'The comparison of engines could not be loaded: is the network there?';
    }
  }

  #comparison() {
    if (this.comparing === null) return nothing;
    return html`<genloss-bench
      .open=${this.comparing}
      .running=${this.#run.active}
      @stop=${() => this.#run.stop()}
      @closed=${() => (this.comparing = false)}
    ></genloss-bench>`;
  }

  async #validate() {
    try {
      await import('./validate/validate-dialog.ts');
      this.validating = true;
    } catch {
      this.trouble = 'The check against the laws could not be loaded: is the network there?';
    }
  }

  #validation() {
    if (this.validating === null) return nothing;
    return html`<genloss-validate
      .open=${this.validating}
      .running=${this.#run.active}
      .engine=${this.engine}
      @stop=${() => this.#run.stop()}
      @closed=${() => (this.validating = false)}
    ></genloss-validate>`;
  }

  #export() {
    const { results, version } = this.#run;
    return html`<genloss-export
      .spec=${this.#experiment.spec}
      .results=${results}
      .version=${version}
      .changed=${this.#changed}
      .engine=${this.engine}
    ></genloss-export>`;
  }

  #runBar() {
    const run = this.#run;
    return html`<genloss-run-bar
      .run=${run}
      .version=${run.version}
      .phase=${run.phase}
      .spec=${this.#experiment.spec}
      .changed=${this.#changed}
      @run=${() => this.#start()}
      @stop=${() => run.stop()}
    ></genloss-run-bar>`;
  }
}
