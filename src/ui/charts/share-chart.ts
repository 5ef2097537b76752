/** Shares of lineages over generations: lines, or areas stacked to one. */
import { css, html, LitElement, unsafeCSS } from 'lit';
import UPlot from 'uplot';
import uplotCss from 'uplot/dist/uPlot.min.css?inline';
import type { Shares } from '../../experiment/views/shares.ts';
import { wilson } from '../../experiment/wilson.ts';
import { base } from '../style/controls.ts';
import { ThemeWatch } from '../theme.ts';
import { drawLater, drawNever } from './draw-queue.ts';
import { shareData, shareOptions, shareStyles } from './share-options.ts';
import { readPalette } from './palette.ts';

const HEIGHT = 178;

export class ShareChart extends LitElement {
  static override readonly properties = {
    shares: { attribute: false },
    heading: { type: String },
    stacked: { type: Boolean },
    generation: { type: Number },
    cursor: { state: true },
  };
  static override readonly styles = [
    unsafeCSS(uplotCss),
    base,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      header {
        padding: var(--space-3) var(--space-3) 0 var(--space-4);
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0 var(--space-4) var(--space-3);
        font-size: var(--tiny);
        color: var(--ink-soft);
      }
      li {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 var(--space-2);
      }
      i {
        width: 18px;
        height: 8px;
        align-self: center;
      }
      .accent {
        background: var(--accent);
      }
      .law {
        background: var(--law);
      }
      .model {
        background: var(--model);
      }
      .truth {
        background: var(--truth);
      }
      b {
        color: var(--ink);
        margin-left: auto;
      }
      .at {
        font-size: var(--tiny);
        color: var(--ink-soft);
      }
      .plot {
        height: ${HEIGHT}px;
        padding: 0 var(--space-1);
      }
    `,
  ];

  declare shares: Shares;
  declare heading: string;
  declare stacked: boolean;
  declare generation: number;
  declare cursor: number | null;

  #chart: UPlot | null = null;
  #width = 0;
  readonly #resize = new ResizeObserver(([entry]) => {
    this.#width = Math.floor(entry!.contentRect.width);
    this.#rebuild();
  });

  constructor() {
    super();
    this.heading = '';
    this.stacked = false;
    this.generation = 0;
    this.cursor = null;
    new ThemeWatch(this, () => this.#rebuild());
  }

  protected override render() {
    const { shares, heading, stacked } = this;
    const shown = this.cursor ?? this.generation;
    const styles = shareStyles(readPalette(), shares.series.length, stacked);
    return html`
      <header>
        <h3>${heading}</h3>
        <span class="at number">at generation ${shown}, with 95 % intervals (Wilson)</span>
      </header>
      <div class="plot" role="img" aria-label="${heading}, over generations"></div>
      <ul>
        ${shares.series.map(
          ({ label }, s) =>
            html`<li>
              <i class=${styles[s]!.name}></i>${label}
              <b class="number">${this.#reading(s, shown)}</b>
            </li>`,
        )}
      </ul>
    `;
  }

  #reading(series: number, generation: number): string {
    const { generations, counts, series: all } = this.shares;
    const row = generations.indexOf(generation);
    const share = all[series]!.values[row] ?? NaN;
    if (Number.isNaN(share)) return 'not there yet';
    const percent = (x: number) => (100 * x).toFixed(1);
    const [low, high] = wilson(share, counts[row]!);
    return `${percent(share)} % [${percent(low)}, ${percent(high)}]`;
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
  }

  protected override updated(changed: Map<string, unknown>): void {
    const { shares, stacked } = this;
    if (this.#chart?.series.length !== shares.series.length + 1) this.#rebuild();
    else if (changed.has('shares')) {
      drawLater(this, () => this.#chart?.setData(shareData(shares, stacked)));
    }
  }

  #rebuild(): void {
    drawLater(this, () => this.#build());
  }

  #build(): void {
    const box = this.renderRoot.querySelector<HTMLElement>('.plot');
    if (!box || this.#width === 0) return;
    this.#chart?.destroy();
    const { shares, stacked } = this;
    const options = shareOptions({
      ...{ width: this.#width, height: HEIGHT, palette: readPalette(), stacked },
      count: shares.series.length,
      onCursor: (position) => {
        this.cursor = position === null ? null : (this.shares.generations[position] ?? null);
      },
    });
    this.#chart = new UPlot(options, shareData(shares, stacked), box);
  }
}

customElements.define('genloss-shares', ShareChart);
