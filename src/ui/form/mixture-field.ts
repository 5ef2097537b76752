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
      table {
        width: 100%;
        border-spacing: 0 4px;
        table-layout: fixed;
      }
      th {
        text-align: left;
        font-size: var(--tiny);
        font-weight: 500;
        color: var(--ink-faint);
      }
      td {
        padding: 0 4px 0 0;
      }
      th:first-child {
        width: 27%;
      }
      th:last-child,
      td:last-child {
        width: 32px;
        padding: 0;
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
      <table>
        <thead>
          <tr>
            <th scope="col">weight</th>
            <th scope="col">mean</th>
            <th scope="col">covariance</th>
            <th><span class="visually-hidden">remove</span></th>
          </tr>
        </thead>
        <tbody>
          ${this.value.map((component, k) => this.#component(component, k))}
        </tbody>
      </table>
      <button @click=${() => this.#edited(withComponent(this.value))}>Add a component</button>
      <span class="help">${row.doc} Separate entries by commas, rows by semicolons.</span>
      ${this.problems.map(
        ({ field, message, remedy }) =>
          html`<span class="problem" role="alert">${this.#place(field)}${message} ${remedy}</span>`,
      )}
    </div>`;
  }

  #component(component: DraftComponent, k: number) {
    const cell = (label: string, key: string, text: string, typed: (text: string) => unknown) =>
      html`<td>
        <input
          aria-label="${label} of component ${k + 1}"
          aria-invalid=${this.#hasProblem(k, key)}
          .value=${text}
          @input=${(event: InputEvent) => {
            const value = typed((event.target as HTMLInputElement).value);
            this.#edited(this.value.map((c, i) => (i === k ? { ...c, [key]: value } : c)));
          }}
        />
      </td>`;
    return html`<tr>
      ${cell('Weight', 'weight', valueText(component.weight), typedWeight)}
      ${cell('Mean', 'mean', meanText(component), typedMean)}
      ${cell('Covariance', 'covariance', covarianceText(component), typedCovariance)}
      <td>
        <button
          class="icon quiet"
          aria-label="Remove component ${k + 1}"
          ?disabled=${this.value.length === 1}
          @click=${() => this.#edited(withoutComponent(this.value, k))}
        >
          ×
        </button>
      </td>
    </tr>`;
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
