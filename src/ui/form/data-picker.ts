/** A truth of data: a set that comes with the page or a file of the user's, and its columns. */
import { css, html, LitElement, nothing } from 'lit';
import type { Problem } from '../../errors.ts';
import { DATASETS } from '../../spec/datasets.ts';
import { MAX_EM_DIM } from '../../spec/parameter.ts';
import { columnsOf, readGiven } from '../data-files.ts';
import { base, buttons, cards, inputs } from '../style/controls.ts';
import type { CsvFile } from '../worker-api.ts';
import { EditEvent } from './edit-event.ts';
import { fieldStyles } from './field-styles.ts';

const MOST_COLUMNS = MAX_EM_DIM;

export class DataPicker extends LitElement {
  static override readonly properties = {
    name: { type: String },
    columns: { attribute: false },
    file: { attribute: false },
    problems: { attribute: false },
    trouble: { state: true },
  };
  static override readonly styles = [
    base,
    buttons,
    inputs,
    cards,
    fieldStyles,
    css`
      :host {
        display: grid;
        gap: var(--space-3);
      }
      .columns {
        display: flex;
        flex-wrap: wrap;
        gap: 6px var(--space-3);
      }
      .columns label {
        display: flex;
        gap: 6px;
        align-items: center;
      }
      input[type='file'] {
        font: inherit;
        font-size: var(--small);
        width: 100%;
        color: var(--ink-soft);
      }
      input[type='file']::file-selector-button {
        font: inherit;
        font-weight: 500;
        color: var(--ink);
        background: var(--surface);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-small);
        padding: 5px 11px;
        margin-right: var(--space-2);
        cursor: pointer;
      }
    `,
  ];

  /** truth.file of the draft. */
  declare name: string;
  /** truth.columns of the draft. */
  declare columns: readonly string[];
  /** The file of that name, once it is there. */
  declare file: CsvFile | null;
  declare problems: readonly Problem[];
  declare trouble: string;

  constructor() {
    super();
    this.name = '';
    this.columns = [];
    this.file = null;
    this.problems = [];
    this.trouble = '';
  }

  protected override render() {
    const known = DATASETS.find(({ file }) => file === this.name);
    return html`
      <div class="field wide">
        <label class="name" for="set">Data set</label>
        <select id="set" .value=${known ? this.name : ''} @change=${this.#chosen}>
          ${DATASETS.map(
            ({ file, title, rowCount }) =>
              html`<option value=${file} ?selected=${file === this.name}>
                ${title} (${rowCount} rows)
              </option>`,
          )}
          ${known ? nothing : html`<option value="" selected>${this.name}</option>`}
        </select>
        <span class="help">${known?.doc ?? 'Your own file; it never leaves this browser.'}</span>
      </div>
      <div class="field wide">
        <label class="name" for="file">Or your own CSV file</label>
        <input id="file" type="file" accept=".csv,.tsv,.txt,text/csv" @change=${this.#given} />
        ${this.trouble ? html`<p class="problem" role="alert">${this.trouble}</p>` : nothing}
        ${
          !known && !this.file
            ? html`<p class="problem" role="alert">
                This experiment needs the file ${this.name}: load it here.
              </p>`
            : nothing
        }
      </div>
      ${this.#columnBoxes()}
      ${this.problems.map(
        ({ message, remedy }) => html`<p class="problem" role="alert">${message} ${remedy}</p>`,
      )}
    `;
  }

  #columnBoxes() {
    const known = DATASETS.find(({ file }) => file === this.name)?.columns;
    const all = known ?? (this.file ? columnsOf(this.file) : this.columns);
    const full = this.columns.length >= MOST_COLUMNS;
    return html`<div class="field wide" role="group" aria-labelledby="columns">
      <span class="name" id="columns">Columns</span>
      <div class="columns">
        ${all.map((column) => {
          const chosen = this.columns.includes(column);
          return html`<label
            ><input
              type="checkbox"
              .checked=${chosen}
              ?disabled=${(!chosen && full) || (chosen && this.columns.length === 1)}
              @change=${() => this.#toggle(column, all)}
            />${column}</label
          >`;
        })}
      </div>
      <span class="help">One to four columns make a point.</span>
    </div>`;
  }

  #toggle(column: string, all: readonly string[]) {
    const columns = all.filter((other) => this.columns.includes(other) !== (other === column));
    this.dispatchEvent(new EditEvent({ path: 'truth.columns', value: columns }));
  }

  #chosen(event: Event) {
    const name = (event.target as HTMLSelectElement).value;
    const set = DATASETS.find(({ file }) => file === name);
    if (set) this.#edited(name, set.columns[0]!);
  }

  async #given(event: Event) {
    const given = (event.target as HTMLInputElement).files?.[0];
    if (!given) return;
    this.trouble = '';
    try {
      const file = await readGiven(given);
      const first = columnsOf(file)[0];
      if (first === undefined) throw new Error(`${file.name} has no header row.`);
      this.dispatchEvent(new CustomEvent('csv', { detail: file, bubbles: true, composed: true }));
      this.#edited(file.name, first);
    } catch (error) {
      this.trouble = (error as Error).message;
    }
  }

  #edited(file: string, column: string) {
    const value = { kind: 'data', file, columns: [column] };
    this.dispatchEvent(new EditEvent({ path: 'truth', value }));
  }
}

customElements.define('genloss-data-picker', DataPicker);
