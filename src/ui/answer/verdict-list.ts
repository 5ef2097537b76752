/** What the cell that is looked into has come to once its lineages have reached the horizon. */
import { css, html, nothing } from 'lit';
import { regimeDoc, regimeOf, REGIME_NAME } from '../../experiment/regime.ts';
import type { Results } from '../../experiment/results.ts';
import { scalingText, trendText } from '../../experiment/verdict-text.ts';
import { lossTrend, scalingLawAt } from '../../experiment/verdicts.ts';
import { QueuedElement } from '../queued-element.ts';
import { base } from '../style/controls.ts';
import { mathText } from '../style/math-text.ts';

export class VerdictList extends QueuedElement {
  static override readonly properties = {
    results: { attribute: false },
    version: { type: Number },
    cell: { type: Number },
    generation: { type: Number },
  };
  static override readonly styles = [
    base,
    css`
      :host {
        display: flow-root;
      }
      dl {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 2px var(--space-3);
        margin-top: var(--space-2);
        font-size: var(--small);
        color: var(--ink-soft);
      }
      dt {
        color: var(--ink-faint);
      }
    `,
  ];

  declare results: Results;
  /** Of the results: they are filled in place. */
  declare version: number;
  declare cell: number;
  /** What is shown beside it: a regime, which is of the last one, says so where that is another. */
  declare generation: number;

  protected override render() {
    const { results, cell } = this;
    const { generations } = results.cells[cell]!;
    if (results.generationsDone[cell]! < generations) return nothing;
    const rows = this.#rows().map(
      ([name, text]) =>
        html`<dt>${name}</dt>
          <dd class="number">${mathText(text)}.</dd>`,
    );
    return rows.length > 0 ? html`<dl aria-label="Verdicts on this cell">${rows}</dl>` : nothing;
  }

  #rows(): [name: string, text: string][] {
    const { results, cell } = this;
    const rows: [string, string][] = [];
    const regime = regimeOf(results, cell);
    if (regime) {
      const { generations } = results.cells[cell]!;
      const when = this.generation < generations ? `at generation ${generations}: ` : '';
      rows.push([REGIME_NAME, `${when}${regime}, ${regimeDoc(regime, results.spec.stages)}`]);
    }
    const trend = lossTrend(results, cell);
    if (trend) rows.push(['Test loss', trendText(trend)]);
    const law = scalingLawAt(results, cell);
    if (law) rows.push(['Scaling in n', scalingText(law)]);
    return rows;
  }
}

customElements.define('genloss-verdicts', VerdictList);
