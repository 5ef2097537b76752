/** One axis of the sweep: which field, and which values. */
import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Problem } from '../../errors.ts';
import { parameterAt, type Parameter, type TruthKind } from '../../spec/schema.ts';
import { base, buttons, inputs } from '../style/controls.ts';
import { typedNumber, valueText } from './draft.ts';
import { fieldStyles } from './field-styles.ts';
import { listedName } from './field-text.ts';
import {
  canRange,
  isRange,
  listText,
  otherForm,
  typedAxis,
  typedRange,
  type DraftAxis,
} from './sweep-draft.ts';

export class SweepField extends LitElement {
  static override readonly properties = {
    path: { type: String },
    axis: { attribute: false },
    kind: { type: String },
    free: { attribute: false },
    problems: { attribute: false },
    typed: { state: true },
  };
  static override readonly styles = [
    base,
    buttons,
    inputs,
    fieldStyles,
    css`
      :host {
        border: 1px solid var(--line);
        border-radius: var(--radius-small);
        padding: var(--space-2) var(--space-3) var(--space-3);
        background: var(--sunken);
      }
      header {
        display: flex;
        gap: var(--space-2);
        margin-bottom: var(--space-2);
      }
      .range {
        display: grid;
        grid-template-columns: repeat(3, minmax(0, 1fr));
        gap: var(--space-2);
      }
      .range label {
        font-size: var(--tiny);
        color: var(--ink-soft);
      }
      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-3);
      }
      .choices label {
        display: flex;
        gap: 6px;
        align-items: center;
      }
      .forms {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: var(--space-1) var(--space-3);
        margin-top: var(--space-2);
        font-size: var(--tiny);
        color: var(--ink-soft);
      }
      .forms label {
        display: inline-flex;
        gap: 6px;
        align-items: center;
      }
      .forms button {
        font-size: var(--tiny);
        min-height: 24px;
        padding: 0 8px;
      }
    `,
  ];

  declare path: string;
  declare axis: DraftAxis;
  declare kind: TruthKind | null;
  declare free: readonly Parameter[];
  declare problems: readonly Problem[];
  /** Text of the list as it is being typed. */
  declare typed: string;

  constructor() {
    super();
    this.problems = [];
    this.free = [];
    this.typed = '';
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('axis') && !isRange(this.axis)) this.typed = listText(this.axis, this.typed);
  }

  protected override render() {
    const row = parameterAt(this.path, this.kind);
    const label = row?.label ?? this.path;
    return html`
      <header>
        <select aria-label="Swept field" @change=${this.#moved}>
          <option value=${this.path} selected>${row ? listedName(row) : label}</option>
          ${this.free.map(
            (other) => html`<option value=${other.path}>${listedName(other)}</option>`,
          )}
        </select>
        <button class="icon quiet" aria-label="Remove the axis ${label}" @click=${this.#removed}>
          ×
        </button>
      </header>
      ${row?.choices ? this.#choices(row) : isRange(this.axis) ? this.#range() : this.#list(label)}
      ${canRange(this.path, this.kind) ? this.#forms() : nothing}
      ${this.problems.map(
        ({ message, remedy }) => html`<p class="problem" role="alert">${message} ${remedy}</p>`,
      )}
    `;
  }

  #list(label: string) {
    return html`<input
      aria-label="Values of ${label}, separated by commas"
      aria-invalid=${this.problems.length > 0}
      .value=${this.typed}
      @input=${(event: InputEvent) => {
        this.typed = (event.target as HTMLInputElement).value;
        this.#changed(typedAxis(this.typed));
      }}
      @change=${() => {
        const range = typedRange(this.path, this.typed);
        if (range) this.#changed(range);
      }}
    />`;
  }

  #range() {
    const axis = this.axis as Readonly<Record<string, unknown>>;
    const part = (key: string) =>
      html`<label
        >${key}<input
          inputmode="decimal"
          aria-invalid=${this.problems.some(({ field }) => field.endsWith(`.${key}`))}
          .value=${valueText(axis[key])}
          @input=${(event: InputEvent) => {
            const value = typedNumber((event.target as HTMLInputElement).value) ?? '';
            this.#changed({ ...axis, [key]: value });
          }}
      /></label>`;
    return html`<div class="range">${part('from')}${part('to')}${part('steps')}</div>`;
  }

  #choices(row: Parameter) {
    const chosen = this.axis as readonly unknown[];
    return html`<div class="choices">
      ${row.choices!.map(
        ({ value, label }) =>
          html`<label
            ><input
              type="checkbox"
              .checked=${chosen.includes(value)}
              @change=${() =>
                this.#changed(
                  row
                    .choices!.map((choice) => choice.value)
                    .filter((other) => chosen.includes(other) !== (other === value)),
                )}
            />${label}</label
          >`,
      )}
    </div>`;
  }

  #forms() {
    const axis = this.axis;
    return html`<div class="forms">
      <button class="quiet" @click=${() => this.#changed(otherForm(axis))}>
        ${isRange(axis) ? 'List the values instead' : 'From, to, steps instead'}
      </button>
      ${
        isRange(axis)
          ? html`<label
              ><input
                type="checkbox"
                .checked=${axis['scale'] === 'log'}
                @change=${() =>
                  this.#changed({ ...axis, scale: axis['scale'] === 'log' ? 'linear' : 'log' })}
              />log scale</label
            >`
          : nothing
      }
    </div>`;
  }

  #changed(axis: DraftAxis) {
    this.dispatchEvent(new CustomEvent('axis', { detail: axis }));
  }

  #moved(event: Event) {
    const path = (event.target as HTMLSelectElement).value;
    this.dispatchEvent(new CustomEvent('move', { detail: path }));
  }

  #removed() {
    this.dispatchEvent(new CustomEvent('remove'));
  }
}

customElements.define('genloss-sweep-field', SweepField);
