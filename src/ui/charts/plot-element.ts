/**
 * A plot over generations: builds, refills and resizes uPlot's chart as little as need be, follows
 * the theme, says which generation the cursor is at, picks it on a click, and has a table of the
 * same numbers. Subclasses say what is drawn and what stands about it.
 */
import { css, html, LitElement, nothing, unsafeCSS } from 'lit';
import UPlot from 'uplot';
import uplotCss from 'uplot/dist/uPlot.min.css?inline';
import { isDeepEqual } from '../is-deep-equal.ts';
import { base } from '../style/controls.ts';
import { ThemeWatch } from '../theme.ts';
import { drawLater, drawNever } from './draw-queue.ts';
import { readPalette } from './palette.ts';
import type { PlotLook } from './plot-frame.ts';
import { tablePlaces, type TableData } from './table-data.ts';
import './chart-table.ts';

const HEIGHT = 178;

/** What a plot shows, for as long as it is the same object. */
export interface Plotted {
  readonly generations: Float64Array;
}

interface Drawn {
  readonly plotted: Plotted;
  readonly kind: readonly unknown[];
  readonly generation: number;
  readonly width: number;
}

export abstract class PlotElement extends LitElement {
  static readonly plotProperties = {
    generation: { type: Number },
    tabled: { type: Boolean },
    cursor: { state: true },
  };

  static readonly plotStyles = [
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
      .plot {
        height: ${HEIGHT}px;
        padding: 0 var(--space-1);
        cursor: crosshair;
      }
    `,
  ];

  declare generation: number;
  /** Whether the table is shown below the plot. */
  declare tabled: boolean;
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
    this.generation = 0;
    this.tabled = false;
    this.cursor = null;
    new ThemeWatch(this, () => {
      this.#drawn = null;
      this.#draw();
    });
  }

  /** Null while there is nothing to show. */
  protected abstract get plotted(): Plotted | null;
  /** What needs another chart once it changes: series, scales. */
  protected abstract get kind(): readonly unknown[];
  protected abstract options(look: PlotLook): UPlot.Options;
  protected abstract columns(): UPlot.AlignedData;
  /** Rows of the table at these places among the generations. */
  protected abstract tableAt(places: readonly number[]): Pick<TableData, 'heads'> & {
    readonly cells: readonly (readonly string[])[];
  };

  /** The generation that is read out: under the cursor, else the page's. */
  protected get shown(): number {
    return this.cursor ?? this.generation;
  }

  protected plot(label: string) {
    return html`<div class="plot" role="img" aria-label=${label} @click=${this.#pick}></div>`;
  }

  protected table(caption: string) {
    const { plotted } = this;
    if (!this.tabled || !plotted) return nothing;
    const { generations } = plotted;
    const places = tablePlaces(generations, this.generation);
    const { heads, cells } = this.tableAt(places);
    const rows = places.map((place, row) => ({
      head: `${generations[place]}`,
      cells: cells[row]!,
      chosen: generations[place] === this.generation,
    }));
    return html`<genloss-chart-table
      .table=${{ corner: 'generation', heads, rows }}
      .caption=${caption}
    ></genloss-chart-table>`;
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
    const { plotted, kind, generation } = this;
    const width = this.#width;
    if (!plotted || width === 0) return;
    this.#drawn = { plotted, kind, generation, width };
    if (!this.#chart || !before || !isDeepEqual(before.kind, kind)) {
      this.#build(width);
      return;
    }
    const chart = this.#chart;
    chart.batch(() => {
      if (before.width !== width) chart.setSize({ width, height: HEIGHT });
      if (before.plotted !== plotted) chart.setData(this.columns());
      else if (before.generation !== generation) chart.redraw(false);
    });
  }

  #build(width: number) {
    this.#chart?.destroy();
    const box = this.renderRoot.querySelector<HTMLElement>('.plot')!;
    const options = this.options({
      width,
      height: HEIGHT,
      palette: readPalette(),
      generation: () => this.generation,
      onCursor: (position) => {
        this.cursor = position === null ? null : (this.plotted?.generations[position] ?? null);
      },
    });
    this.#chart = new UPlot(options, this.columns(), box);
  }

  #pick() {
    if (this.cursor === null) return;
    this.dispatchEvent(
      new CustomEvent('pick', { detail: this.cursor, bubbles: true, composed: true }),
    );
  }
}
