/** Holds the page's engine against the exact laws: how far it is, every verdict, and files of them. */
import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { VALIDATION_CASES } from '../../experiment/validate/cases.ts';
import { falseAlarmText } from '../../experiment/validate/false-alarm.ts';
import {
  chiSquareText,
  validationJson,
  validationJunit,
} from '../../experiment/validate/report.ts';
import type { Validation, ValidationSize } from '../../experiment/validate/validate.ts';
import { download } from '../downloads.ts';
import { base, buttons, cards, inputs, progressBars } from '../style/controls.ts';
import { dialogs } from '../style/dialogs.ts';
import { TaskDialog, type TaskProgress } from '../task-dialog.ts';
import type { EngineChoice } from '../worker-api.ts';
import { ValidationController } from './validate-controller.ts';
import { lawGroups, SHOWN, SIZES, type Shown } from './validate-text.ts';
import { validateStyles } from './validate-styles.ts';
import './law-checks.ts';

const BESIDE = 'A run is going, and both would be slowed: wait for its end, or stop it.';

export class ValidateDialog extends TaskDialog {
  static override readonly properties = {
    engine: { type: String },
    size: { state: true },
    shown: { state: true },
  };
  static override readonly styles = [
    ...[base, buttons, cards, inputs, progressBars],
    ...[dialogs, validateStyles],
  ];

  /** What runs of the page are asked for on. */
  declare engine: EngineChoice;
  declare size: ValidationSize;
  declare shown: Shown;

  protected override readonly heading = 'Check this machine against the laws';
  protected override readonly task = new ValidationController(this);

  constructor() {
    super();
    this.engine = 'auto';
    this.size = 'quick';
    this.shown = 'all';
  }

  protected override body() {
    return html`<p>
        Exact laws of theory, each in settings of its own: what the engine that runs are on finds
        there is held against what is to be expected, by its standard error. |z| beyond 4 fails.
      </p>
      ${this.action(this.#begin(), BESIDE)} ${this.#results()}`;
  }

  #begin() {
    return html`<fieldset>
        <legend>Length</legend>
        ${(Object.keys(SIZES) as ValidationSize[]).map(
          (size) =>
            html`<label
              ><input
                type="radio"
                name="size"
                .checked=${this.size === size}
                @change=${() => (this.size = size)}
              />${SIZES[size]}</label
            >`,
        )}
      </fieldset>
      <div class="action">
        <button class="primary" @click=${this.#start}>
          ${this.task.report ? 'Check again' : 'Check'}
        </button>
        ${this.trouble()}
      </div>`;
  }

  protected override progress(): TaskProgress {
    const { clock, number } = this.task;
    const count = VALIDATION_CASES.length;
    return {
      label: 'Progress of the validation',
      clock: clock && Number.isFinite(clock.secondsLeft) ? clock : null,
      step: number === null ? 'Opening the engine…' : VALIDATION_CASES[number]!.name,
      note: number === null ? '' : `law ${number + 1} of ${count}`,
    };
  }

  #results() {
    const { report, notice, phase } = this.task;
    if (!report || report.checks.length === 0) {
      return phase === 'done' ? html`<p>Stopped before the first law was through.</p>` : nothing;
    }
    const groups = lawGroups(report.checks, this.shown);
    return html`<section class="results" aria-label="Results">
      ${this.#summary(report)} ${notice ? html`<p class="notice">${notice}</p>` : nothing}
      ${this.#take(report)}
      <div class="laws">
        ${
          groups.length === 0
            ? html`<p class="note">None.</p>`
            : repeat(
                groups,
                ({ law }) => law,
                (group) => html`<genloss-law-checks .group=${group}></genloss-law-checks>`,
              )
        }
      </div>
      <p class="note">
        z is what is found less what is expected, by the standard error. ± is how far a setting may
        be from a limit; z counts what goes beyond.
      </p>
    </section>`;
  }

  #summary(report: Validation) {
    const { engine, adapter, checks, failed, chiSquare, falseAlarm } = report;
    const [kind, text] = wholeOf(report, this.task.active);
    const fail = failed === 1 ? '1 fails' : `${failed} fail`;
    return html`<div class="sum number">
      <p class="whole ${kind}" role="status">${text}</p>
      <p>${engine} on ${adapter}: ${checks.length} checks, ${fail}.</p>
      <p>${chiSquareText(chiSquare)}</p>
      <p class="note">${falseAlarmText(falseAlarm).join(' ')}</p>
    </div>`;
  }

  #take(report: Validation) {
    return html`<div class="take">
      <label
        >Show
        <select @change=${this.#shownChosen}>
          ${(Object.keys(SHOWN) as Shown[]).map(
            (shown) =>
              html`<option value=${shown} ?selected=${shown === this.shown}>
                ${SHOWN[shown]}
              </option>`,
          )}
        </select></label
      >
      ${
        this.task.active
          ? nothing
          : html`<button @click=${() => save(validationJson(report), 'laws.json')}>
                Download JSON
              </button>
              <button @click=${() => save(validationJunit(report), 'laws.xml')}>
                Download JUnit
              </button>`
      }
    </div>`;
  }

  readonly #shownChosen = (event: Event) => {
    this.shown = (event.target as HTMLSelectElement).value as Shown;
  };

  readonly #start = async () => {
    if (this.running) return;
    await this.tickWhile(this.task.start({ engine: this.engine, size: this.size }));
  };
}

/** What it comes to, and in which colour. */
function wholeOf({ complete, passed, failed }: Validation, active: boolean): [string, string] {
  if (failed > 0) return ['fails', 'The laws do not hold on this engine.'];
  if (active) return ['', 'So far every law holds.'];
  if (!complete) return ['', 'Stopped: not all laws were looked at; those that were hold.'];
  if (passed) return ['holds', 'Every law holds.'];
  return ['fails', 'Each check holds, but all together they are too far off: see χ².'];
}

function save(text: string, name: string) {
  const type = name.endsWith('.xml') ? 'application/xml' : 'application/json';
  download(new Blob([text], { type }), name);
}

customElements.define('genloss-validate', ValidateDialog);
