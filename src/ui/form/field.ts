/** One scalar field of the spec, drawn from its row in the table of parameters. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Problem } from '../../errors.ts';
import type { Parameter } from '../../spec/schema.ts';
import { base, inputs } from '../style/controls.ts';
import { mathText } from '../style/math-text.ts';
import { fieldText, typedValue, valueText } from './draft.ts';
import { EditEvent } from './edit-event.ts';
import { boundsText } from './field-text.ts';
import { fieldStyles } from './field-styles.ts';

interface Option {
  readonly value: string | boolean;
  readonly label: string;
  readonly doc: string;
}

const SWITCH: readonly Option[] = [
  { value: false, label: 'Off', doc: '' },
  { value: true, label: 'On', doc: '' },
];

/** Whether a phone's keypad has all that may be typed. */
const isNumeric = ({ kind, schedule, nullable }: Parameter): boolean =>
  (kind === 'number' || kind === 'integer') && !schedule && nullable === undefined;

export class Field extends LitElement {
  static override readonly properties = {
    row: { attribute: false },
    value: { attribute: false },
    resolved: { attribute: false },
    problems: { attribute: false },
    swept: { attribute: false },
    idle: { attribute: false },
  };
  static override readonly styles = [base, inputs, fieldStyles];

  declare row: Parameter;
  /** What the draft says; undefined where the default holds. */
  declare value: unknown;
  /** What the default would be, for the placeholder. */
  declare resolved: unknown;
  declare problems: readonly Problem[];
  /** The values of the axis over this field; null where it is not swept. */
  declare swept: string | null;
  /** Why it has no effect; null where it has one. */
  declare idle: string | null;

  constructor() {
    super();
    this.problems = [];
    this.swept = null;
    this.idle = null;
  }

  protected override render() {
    const { row, swept } = this;
    const chosen = row.kind === 'switch' || (row.choices?.length ?? 0) > 1;
    const wide = chosen && swept === null;
    return html`<div class="field ${wide ? 'wide' : ''} ${this.#disabled ? 'idle' : ''}">
      ${wide ? html`<span class="name" id="name">${this.#name()}</span>` : this.#label()}
      ${swept === null ? this.#control() : html`<span class="swept">${swept}</span>`}
      <span class="help" id="help">${this.#help()}</span>
      ${this.problems.map(
        ({ message, remedy }) =>
          html`<span class="problem" role="alert">${message} ${remedy}</span>`,
      )}
    </div>`;
  }

  #label() {
    return this.swept === null
      ? html`<label class="name" for="input">${this.#name()}</label>`
      : html`<span class="name">${this.#name()}</span>`;
  }

  #name() {
    const { label, symbol, unit } = this.row;
    return html`${label}${symbol ? html` <span class="symbol">${mathText(symbol)}</span>` : nothing}${
      unit ? html` <span class="unit">${unit}</span>` : nothing
    }`;
  }

  /** What has been set can always be taken back. */
  get #disabled(): boolean {
    return this.idle !== null && this.value === undefined;
  }

  #help(): string {
    const { row, idle } = this;
    if (idle !== null) return idle;
    if (row.kind !== 'choice') return [row.doc, boundsText(row)].filter(Boolean).join(' ');
    const chosen = row.choices!.find(({ value }) => value === (this.value ?? this.resolved));
    return chosen && this.swept === null ? chosen.doc : row.doc;
  }

  #control(): TemplateResult {
    const { row } = this;
    if (row.kind === 'choice') return this.#choice(row.choices!);
    if (row.kind === 'switch') return this.#choice(SWITCH);
    return html`<input
        id="input"
        autocomplete="off"
        inputmode=${isNumeric(row) ? 'decimal' : 'text'}
        placeholder=${this.resolved === undefined ? 'off' : fieldText(row.path, this.resolved)}
        aria-describedby="help"
        aria-invalid=${this.problems.length > 0}
        ?disabled=${this.#disabled}
        .value=${fieldText(row.path, this.value)}
        @input=${this.#typed}
      />${this.#slider()}`;
  }

  /** Of a share; what is none, such as a schedule or nothing at all, has no place on it. */
  #slider() {
    const { row } = this;
    const share =
      row.kind === 'number' && row.unit === '' && row.minimum === 0 && row.maximum === 1;
    const value = this.value ?? this.resolved;
    if (!share || typeof value !== 'number' || this.#disabled) return nothing;
    return html`<input
      class="help"
      type="range"
      min="0"
      max="1"
      step="0.01"
      aria-label=${this.row.label}
      .value=${valueText(value)}
      @input=${this.#typed}
    />`;
  }

  #choice(choices: readonly Option[]) {
    const value = this.value ?? this.resolved;
    if (choices.length === 1) return html`<span>${choices[0]!.label}</span>`;
    return html`<div
      class="segments"
      role="radiogroup"
      aria-labelledby="name"
      aria-describedby="help"
      aria-invalid=${this.problems.length > 0}
    >
      ${choices.map(
        (choice) =>
          html`<label title=${choice.doc}
            ><input
              type="radio"
              name="choice"
              ?disabled=${this.#disabled}
              value=${String(choice.value)}
              .checked=${choice.value === value}
              @change=${() => this.#edited(choice.value)}
            />${choice.label}</label
          >`,
      )}
    </div>`;
  }

  #typed(event: InputEvent) {
    const { value } = event.target as HTMLInputElement;
    this.#edited(typedValue(this.row, value));
  }

  #edited(value: unknown) {
    this.dispatchEvent(new EditEvent({ path: this.row.path, value }));
  }
}

customElements.define('genloss-field', Field);
