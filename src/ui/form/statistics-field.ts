/** Which statistics a run measures: one box each, with its sentence. */
import { css, html, LitElement } from 'lit';
import type { Problem } from '../../errors.ts';
import { MODE_FAMILIES, STATISTICS, type StatisticName } from '../../spec/statistics.ts';
import { base, inputs } from '../style/controls.ts';
import { EditEvent } from './edit-event.ts';
import { fieldStyles } from './field-styles.ts';

/** A box for each statistic of every truth, and one for all modes of a family. */
const BOXES = [
  ...STATISTICS.map(({ name, label, doc }) => ({ name: name as string, label, doc })),
  ...MODE_FAMILIES.map(({ family, label, doc }) => ({
    name: family as string,
    label: `${label} 1, 2, …`,
    doc,
  })),
];

export class StatisticsField extends LitElement {
  static override readonly properties = {
    value: { attribute: false },
    notes: { attribute: false },
    problems: { attribute: false },
  };
  static override readonly styles = [
    base,
    inputs,
    fieldStyles,
    css`
      fieldset {
        border: 0;
        margin: 0;
        padding: 0;
        display: grid;
        gap: 6px;
      }
      label {
        display: grid;
        grid-template-columns: 16px 1fr;
        gap: 0 8px;
        align-items: start;
        cursor: pointer;
      }
      input {
        margin-top: 2px;
      }
      .doc {
        grid-column: 2;
        font-size: var(--tiny);
        color: var(--ink-faint);
        line-height: 1.35;
      }
    `,
  ];

  declare value: readonly StatisticName[];
  /** Sentences about what is measured where nothing is chosen. */
  declare notes: readonly string[];
  declare problems: readonly Problem[];

  constructor() {
    super();
    this.value = [];
    this.notes = [];
    this.problems = [];
  }

  protected override render() {
    return html`<fieldset>
      <legend class="visually-hidden">Statistics</legend>
      ${this.notes.map((note) => html`<p class="help">${note}</p>`)}
      ${BOXES.map(
        ({ name, label, doc }) =>
          html`<label
            ><input
              type="checkbox"
              .checked=${this.#isChosen(name)}
              @change=${() => this.#toggle(name)}
            /><span>${label}</span><span class="doc">${doc}</span></label
          >`,
      )}
      ${this.problems.map(
        ({ message, remedy }) => html`<p class="problem" role="alert">${message} ${remedy}</p>`,
      )}
    </fieldset>`;
  }

  #isChosen(name: string): boolean {
    return this.#membersOf(name).length > 0;
  }

  /** The statistic itself, or those of its family, that are in the value. */
  #membersOf(name: string): readonly string[] {
    return this.value.filter((own) => own === name || own.replace(/_\d+$/, '') === name);
  }

  /** In the table's order, whatever the order of clicks. */
  #toggle(name: string) {
    const chosen = BOXES.flatMap(({ name: other }) => {
      if (this.#isChosen(other) === (other === name)) return [];
      const own = this.#membersOf(other);
      return own.length > 0 ? own : [other];
    });
    this.dispatchEvent(new EditEvent({ path: 'statistics', value: chosen }));
  }
}

customElements.define('genloss-statistics-field', StatisticsField);
