/** The left part: everything that can be asked, drawn from the table of parameters. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Problem } from '../../errors.ts';
import {
  GROUPS,
  readPath,
  specNotes,
  type Axis,
  type Parameter,
  type ParameterGroup,
  type Spec,
} from '../../spec/schema.ts';
import { base, cards } from '../style/controls.ts';
import type { CsvFile } from '../worker-api.ts';
import { groupFields, problemsAt, strayProblems, truthKind, type Draft } from './draft.ts';
import { usedFields, whyIdle } from './effects.ts';
import { axisText, groupText } from './field-text.ts';
import type { DraftSweep } from './sweep-draft.ts';
import './data-picker.ts';
import './field.ts';
import './mixture-field.ts';
import './statistics-field.ts';
import './sweep-editor.ts';
import './weights-field.ts';

export class ExperimentForm extends LitElement {
  static override readonly properties = {
    draft: { attribute: false },
    spec: { attribute: false },
    problems: { attribute: false },
    file: { attribute: false },
    folded: { attribute: false },
  };
  static override readonly styles = [
    base,
    cards,
    css`
      details {
        border-top: 1px solid var(--line);
      }
      summary {
        display: flex;
        align-items: baseline;
        gap: var(--space-2);
        padding: 10px var(--space-4);
        cursor: pointer;
        list-style: none;
        font-weight: 600;
      }
      summary::-webkit-details-marker {
        display: none;
      }
      summary:hover {
        background: var(--sunken);
      }
      summary:focus-visible {
        outline-offset: -2px;
      }
      summary::before {
        content: '';
        width: 6px;
        height: 6px;
        border: solid var(--ink-faint);
        border-width: 0 1.5px 1.5px 0;
        transform: rotate(-45deg) translate(-1px, -1px);
        transition: transform 0.12s;
        flex: none;
      }
      details[open] > summary::before {
        transform: rotate(45deg) translate(-2px, -1px);
      }
      summary .now {
        margin-left: auto;
        font-weight: 400;
        font-size: var(--tiny);
        color: var(--ink-faint);
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      summary .wrong {
        color: var(--bad);
      }
      .fields {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-4);
        padding: var(--space-1) var(--space-4) var(--space-4);
      }
      .notice {
        margin: 0 var(--space-4) var(--space-3);
      }
    `,
  ];

  declare draft: Draft;
  /** The last spec without problems: defaults and what follows from the draft. */
  declare spec: Spec | null;
  declare problems: readonly Problem[];
  declare file: CsvFile | null;
  /** On a small screen the groups begin folded. */
  declare folded: boolean;

  constructor() {
    super();
    this.draft = {};
    this.spec = null;
    this.problems = [];
    this.file = null;
    this.folded = false;
  }

  protected override render() {
    const stray = strayProblems(this.problems, this.draft, this.spec);
    return html`
      ${
        stray.length > 0
          ? html`<div class="notice bad" role="alert">
              <ul>
                ${stray.map(
                  ({ field, message, remedy }) => html`<li>${field}: ${message} ${remedy}</li>`,
                )}
              </ul>
            </div>`
          : nothing
      }
      ${GROUPS.map((group) => this.#group(group.name, group.label))}
    `;
  }

  #group(name: ParameterGroup, label: string) {
    const rows = groupFields(this.draft, this.spec, name);
    const wrong = this.problems.filter(({ field }) =>
      name === 'sweep'
        ? field.startsWith('sweep')
        : rows.some(
            ({ path }) => problemsAt([{ field, message: '', remedy: '' }], path).length > 0,
          ),
    ).length;
    return html`<details
      ?open=${!this.folded && this.#isOpen(name)}
      @toggle=${(event: ToggleEvent) => this.#toggled(name, event)}
    >
      <summary>
        ${label}
        ${
          wrong > 0
            ? html`<span class="now wrong">${wrong} ${wrong === 1 ? 'problem' : 'problems'}</span>`
            : html`<span class="now">${this.spec ? groupText(name, this.spec) : nothing}</span>`
        }
      </summary>
      <div class="fields">
        ${name === 'sweep' ? this.#sweep() : nothing} ${rows.map((row) => this.#field(row))}
        ${name === 'truth' && truthKind(this.draft) === 'data' ? this.#data() : nothing}
      </div>
    </details>`;
  }

  /** Groups that were opened by hand, or for what is in them: they stay so. */
  readonly #opened = new Set<ParameterGroup>();

  #toggled(name: ParameterGroup, { newState }: ToggleEvent): void {
    if (newState === 'open') this.#opened.add(name);
    else this.#opened.delete(name);
  }

  /** Groups that are long and mostly idle begin folded. */
  #isOpen(name: ParameterGroup): boolean {
    if (name !== 'sampler' && name !== 'screening') return name !== 'statistics';
    return this.#opened.has(name) || (this.spec !== null && usedFields(this.spec, name).length > 0);
  }

  #field(row: Parameter): TemplateResult {
    const value = readPath(this.draft, row.path);
    const problems = problemsAt(this.problems, row.path);
    switch (row.kind) {
      case 'weights':
        return html`<genloss-weights-field
          .row=${row}
          .value=${value}
          .count=${this.spec?.truth.kind === 'blobs' ? this.spec.truth.components : 3}
          .problems=${problems}
          .swept=${this.#swept('truth.weights.zipf')}
        ></genloss-weights-field>`;
      case 'mixture':
        return html`<genloss-mixture-field
          .row=${row}
          .value=${value}
          .problems=${problems}
        ></genloss-mixture-field>`;
      case 'statistics':
        return html`<genloss-statistics-field
          .value=${value ?? this.spec?.statistics ?? row.default}
          .notes=${this.spec && value === undefined ? specNotes(this.spec) : []}
          .problems=${problems}
        ></genloss-statistics-field>`;
      default:
        return html`<genloss-field
          .row=${row}
          .value=${value}
          .resolved=${this.spec ? readPath(this.spec, row.path) : row.default}
          .problems=${problems}
          .swept=${this.#swept(row.path)}
          .idle=${whyIdle(row.path, this.spec)}
        ></genloss-field>`;
    }
  }

  /** The values of the axis over a field; null where it is not swept. */
  #swept(path: string): string | null {
    const sweep = this.#draftSweep;
    if (!Object.hasOwn(sweep, path)) return null;
    const axis: Axis | undefined = this.spec?.sweep[path];
    return axis ? axisText(axis) : 'swept';
  }

  get #draftSweep(): DraftSweep {
    return (this.draft['sweep'] ?? {}) as DraftSweep;
  }

  #sweep() {
    return html`<genloss-sweep-editor
      .sweep=${this.#draftSweep}
      .draft=${this.draft}
      .spec=${this.spec}
      .problems=${this.problems}
    ></genloss-sweep-editor>`;
  }

  #data() {
    const at = (path: string) => readPath(this.draft, path);
    const own = [
      ...problemsAt(this.problems, 'truth.file'),
      ...problemsAt(this.problems, 'truth.columns'),
    ];
    return html`<genloss-data-picker
      .name=${at('truth.file')}
      .columns=${at('truth.columns')}
      .file=${this.file}
      .problems=${own}
    ></genloss-data-picker>`;
  }
}

customElements.define('genloss-form', ExperimentForm);
