/**
 * A plot over generations: reads what it shows out of the results, builds, refills and resizes
 * uPlot's chart as little as need be, follows the theme, says which generation the cursor is at,
 * picks it on a click, and has a table of the same numbers. Subclasses say what is drawn and what
 * stands about it.
 */
import { css, html, nothing, unsafeCSS, type PropertyValues } from 'lit';
import UPlot from 'uplot';
import uplotCss from 'uplot/dist/uPlot.min.css?inline';
import type { Results } from '../../experiment/results.ts';
import { isDeepEqual } from '../is-deep-equal.ts';
import { QueuedElement } from '../queued-element.ts';
import { base } from '../style/controls.ts';
import { ThemeWatch } from '../theme.ts';
import { drawLater, drawNever } from './draw-queue.ts';
import { chartGenerations } from './fan-data.ts';
import type { PlotLook } from './plot-frame.ts';
import { readPalette } from './read-palette.ts';
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

/** Properties that what is shown is read by. */
const READ_BY = ['results', 'version', 'cell', 'generation'] as const;

export abstract class PlotElement<Shown extends Plotted> extends QueuedElement {
  static readonly plotProperties = {
    results: { attribute: false },
    version: { type: Number },
    cell: { type: Number },
    generation: { type: Number },
    tabled: { type: Boolean },
    cursor: { state: true },
  };

  static readonly plotStyles = [
    unsafeCSS(uplotCss),
    base,
    css`
      /* At least as tall as all of it, so that nothing moves when its turn comes. */
      :host {
        display: block;
        min-width: 0;
        min-height: ${HEIGHT + 68}px;
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

  declare results: Results;
  /** Of the results: they are filled in place. */
  declare version: number;
  declare cell: number;
  declare generation: number;
  /** Whether the table is shown below the plot. */
  declare tabled: boolean;
  declare cursor: number | null;

  /** What is shown: read in the element's own turn, again once there is news. */
  protected plotted!: Shown;
  #chart: UPlot | null = null;
  /** Gives a chart that was built its place and its data, in the turn after. */
  #begin: (() => void) | null = null;
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

  protected abstract read(results: Results, cell: number, generations: Float64Array): Shown;
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
    if (!this.tabled) return nothing;
    const { generations } = this.plotted;
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

  protected override willUpdate(changed: PropertyValues): void {
    if (!READ_BY.some((name) => changed.has(name))) return;
    const { results, cell, generation } = this;
    const { generations } = results.cells[cell]!;
    this.plotted = this.read(results, cell, chartGenerations(generations, generation));
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
    this.#begin = null;
    this.#drawn = null;
    this.#width = 0;
  }

  #draw() {
    drawLater(this, () => this.#drawNow());
  }

  /** As little as brings the chart to what is asked for. */
  #drawNow() {
    const before = this.#drawn;
    const { plotted, kind, generation } = this;
    const width = this.#width;
    if (width === 0) return;
    this.#drawn = { plotted, kind, generation, width };
    if (!this.#chart || !before || !isDeepEqual(before.kind, kind)) {
      this.#build(width);
      this.#draw();
      return;
    }
    this.#begin?.();
    this.#begin = null;
    const chart = this.#chart;
    chart.batch(() => {
      if (before.width !== width) chart.setSize({ width, height: HEIGHT });
      if (before.plotted !== plotted) chart.setData(this.columns());
      else if (before.generation !== generation) chart.redraw(false);
    });
  }

  /** The old chart stays until the new one begins. */
  #build(width: number) {
    const old = this.#chart;
    const box = this.renderRoot.querySelector('.plot')!;
    const options = this.options({
      width,
      height: HEIGHT,
      palette: readPalette(),
      generation: () => this.generation,
      onCursor: (position) => {
        this.cursor = position === null ? null : (this.plotted.generations[position] ?? null);
      },
    });
    this.#chart = new UPlot(options, this.columns(), ({ root }, begin) => {
      this.#begin = () => {
        old?.destroy();
        box.replaceChildren(root);
        begin();
      };
    });
  }

  #pick() {
    if (this.cursor === null) return;
    this.dispatchEvent(
      new CustomEvent('pick', { detail: this.cursor, bubbles: true, composed: true }),
    );
  }
}
