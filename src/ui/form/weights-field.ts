/** Weights of the blobs: equal, Zipf with its exponent, or a list. */
import { css, html, LitElement, nothing } from 'lit';
import type { Problem } from '../../errors.ts';
import type { Parameter, TruthWeights } from '../../spec/schema.ts';
import { base, inputs } from '../style/controls.ts';
import { typedList, typedNumber, valueText } from './draft.ts';
import { EditEvent } from './edit-event.ts';
import { fieldStyles } from './field-styles.ts';

type Mode = 'equal' | 'zipf' | 'list';

export function weightsMode(value: unknown): Mode {
  if (Array.isArray(value)) return 'list';
  return typeof value === 'object' && value !== null ? 'zipf' : 'equal';
}

const MODES: readonly { mode: Mode; label: string }[] = [
  { mode: 'equal', label: 'Equal' },
  { mode: 'zipf', label: 'Zipf' },
  { mode: 'list', label: 'List' },
];

export class WeightsField extends LitElement {
  static override readonly properties = {
    row: { attribute: false },
    value: { attribute: false },
    count: { type: Number },
    problems: { attribute: false },
    swept: { attribute: false },
  };
  static override readonly styles = [
    base,
    inputs,
    fieldStyles,
    css`
      .segments + * {
        margin-top: var(--space-1);
      }
      .segments + .field {
        margin: var(--space-2) 0;
      }
    `,
  ];

  declare row: Parameter;
  declare value: TruthWeights | undefined;
  /** J: how many weights a list begins with. */
  declare count: number;
  declare problems: readonly Problem[];
  /** The Zipf exponents of an axis; null where they are not swept. */
  declare swept: string | null;

  constructor() {
    super();
    this.problems = [];
    this.count = 1;
    this.swept = null;
  }

  protected override render() {
    const { row, swept } = this;
    const mode = weightsMode(this.value);
    return html`<div class="field wide">
      <span class="name" id="name">${row.label} <span class="symbol">${row.symbol}</span></span>
      <div class="segments" role="radiogroup" aria-labelledby="name">
        ${MODES.map(
          (choice) =>
            html`<label
              ><input
                type="radio"
                name="mode"
                .checked=${choice.mode === mode}
                @change=${() => this.#edited(this.#fresh(choice.mode))}
              />${choice.label}</label
            >`,
        )}
      </div>
      ${swept === null ? this.#detail(mode) : html`<span class="swept">z: ${swept}</span>`}
      <span class="help">${row.doc}</span>
      ${this.problems.map(
        ({ message, remedy }) =>
          html`<span class="problem" role="alert">${message} ${remedy}</span>`,
      )}
    </div>`;
  }

  #detail(mode: Mode) {
    if (mode === 'equal') return nothing;
    const { value } = this;
    const zipf = mode === 'zipf';
    const text = zipf ? (value as { zipf: number }).zipf : value;
    return html`<label class="field ${zipf ? '' : 'wide'}">
      <span>${zipf ? html`Exponent <span class="symbol">z</span>` : 'One per blob'}</span>
      <input
        aria-invalid=${this.problems.length > 0}
        .value=${valueText(text)}
        @input=${(event: InputEvent) => {
          const typed = (event.target as HTMLInputElement).value;
          this.#edited(zipf ? { zipf: typedNumber(typed) ?? '' } : typedList(typed));
        }}
      />
    </label>`;
  }

  #fresh(mode: Mode): unknown {
    if (mode === 'equal') return undefined;
    if (mode === 'zipf') return { zipf: 1 };
    const share = Number((1 / this.count).toPrecision(3));
    const rest = Number((1 - share * (this.count - 1)).toPrecision(6));
    return Array.from({ length: this.count }, (_, j) => (j === 0 ? rest : share));
  }

  #edited(value: unknown) {
    this.dispatchEvent(new EditEvent({ path: this.row.path, value }));
  }
}

customElements.define('genloss-weights-field', WeightsField);
