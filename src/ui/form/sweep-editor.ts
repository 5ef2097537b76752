/** All axes of the sweep, and a way to add one. */
import { css, html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Problem } from '../../errors.ts';
import { parameterAt, type Spec } from '../../spec/schema.ts';
import { base, inputs } from '../style/controls.ts';
import { problemsAt, truthKind, type Draft } from './draft.ts';
import { EditEvent } from './edit-event.ts';
import { listedName } from './field-text.ts';
import {
  firstAxis,
  freeAxes,
  sweepOf,
  withAxis,
  withoutAxis,
  withPathReplaced,
  type DraftAxis,
  type DraftSweep,
} from './sweep-draft.ts';
import './sweep-field.ts';

export class SweepEditor extends LitElement {
  static override readonly properties = {
    draft: { attribute: false },
    spec: { attribute: false },
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

  declare draft: Draft;
  /** The last one without problems. */
  declare spec: Spec | null;
  declare problems: readonly Problem[];

  constructor() {
    super();
    this.draft = {};
    this.spec = null;
    this.problems = [];
  }

  protected override render() {
    const kind = truthKind(this.draft);
    const sweep = sweepOf(this.draft);
    const free = freeAxes(kind, sweep, this.spec);
    return html`
      ${repeat(
        Object.entries(sweep),
        ([path]) => path,
        ([path, axis]) =>
          html`<genloss-sweep-field
            .path=${path}
            .axis=${axis}
            .kind=${kind}
            .free=${free}
            .problems=${problemsAt(this.problems, `sweep.${path}`)}
            @axis=${(event: CustomEvent<DraftAxis>) =>
              this.#edited(withAxis(sweep, path, event.detail))}
            @move=${(event: CustomEvent<string>) => this.#move(path, event.detail)}
            @remove=${() => this.#edited(withoutAxis(sweep, path))}
          ></genloss-sweep-field>`,
      )}
      ${
        free.length === 0
          ? nothing
          : html`<select aria-label="Sweep another field" .value=${''} @change=${this.#added}>
              <option value="" selected>Sweep a field…</option>
              ${free.map((row) => html`<option value=${row.path}>${listedName(row)}</option>`)}
            </select>`
      }
      <p class="help">Each axis varies one field; every combination of values is a cell.</p>
    `;
  }

  #added(event: Event) {
    const select = event.target as HTMLSelectElement;
    const row = parameterAt(select.value, truthKind(this.draft));
    select.value = '';
    if (!row) return;
    this.#edited(withAxis(sweepOf(this.draft), row.path, firstAxis(row, this.draft)));
  }

  #move(path: string, to: string) {
    const row = parameterAt(to, truthKind(this.draft));
    if (row) this.#edited(withPathReplaced(this.draft, path, row));
  }

  #edited(sweep: DraftSweep) {
    this.dispatchEvent(new EditEvent({ path: 'sweep', value: sweep }));
  }
}

customElements.define('genloss-sweep-editor', SweepEditor);
