/** What a comparison found in one case: whether all gave the same, and how fast each was. */
import { css, html, LitElement, nothing } from 'lit';
import type { ContenderLine } from '../../experiment/bench/report.ts';
import type { CaseReport } from '../../experiment/bench/runner.ts';
import { base } from '../style/controls.ts';
import { agreementText, caseTable, type CaseRow } from './bench-text.ts';

export class CaseResult extends LitElement {
  static override readonly properties = {
    report: { attribute: false },
    contenders: { attribute: false },
  };
  static override readonly styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-2);
      }
      p {
        font-size: var(--small);
        color: var(--ink-soft);
      }
      p.differs {
        color: var(--bad);
        font-weight: 600;
      }
      .scroll {
        overflow-x: auto;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: var(--small);
      }
      th,
      td {
        padding: 6px var(--space-2);
        text-align: right;
        vertical-align: top;
        border-top: 1px solid var(--line);
        white-space: nowrap;
      }
      th:first-child,
      td:first-child {
        padding-left: 0;
        text-align: left;
        white-space: normal;
      }
      th:last-child,
      td:last-child {
        padding-right: 0;
      }
      thead th {
        border-top: 0;
        color: var(--ink-faint);
        font-weight: 500;
        vertical-align: bottom;
        white-space: normal;
      }
      tbody th {
        font-weight: 600;
      }
      small {
        display: block;
        font-size: var(--tiny);
        font-weight: 400;
        color: var(--ink-faint);
      }
      @media (max-width: 640px) {
        tbody th small {
          display: none;
        }
      }
    `,
  ];

  declare report: CaseReport;
  declare contenders: readonly ContenderLine[];

  protected override render() {
    const { report } = this;
    const { title, stopped, standings, absent } = report;
    return html`
      <h3>${title}</h3>
      <p class=${stopped === null ? '' : 'differs'}>${agreementText(report)}</p>
      ${standings.length > 0 ? this.#table(title) : nothing}
      ${absent.map(({ contender, reason }) => html`<p>Did not take part: ${contender}. ${reason}</p>`)}
    `;
  }

  #table(title: string) {
    const { base, rows } = caseTable(this.report, this.contenders);
    return html`<div class="scroll" role="region" aria-label="Speeds, ${title}" tabindex="0">
      <table class="number">
        <thead>
          <tr>
            <th scope="col">engine</th>
            <th scope="col">lg/s<small>least – most</small></th>
            <th scope="col">of its bound</th>
            <th scope="col">to ${base}</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map((row) => this.#row(row))}
        </tbody>
      </table>
    </div>`;
  }

  #row({ name, description, rate, spread, share, shareHint, ratio }: CaseRow) {
    return html`<tr>
      <th scope="row">${name}<small>${description}</small></th>
      <td><b>${rate}</b><small>${spread}</small></td>
      <td title=${shareHint}>${share}</td>
      <td>${ratio}</td>
    </tr>`;
  }
}

customElements.define('genloss-case-result', CaseResult);
