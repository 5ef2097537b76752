/** One law of a validation: its verdict in a line, and on demand its checks, formulas and sources. */
import { css, html, LitElement, nothing } from 'lit';
import { mathText } from '../style/math-text.ts';
import { base } from '../style/controls.ts';
import { checkRow, formulasOf, zText, type LawGroup } from './validate-text.ts';

export class LawChecks extends LitElement {
  static override readonly properties = {
    group: { attribute: false },
    opened: { state: true },
  };
  static override readonly styles = [
    base,
    css`
      :host {
        display: block;
        border-top: 1px solid var(--line);
      }
      summary {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto auto;
        gap: var(--space-2);
        align-items: baseline;
        padding: 6px 0;
        font-size: var(--small);
        cursor: pointer;
      }
      summary svg {
        width: 10px;
        height: 10px;
        fill: none;
        stroke: var(--ink-faint);
        stroke-width: 2;
      }
      [open] summary svg {
        transform: rotate(90deg);
      }
      summary .note {
        white-space: nowrap;
      }
      .verdict {
        min-width: 3.4em;
        text-align: right;
        font-weight: 600;
        color: var(--good);
      }
      .fails,
      .fails .verdict {
        color: var(--bad);
        font-weight: 600;
      }
      .note {
        font-size: var(--tiny);
        color: var(--ink-faint);
      }
      .scroll {
        overflow-x: auto;
        scrollbar-width: thin;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: var(--tiny);
      }
      th,
      td {
        padding: 3px var(--space-2);
        text-align: right;
        font-weight: 400;
        vertical-align: baseline;
        border-top: 1px solid var(--line);
        white-space: nowrap;
      }
      th:first-child {
        padding-left: 0;
        text-align: left;
        white-space: normal;
        min-width: 8em;
        overflow-wrap: anywhere;
      }
      small {
        display: block;
        color: var(--ink-faint);
      }
      td:last-child,
      th:last-child {
        padding-right: 0;
      }
      thead th {
        border-top: 0;
        color: var(--ink-faint);
      }
      dl {
        padding: var(--space-2) 0 var(--space-3);
        font-size: var(--tiny);
        color: var(--ink-soft);
      }
      dt {
        margin-top: var(--space-1);
        color: var(--ink);
      }
      dd {
        overflow-wrap: anywhere;
      }
      .formula {
        font-family: var(--math);
        font-size: var(--small);
      }
      @media (max-width: 640px) {
        th,
        td {
          padding: 3px var(--space-1);
        }
        /* Its row is of another colour where a check fails. */
        th:last-child,
        td:last-child {
          display: none;
        }
        summary .count {
          display: none;
        }
      }
    `,
  ];

  declare group: LawGroup;
  declare opened: boolean;

  constructor() {
    super();
    this.opened = false;
  }

  protected override render() {
    const { law, checks, failed, furthest } = this.group;
    const count = `${checks.length} ${checks.length === 1 ? 'check' : 'checks'}`;
    const verdict = failed > 0 ? `${failed} ${failed === 1 ? 'fails' : 'fail'}` : 'holds';
    return html`<details ?open=${failed > 0} @toggle=${this.#toggled}>
      <summary class=${failed > 0 ? 'fails' : ''}>
        <svg viewBox="0 0 10 10" aria-hidden="true"><path d="M3 1l4 4-4 4" /></svg>
        <span>${law}</span>
        <span class="note number"
          ><span class="count">${count}, </span>|z| to ${zText(furthest)}</span
        >
        <span class="verdict">${verdict}</span>
      </summary>
      ${this.opened ? html`${this.#table(law)} ${this.#formulas()}` : nothing}
    </details>`;
  }

  /** A table for each of fifty laws would be a thousand rows: those of open ones are there. */
  readonly #toggled = (event: Event) => {
    this.opened = (event.target as HTMLDetailsElement).open;
  };

  #table(law: string) {
    return html`<div class="scroll" role="region" aria-label="Checks, ${law}" tabindex="0">
      <table class="number">
        <thead>
          <tr>
            <th scope="col">quantity, setting</th>
            <th scope="col">t</th>
            <th scope="col">expected</th>
            <th scope="col">found</th>
            <th scope="col">se</th>
            <th scope="col">z</th>
            <th scope="col">verdict</th>
          </tr>
        </thead>
        <tbody>
          ${this.group.checks.map((check) => {
            const { passed, seHint, ...row } = checkRow(check);
            return html`<tr class=${passed ? '' : 'fails'}>
              <th scope="row">${row.quantity} <small>${row.setting}</small></th>
              <td>${row.generation}</td>
              <td>${row.expected}</td>
              <td>${row.found}</td>
              <td title=${seHint}>${row.se}</td>
              <td>${row.z}</td>
              <td>${passed ? 'holds' : 'FAILS'}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
  }

  #formulas() {
    return html`<dl>
      ${formulasOf(this.group.checks).map(
        ({ quantity, formula, source }) =>
          html`<dt>${quantity}</dt>
            <dd><span class="formula">${mathText(formula)}</span> (${source})</dd>`,
      )}
    </dl>`;
  }
}

customElements.define('genloss-law-checks', LawChecks);
