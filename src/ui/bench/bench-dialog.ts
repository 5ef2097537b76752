/** Compares the engines of this machine: what to run, how far it is, what came of it. */
import { html, nothing } from 'lit';
import type { BenchReport } from '../../experiment/bench/report.ts';
import { BENCH_CASES, REFERENCE_CASE } from '../../experiment/bench/cases.ts';
import { comparisonMarkdown } from '../../experiment/bench/markdown.ts';
import { download } from '../downloads.ts';
import { formatSeconds } from '../format.ts';
import { base, buttons, cards, inputs, progressBars } from '../style/controls.ts';
import { dialogs } from '../style/dialogs.ts';
import { TaskDialog, type TaskProgress } from '../task-dialog.ts';
import { BenchClock } from './bench-clock.ts';
import { BenchController } from './bench-controller.ts';
import { conditions, LENGTHS, progressText, type LengthName } from './bench-text.ts';
import { benchStyles } from './bench-styles.ts';
import './case-result.ts';

/** How long a button says that it has copied. */
const SAID_MS = 1800;

const FIRST_CASES = [REFERENCE_CASE, 'closed-form'];

const LENGTH_LABELS: Readonly<Record<LengthName, string>> = {
  short: 'Short',
  longer: 'Longer',
};

const BESIDE =
  'A run is going, and beside it every figure would be wrong: wait for its end, or stop it.';

export class BenchDialog extends TaskDialog {
  static override readonly properties = {
    cases: { state: true },
    length: { state: true },
    said: { state: true },
  };
  static override readonly styles = [
    ...[base, buttons, cards, inputs, progressBars],
    ...[dialogs, benchStyles],
  ];

  /** Names of those that are asked for. */
  declare cases: ReadonlySet<string>;
  declare length: LengthName;
  declare said: string;

  protected override readonly heading = 'Compare engines on this machine';
  protected override readonly task = new BenchController(this);

  constructor() {
    super();
    this.cases = new Set(FIRST_CASES);
    this.length = 'short';
    this.said = '';
  }

  protected override body() {
    return html`<p>
        The same work on every engine that this browser has: first whether all give the same
        results, then how many lineage-generations a second (lg/s) each of them does.
      </p>
      ${this.#settings()} ${this.action(this.#begin(), BESIDE)} ${this.#results()}`;
  }

  /** Something to show. */
  get #found(): boolean {
    return (this.task.report?.cases.length ?? 0) > 0;
  }

  #settings() {
    const { active } = this.task;
    const chosen = `${this.cases.size} ${this.cases.size === 1 ? 'case' : 'cases'}, ${this.length}`;
    return html`<details ?open=${!active && !this.#found}>
      <summary>What to compare<span class="note">${chosen}</span></summary>
      <div class="settings">${this.#choices(active)}</div>
    </details>`;
  }

  #choices(active: boolean) {
    return html`<fieldset ?disabled=${active}>
        <legend>Cases</legend>
        ${BENCH_CASES.map(
          ({ name, title }) =>
            html`<label
              ><input
                type="checkbox"
                .checked=${this.cases.has(name)}
                @change=${() => this.#toggle(name)}
              />${title}</label
            >`,
        )}
      </fieldset>
      <fieldset ?disabled=${active}>
        <legend>Length</legend>
        ${(Object.keys(LENGTHS) as LengthName[]).map((name) => this.#lengthChoice(name))}
        <p class="note">
          Short is for a first look: whatever else runs on the machine moves it by tens of per cent.
          For figures to quote, close the rest and take Longer, or run
          <code>npm run bench</code>.
        </p>
      </fieldset>`;
  }

  #lengthChoice(name: LengthName) {
    const { runs, targetSeconds } = LENGTHS[name];
    return html`<label
      ><input
        type="radio"
        name="length"
        .checked=${this.length === name}
        @change=${() => (this.length = name)}
      />${LENGTH_LABELS[name]}: ${runs} runs of about ${targetSeconds} s, of each engine and
      case</label
    >`;
  }

  #toggle(name: string) {
    const cases = new Set(this.cases);
    if (!cases.delete(name)) cases.add(name);
    this.cases = cases;
  }

  #begin() {
    return html`<div class="action">
      <button class="primary" ?disabled=${this.cases.size === 0} @click=${this.#start}>
        ${this.#found ? 'Compare again' : 'Compare'}
      </button>
      <span class="number">${this.cases.size > 0 ? this.#estimate() : 'Choose a case.'}</span>
      ${this.trouble()}
    </div>`;
  }

  /** Before the engines are open their number is a guess: WASM in two builds, and so on. */
  #estimate(): string {
    const wasm = navigator.hardwareConcurrency > 1 ? 4 : 2;
    const engines = wasm + 1 + ('gpu' in navigator ? 1 : 0);
    const clock = new BenchClock(this.cases.size, engines, LENGTHS[this.length], () => 0);
    return `takes about ${formatSeconds(clock.secondsLeft)}`;
  }

  protected override progress(): TaskProgress {
    const { progress, clock } = this.task;
    const opening = 'Opening the engines, and measuring what this machine can do at most…';
    return {
      label: 'Progress of the comparison',
      clock: progress && clock,
      step: progress ? progressText(progress) : opening,
      note: BENCH_CASES.find(({ name }) => name === progress?.name)?.title ?? '',
    };
  }

  #results() {
    const { report, phase, wasHidden } = this.task;
    if (!report || !this.#found) {
      return phase === 'done' ? html`<p>Stopped before the first case was through.</p>` : nothing;
    }
    return html`<section class="results" aria-label="Results">
      ${report.cases.map(
        (each) =>
          html`<genloss-case-result
            .report=${each}
            .contenders=${report.contenders}
          ></genloss-case-result>`,
      )}
      ${this.task.active ? nothing : this.#take(report)}
      <ul class="note">
        ${conditions(report, wasHidden).map((line) => html`<li>${line}</li>`)}
      </ul>
      <p class="note">
        A lineage-generation is everything: points drawn, a model fitted, its statistics and
        summaries read back. Its bound counts its arithmetic alone, at the rate that chains of
        products and sums reached on the same processor or GPU just before; nothing can reach it.
      </p>
    </section>`;
  }

  #take(report: BenchReport) {
    return html`<div class="take">
      <button @click=${() => this.#copy(report)}>Copy as Markdown</button>
      <button @click=${() => this.#save(report)}>Download JSON</button>
      <span role="status">${this.said}</span>
    </div>`;
  }

  async #copy(report: BenchReport) {
    try {
      await navigator.clipboard.writeText(comparisonMarkdown(report));
      this.said = 'Copied';
    } catch {
      this.said = 'The browser did not allow copying: take the JSON instead.';
    }
    setTimeout(() => (this.said = ''), SAID_MS);
  }

  #save(report: BenchReport) {
    const text = `${JSON.stringify(report, null, 2)}\n`;
    download(new Blob([text], { type: 'application/json' }), 'engines.json');
  }

  readonly #start = async () => {
    if (this.running) return;
    const cases = BENCH_CASES.map(({ name }) => name).filter((name) => this.cases.has(name));
    await this.tickWhile(this.task.start({ cases, ...LENGTHS[this.length] }));
  };
}

customElements.define('genloss-bench', BenchDialog);
