/** One statistic over generations: quantile bands, median, mean and the law of theory. */
import { css, html, LitElement, nothing, unsafeCSS, type PropertyValues } from 'lit';
import UPlot from 'uplot';
import uplotCss from 'uplot/dist/uPlot.min.css?inline';
import type { LawLabel } from '../../experiment/results.ts';
import type { Fan } from '../../experiment/views/fan.ts';
import type { StatisticRow } from '../../spec/statistics.ts';
import { base, buttons } from '../style/controls.ts';
import { mathText } from '../style/math-text.ts';
import { ThemeWatch } from '../theme.ts';
import { fanData, fanReading, logScaleFor, type Scale } from './fan-data.ts';
import { fanOptions } from './fan-options.ts';
import { readPalette } from './palette.ts';

const HEIGHT = 178;

export class FanChart extends LitElement {
  static override readonly properties = {
    fan: { attribute: false },
    row: { attribute: false },
    generation: { type: Number },
    chosenScale: { state: true },
    cursor: { state: true },
  };

  static override readonly styles = [
    unsafeCSS(uplotCss),
    base,
    buttons,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      header {
        display: grid;
        grid-template-columns: 1fr auto;
        align-items: start;
        gap: 0 var(--space-2);
        padding: var(--space-3) var(--space-3) 0 var(--space-4);
      }
      /* One line: a symbol that has no room beside the name wraps out of sight. */
      h3 {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--space-2);
        height: 24px;
        line-height: 24px;
        overflow: hidden;
      }
      h3 .symbol {
        font-weight: 400;
        white-space: nowrap;
      }
      .reading {
        grid-column: 1 / -1;
        font-size: var(--tiny);
        color: var(--ink-soft);
        height: 1.45em;
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .reading b {
        display: inline-block;
        min-width: 1.9em;
        color: var(--ink);
      }
      .scale {
        display: flex;
      }
      .scale button {
        font-size: var(--tiny);
        min-height: 24px;
        padding: 0 8px;
        color: var(--ink-soft);
      }
      .scale button:first-child {
        border-radius: var(--radius-small) 0 0 var(--radius-small);
      }
      .scale button:last-child {
        border-radius: 0 var(--radius-small) var(--radius-small) 0;
        margin-left: -1px;
      }
      .scale button[aria-pressed='true'] {
        position: relative;
        color: var(--accent);
      }
      .plot {
        height: ${HEIGHT}px;
        padding: 0 var(--space-1);
        cursor: crosshair;
      }
      .law {
        font-size: var(--tiny);
        color: var(--ink-soft);
        padding: 0 var(--space-4) var(--space-3);
        min-height: 1.45em;
      }
      .law::before {
        content: '';
        display: inline-block;
        width: 20px;
        border-top: 2px dashed var(--law);
        vertical-align: middle;
        margin-right: 6px;
      }
      .law.none::before {
        content: none;
      }
      .law .formula {
        font-family: var(--math);
        font-size: var(--small);
      }
      .law .source {
        color: var(--ink-faint);
      }
      .law .parting {
        display: block;
        margin-top: var(--space-1);
      }
    `,
  ];

  declare fan: Fan | null;
  declare row: StatisticRow;
  declare generation: number;
  /** What the user asked for; null as the data ask. */
  declare chosenScale: Scale | null;
  declare cursor: number | null;

  #chart: UPlot | null = null;
  #drawnScale: Scale = 'linear';
  readonly #resize = new ResizeObserver(() => this.#fitWidth());

  constructor() {
    super();
    this.fan = null;
    this.generation = 0;
    this.chosenScale = null;
    this.cursor = null;
    new ThemeWatch(this, () => this.#rebuild());
  }

  get #scale(): Scale {
    if (!this.fan) return 'linear';
    const { possible, better } = logScaleFor(this.fan);
    if (!possible) return 'linear';
    return this.chosenScale ?? (better && this.row.scale === 'log' ? 'log' : 'linear');
  }

  protected override render() {
    const { row, fan } = this;
    const shown = this.cursor ?? this.generation;
    return html`
      <header>
        <h3 title="${row.doc} ${row.symbol}">
          ${row.label} <span class="symbol">${mathText(row.symbol)}</span>
        </h3>
        ${this.#scaleButtons()}
        <div class="reading number">
          ${fan ? html`<b>${shown}</b> ${fanReading(fan, shown)}` : 'no numbers yet'}
        </div>
      </header>
      <div
        class="plot"
        role="img"
        aria-label="${row.label} over generations. ${row.doc}"
        @click=${this.#pick}
      ></div>
      ${this.#law()}
    `;
  }

  #scaleButtons() {
    const scale = this.#scale;
    const possible = this.fan !== null && logScaleFor(this.fan).possible;
    const button = (name: Scale, label: string) =>
      html`<button
        aria-pressed=${scale === name}
        ?disabled=${name === 'log' && !possible}
        title=${name === 'log' && !possible ? 'Has values that are not positive.' : nothing}
        @click=${() => (this.chosenScale = name)}
      >
        ${label}
      </button>`;
    return html`<div class="scale" role="group" aria-label="Axis of ${this.row.label}">
      ${button('linear', 'lin')}${button('log', 'log')}
    </div>`;
  }

  #law() {
    const label = this.fan?.lawLabel;
    if (!label) return html`<p class="law none"></p>`;
    return html`<p class="law" title=${label.source}>
      ${label.name}: <span class="formula">${mathText(label.formula)}</span>
      <span class="source">(${label.source})</span>
      ${this.#parting(label)}
    </p>`;
  }

  /** Why the measured mean leaves its law, where it does so within the chart. */
  #parting({ testableUntil }: LawLabel) {
    const last = this.fan!.generations[this.fan!.generations.length - 1]!;
    if (testableUntil >= last) return nothing;
    return html`<span class="parting">
      Past generation ${testableUntil} a few rare lineages carry the mean: the law holds, but the
      average of a sample mostly falls short of it and now and then lies far above, and the median
      is the better guide.
    </span>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!this.fan) return;
    if (!this.#chart || this.#drawnScale !== this.#scale || changed.has('row')) this.#rebuild();
    else if (changed.has('fan')) this.#chart.setData(fanData(this.fan, this.#scale));
    else if (changed.has('generation')) this.#chart.redraw(false);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.updateComplete.then(() => {
      const box = this.renderRoot.querySelector('.plot');
      if (box) this.#resize.observe(box);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize.disconnect();
    this.#chart?.destroy();
    this.#chart = null;
  }

  #rebuild() {
    this.#chart?.destroy();
    this.#chart = null;
    const box = this.renderRoot.querySelector<HTMLElement>('.plot');
    if (!box || !this.fan || box.clientWidth === 0) return;
    this.#drawnScale = this.#scale;
    const options = fanOptions({
      width: box.clientWidth - 8,
      height: HEIGHT,
      scale: this.#drawnScale,
      palette: readPalette(),
      fromZero: this.row.range[0] === 0,
      generation: () => this.generation,
      onCursor: (generation) => (this.cursor = generation),
    });
    this.#chart = new UPlot(options, fanData(this.fan, this.#drawnScale), box);
  }

  #fitWidth() {
    const box = this.renderRoot.querySelector<HTMLElement>('.plot');
    if (!box) return;
    if (!this.#chart) this.#rebuild();
    else this.#chart.setSize({ width: box.clientWidth - 8, height: HEIGHT });
  }

  #pick() {
    if (this.cursor !== null) {
      this.dispatchEvent(
        new CustomEvent('pick', { detail: this.cursor, bubbles: true, composed: true }),
      );
    }
  }
}

customElements.define('genloss-fan', FanChart);
