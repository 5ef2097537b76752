/** All axes of the sweep, and a way to add one. */
import { css, html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Problem } from '../../errors.ts';
import { parameterAt, type TruthKind } from '../../spec/schema.ts';
import { base, inputs } from '../style/controls.ts';
import { problemsAt } from './draft.ts';
import { EditEvent } from './edit-event.ts';
import {
  firstAxis,
  freeAxes,
  withAxis,
  withoutAxis,
  withPathReplaced,
  type DraftAxis,
  type DraftSweep,
} from './sweep-draft.ts';
import './sweep-field.ts';

export class SweepEditor extends LitElement {
  static override readonly properties = {
    sweep: { attribute: false },
    kind: { type: String },
    problems: { attribute: false },
  };
  static override readonly styles = [
    base,
    inputs,
    css`
      :host {
        display: grid;
        gap: var(--space-2);
      }
      .help {
        font-size: var(--tiny);
        color: var(--ink-faint);
      }
    `,
  ];

  declare sweep: DraftSweep;
  declare kind: TruthKind | null;
  declare problems: readonly Problem[];

  constructor() {
    super();
    this.sweep = {};
    this.kind = null;
    this.problems = [];
  }

  protected override render() {
    const free = freeAxes(this.kind, this.sweep);
    return html`
      ${repeat(
        Object.entries(this.sweep),
        ([path]) => path,
        ([path, axis]) =>
          html`<genloss-sweep-field
            .path=${path}
            .axis=${axis}
            .kind=${this.kind}
            .free=${free}
            .problems=${problemsAt(this.problems, `sweep.${path}`)}
            @axis=${(event: CustomEvent<DraftAxis>) =>
              this.#edited(withAxis(this.sweep, path, event.detail))}
            @move=${(event: CustomEvent<string>) => this.#move(path, event.detail)}
            @remove=${() => this.#edited(withoutAxis(this.sweep, path))}
          ></genloss-sweep-field>`,
      )}
      ${
        free.length === 0
          ? nothing
          : html`<select aria-label="Sweep another field" .value=${''} @change=${this.#added}>
              <option value="" selected>Sweep a field…</option>
              ${free.map(({ path, label, symbol }) => {
                const text = symbol ? `${label}, ${symbol}` : label;
                return html`<option value=${path}>${text}</option>`;
              })}
            </select>`
      }
      <p class="help">Each axis varies one field; every combination of values is a cell.</p>
    `;
  }

  #added(event: Event) {
    const select = event.target as HTMLSelectElement;
    const row = parameterAt(select.value, this.kind);
    select.value = '';
    if (row) this.#edited(withAxis(this.sweep, row.path, firstAxis(row)));
  }

  #move(path: string, to: string) {
    const row = parameterAt(to, this.kind);
    if (row) this.#edited(withPathReplaced(this.sweep, path, row));
  }

  #edited(sweep: DraftSweep) {
    this.dispatchEvent(new EditEvent({ path: 'sweep', value: sweep }));
  }
}

customElements.define('genloss-sweep-editor', SweepEditor);
