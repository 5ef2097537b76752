/** What the experiment will cost, as it is being typed. */
import { css, html, LitElement } from 'lit';
import type { EngineName } from '../../engine/engine.ts';
import type { Spec } from '../../spec/schema.ts';
import { estimateCost, secondsFor } from '../../experiment/cost.ts';
import { formatBytes, formatSeconds, formatShort } from '../format.ts';
import { knownSpeed } from '../speed-memory.ts';
import { ENGINE_NAMES } from '../run/engine-text.ts';
import { base } from '../style/controls.ts';

export class CostView extends LitElement {
  static override readonly properties = { spec: { attribute: false }, engine: { type: String } };
  static override readonly styles = [
    base,
    css`
      dl {
        display: grid;
        grid-template-columns: repeat(5, auto);
        justify-content: space-between;
        gap: 0 var(--space-2);
      }
      dt {
        font-size: var(--tiny);
        color: var(--ink-faint);
      }
      dd {
        font-weight: 600;
        font-size: var(--small);
        white-space: nowrap;
      }
      .faint {
        opacity: 0.55;
      }
    `,
  ];

  /** The last spec without problems. */
  declare spec: Spec | null;
  declare engine: EngineName;

  constructor() {
    super();
    this.spec = null;
    this.engine = 'wasm';
  }

  protected override render() {
    const cost = this.spec && estimateCost(this.spec, this.engine);
    const seconds = cost && secondsFor(cost, knownSpeed(this.engine));
    const row = (label: string, value: string, hint: string) =>
      html`<div title=${hint}>
        <dt>${label}</dt>
        <dd class="number">${value}</dd>
      </div>`;
    return html`<dl aria-label="Cost estimate">
      ${row('cells', cost ? formatShort(cost.cells) : '–', 'Points of the sweep')}
      ${row('lineages', cost ? formatShort(cost.lineages) : '–', 'Cells × replicates')}
      ${row('fits', cost ? formatShort(cost.lineageGenerations) : '–', 'Lineage-generations')}
      ${row('memory', cost ? formatBytes(cost.bytes) : '–', 'Roughly, results and models')}
      ${row('time', seconds === null ? '–' : `≈ ${formatSeconds(seconds)}`, `Roughly, here, on ${ENGINE_NAMES[this.engine]}`)}
    </dl>`;
  }
}

customElements.define('genloss-cost', CostView);
