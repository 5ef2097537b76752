/** What the colours of a heat map stand for: a scale of numbers, or a list of words. */
import { css, html, LitElement } from 'lit';
import { REGIME_NAME, regimeDoc, REGIMES } from '../../experiment/regime.ts';
import type { HeatMap } from '../../experiment/views/heat-map.ts';
import type { Spec } from '../../spec/schema.ts';
import { CLASS_COLOURS, colourOf, cssColour } from '../charts/colour-table.ts';
import type { Scale } from '../charts/fan-data.ts';
import { logColoursFor } from '../charts/heat-layout.ts';
import { formatValue } from '../format.ts';
import { base, scaleButtons } from '../style/controls.ts';
import { scaleChooser } from '../charts/scale-chooser.ts';

/** As a CSS gradient; enough stops that the eye sees no difference. */
const GRADIENT = `linear-gradient(to right, ${Array.from({ length: 17 }, (_, i) =>
  cssColour(colourOf(i / 16)),
).join(', ')})`;

export class HeatLegend extends LitElement {
  static override readonly properties = {
    map: { attribute: false },
    scale: { type: String },
    stages: { attribute: false },
  };
  static override readonly styles = [
    base,
    scaleButtons,
    css`
      :host {
        display: block;
        flex: 1;
        min-width: min(100%, 270px);
      }
      .bar {
        display: grid;
        grid-template-columns: auto 1fr auto auto;
        align-items: center;
        gap: var(--space-2);
        font-size: var(--tiny);
        color: var(--ink-soft);
      }
      .bar i {
        height: 10px;
        border-radius: 2px;
      }
      .words {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 260px), 1fr));
        gap: 2px var(--space-3);
        list-style: none;
        font-size: var(--tiny);
        color: var(--ink-soft);
      }
      .words .title {
        grid-column: 1 / -1;
      }
      .words i {
        display: inline-block;
        width: 12px;
        height: 12px;
        margin-right: 6px;
        vertical-align: -2px;
        border: 1px solid var(--line-strong);
        border-radius: 2px;
      }
      .words b {
        color: var(--ink);
        font-weight: 600;
      }
    `,
  ];

  declare map: HeatMap;
  /** Of the colours. */
  declare scale: Scale;
  /** Thresholds that regimes are told by. */
  declare stages: Spec['stages'];

  protected override render() {
    return this.map.words ? this.#words() : this.#bar();
  }

  #bar() {
    const { map } = this;
    return html`<div class="bar number">
      <span aria-hidden="true">${formatValue(map.min, 3)}</span>
      <i aria-hidden="true" .style=${`background:${GRADIENT}`}></i>
      <span aria-hidden="true">${formatValue(map.max, 3)}</span>
      ${scaleChooser('Colours', this.scale, logColoursFor(map).possible, (scale) =>
        this.dispatchEvent(new CustomEvent('scale', { detail: scale })),
      )}
    </div>`;
  }

  #words() {
    return html`<ul class="words" aria-label=${REGIME_NAME}>
      <li class="title"><b>${REGIME_NAME}</b></li>
      ${REGIMES.map(
        (regime, i) =>
          html`<li>
            <i .style=${`background:${cssColour(CLASS_COLOURS[i]!)}`}></i><b>${regime}</b>:
            ${regimeDoc(regime, this.stages)}
          </li>`,
      )}
    </ul>`;
  }
}

customElements.define('genloss-heat-legend', HeatLegend);
