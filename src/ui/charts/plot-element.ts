/**
 * A plot: reads what it shows out of the results, builds, refills and resizes uPlot's chart as little
 * as need be, and follows the theme. Subclasses say what is drawn and what stands about it.
 */
import { css, html, unsafeCSS, type PropertyDeclarations, type PropertyValues } from 'lit';
import UPlot from 'uplot';
import uplotCss from 'uplot/dist/uPlot.min.css?inline';
import type { Results } from '../../experiment/results.ts';
import type { LawOverlay } from '../../experiment/views/law-overlay.ts';
import { isDeepEqual } from '../is-deep-equal.ts';
import { QueuedElement } from '../queued-element.ts';
import { base } from '../style/controls.ts';
import { ThemeWatch } from '../theme.ts';
import { drawLater, drawNever } from './draw-queue.ts';
import type { PlotLook } from './plot-frame.ts';
import { readPalette } from './read-palette.ts';

const HEIGHT = 178;

interface Drawn {
  readonly plotted: object;
  readonly kind: readonly unknown[];
  readonly generation: number;
  readonly width: number;
}

/** Properties that what is shown is read by. */
const READ_BY = ['results', 'version', 'cell', 'generation', 'laws'] as const;

export abstract class PlotElement<Shown extends object> extends QueuedElement {
  static readonly plotProperties: PropertyDeclarations = {
    results: { attribute: false },
    version: { type: Number },
    cell: { type: Number },
    generation: { type: Number },
    laws: { attribute: false },
    tabled: { type: Boolean },
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
  /** Of the cell, once they have been worked out. */
  declare laws: LawOverlay | null;
  /** Whether the table is shown below the plot. */
  declare tabled: boolean;

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
    this.laws = null;
    this.tabled = false;
    new ThemeWatch(this, () => {
      this.#drawn = null;
      this.#draw();
    });
  }

  protected abstract read(results: Results, cell: number): Shown;
  /** What needs another chart once it changes: series, scales. */
  protected abstract get kind(): readonly unknown[];
  protected abstract options(look: PlotLook): UPlot.Options;
  protected abstract columns(): UPlot.AlignedData;

  /** Properties, beside those of all plots, that what is shown is read by. */
  protected get readBy(): readonly string[] {
    return [];
  }

  /** Where the cursor is among the columns; of plots that have one. */
  protected cursorAt?(position: number | null): void;
  protected clicked?(): void;

  protected plot(label: string) {
    const clicked = () => this.clicked?.();
    return html`<div class="plot" role="img" aria-label=${label} @click=${clicked}></div>`;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (![...READ_BY, ...this.readBy].some((name) => changed.has(name))) return;
    this.plotted = this.read(this.results, this.cell);
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
      onCursor: (position) => this.cursorAt?.(position),
    });
    this.#chart = new UPlot(options, this.columns(), ({ root }, begin) => {
      this.#begin = () => {
        old?.destroy();
        box.replaceChildren(root);
        begin();
      };
    });
  }
}
