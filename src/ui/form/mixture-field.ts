/** Weight, mean and covariance of each component of an explicit mixture. */
import { css, html, LitElement } from 'lit';
import type { Problem } from '../../errors.ts';
import type { Parameter } from '../../spec/schema.ts';
import { base, buttons, inputs } from '../style/controls.ts';
import { valueText } from './draft.ts';
import { EditEvent } from './edit-event.ts';
import { fieldStyles } from './field-styles.ts';
import {
  covarianceText,
  meanText,
  typedCovariance,
  typedMean,
  typedWeight,
  withComponent,
  withoutComponent,
  type DraftComponent,
} from './mixture-rows.ts';

export class MixtureField extends LitElement {
  static override readonly properties = {
    row: { attribute: false },
    value: { attribute: false },
    problems: { attribute: false },
  };
  static override readonly styles = [
    base,
    buttons,
    inputs,
    fieldStyles,
    css`
      fieldset {
        display: grid;
        grid-template-columns: 64px minmax(0, 1fr) minmax(0, 1fr) 28px;
        align-items: end;
        gap: 2px 6px;
        border: 0;
        margin: 0 0 var(--space-1);
        padding: 0;
      }
      label {
        font-size: var(--tiny);
        color: var(--ink-faint);
      }
      fieldset button {
        width: 28px;
        grid-column: 4;
        grid-row: 1;
      }
      /* A matrix needs the whole width. */
      fieldset.tall label:nth-of-type(2) {
        grid-column: 2 / 4;
      }
      fieldset.tall label:nth-of-type(3) {
        grid-column: 1 / 4;
      }
    `,
  ];

  declare row: Parameter;
  declare value: readonly DraftComponent[];
  declare problems: readonly Problem[];

  constructor() {
    super();
    this.value = [];
    this.problems = [];
  }

  protected override render() {
    const { row } = this;
    return html`<div class="field wide">
      <span class="name">${row.label} <span class="symbol">${row.symbol}</span></span>
      ${this.value.map((component, k) => this.#component(component, k))}
      <button @click=${() => this.#edited(withComponent(this.value))}>Add a component</button>
      <span class="help">${row.doc} Separate entries by commas, rows by semicolons.</span>
      ${this.problems.map(
        ({ field, message, remedy }) =>
          html`<span class="problem" role="alert">${this.#place(field)}${message} ${remedy}</span>`,
      )}
    </div>`;
  }

  #component(component: DraftComponent, k: number) {
    const part = (key: string, text: string, typed: (text: string) => unknown) =>
      html`<label
        >${key}<input
          aria-label="${key} of component ${k + 1}"
          aria-invalid=${this.#hasProblem(k, key)}
          .value=${text}
          @input=${(event: InputEvent) => {
            const value = typed((event.target as HTMLInputElement).value);
            this.#edited(this.value.map((c, i) => (i === k ? { ...c, [key]: value } : c)));
          }}
      /></label>`;
    const tall = Array.isArray(component.mean) && component.mean.length > 1;
    return html`<fieldset class=${tall ? 'tall' : ''}>
      <legend class="visually-hidden">Component ${k + 1}</legend>
      ${part('weight', valueText(component.weight), typedWeight)}
      ${part('mean', meanText(component), typedMean)}
      ${part('covariance', covarianceText(component), typedCovariance)}
      <button
        class="icon quiet"
        aria-label="Remove component ${k + 1}"
        ?disabled=${this.value.length === 1}
        @click=${() => this.#edited(withoutComponent(this.value, k))}
      >
        ×
      </button>
    </fieldset>`;
  }

  #hasProblem(k: number, key: string): boolean {
    return this.problems.some(({ field }) => field.startsWith(`${this.row.path}[${k}].${key}`));
  }

  /** "Component 2: " for a problem inside one. */
  #place(field: string): string {
    const index = /^\[(\d+)\]/.exec(field.slice(this.row.path.length))?.[1];
    return index === undefined ? '' : `Component ${Number(index) + 1}: `;
  }

  #edited(value: unknown) {
    this.dispatchEvent(new EditEvent({ path: this.row.path, value }));
  }
}

customElements.define('genloss-mixture-field', MixtureField);
