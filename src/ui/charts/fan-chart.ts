/** One statistic over generations: quantile bands, median, mean and the law of theory. */
import { css, html, LitElement, nothing, unsafeCSS } from 'lit';
import UPlot from 'uplot';
import uplotCss from 'uplot/dist/uPlot.min.css?inline';
import type { LawLabel } from '../../experiment/results.ts';
import type { Fan } from '../../experiment/views/fan.ts';
import type { StatisticRow } from '../../spec/statistics.ts';
import { base, buttons } from '../style/controls.ts';
import { mathText } from '../style/math-text.ts';
import { ThemeWatch } from '../theme.ts';
import { drawLater, drawNever } from './draw-queue.ts';
import { fanData, fanReading, logScaleFor, type Scale } from './fan-data.ts';
import { fanOptions } from './fan-options.ts';
import { readPalette } from './palette.ts';

const HEIGHT = 178;

interface Drawn {
  readonly fan: Fan;
  readonly row: StatisticRow;
  readonly generation: number;
  readonly width: number;
  readonly scale: Scale;
}

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
  /** What the chart shows. */
  #drawn: Drawn | null = null;
  /** Of the box, known without asking for a layout. */
  #width = 0;
  readonly #resize = new ResizeObserver(([entry]) => {
    this.#width = Math.floor(entry!.contentRect.width);
    this.#draw();
  });

  constructor() {
    super();
    this.fan = null;
    this.generation = 0;
    this.chosenScale = null;
    this.cursor = null;
    new ThemeWatch(this, () => {
      this.#drawn = null;
      this.#draw();
    });
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

  protected override updated(): void {
    this.#draw();
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
    drawNever(this);
    this.#resize.disconnect();
    this.#chart?.destroy();
    this.#chart = null;
    this.#drawn = null;
  }

  #draw() {
    drawLater(this, () => this.#drawNow());
  }

  /** As little as brings the chart to what is asked for. */
  #drawNow() {
    const before = this.#drawn;
    const { fan, row, generation } = this;
    const now = { fan: fan!, row, generation, width: this.#width, scale: this.#scale };
    if (!fan || now.width === 0) return;
    this.#drawn = now;
    if (!this.#chart || before?.row !== row || before.scale !== now.scale) {
      this.#build(now);
      return;
    }
    const chart = this.#chart;
    chart.batch(() => {
      if (before.width !== now.width) chart.setSize({ width: now.width, height: HEIGHT });
      if (before.fan !== fan) chart.setData(fanData(fan, now.scale));
      else if (before.generation !== generation) chart.redraw(false);
    });
  }

  #build({ fan, row, width, scale }: Drawn) {
    this.#chart?.destroy();
    const box = this.renderRoot.querySelector<HTMLElement>('.plot')!;
    const options = fanOptions({
      width,
      height: HEIGHT,
      scale,
      palette: readPalette(),
      fromZero: row.range[0] === 0,
      generation: () => this.generation,
      onCursor: (position) => {
        this.cursor = position === null ? null : (this.fan?.generations[position] ?? null);
      },
    });
    this.#chart = new UPlot(options, fanData(fan, scale), box);
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
