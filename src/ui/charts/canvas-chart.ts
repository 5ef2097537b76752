/**
 * A chart on a 2-D canvas: keeps the bitmap at the size of the box and the density of the screen,
 * and draws again when size, colours or properties change. Subclasses say what to draw.
 */
import { css } from 'lit';
import { QueuedElement } from '../queued-element.ts';
import { ThemeWatch } from '../theme.ts';
import { drawLater, drawNever } from './draw-queue.ts';
import type { Palette } from './palette.ts';
import { readPalette } from './read-palette.ts';

export interface Surface {
  readonly context: CanvasRenderingContext2D;
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly palette: Palette;
}

export abstract class CanvasChart extends QueuedElement {
  static readonly canvasStyles = css`
    :host {
      display: block;
    }
    canvas {
      display: block;
      width: 100%;
      height: 100%;
    }
  `;

  /** Of the box, in CSS pixels, known without asking for a layout. */
  #size = { width: 0, height: 0 };
  readonly #resize = new ResizeObserver(([entry]) => {
    const { width, height } = entry!.contentRect;
    this.#size = { width: Math.round(width), height: Math.round(height) };
    this.redraw();
  });
  #observed: HTMLCanvasElement | null = null;

  constructor() {
    super();
    new ThemeWatch(this, () => this.redraw());
  }

  protected abstract draw(surface: Surface): void;

  protected override updated(): void {
    const canvas = this.canvas;
    if (canvas !== this.#observed) {
      this.#resize.disconnect();
      if (canvas) this.#resize.observe(canvas);
      this.#observed = canvas;
    }
    this.redraw();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    drawNever(this);
    this.#resize.disconnect();
    this.#observed = null;
  }

  protected get canvas(): HTMLCanvasElement | null {
    return this.renderRoot.querySelector('canvas');
  }

  /** Draws once, in one of the next frames, however often it is asked. */
  protected redraw(): void {
    drawLater(this, () => this.#paint());
  }

  #paint() {
    const canvas = this.canvas;
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return;
    const { width, height } = this.#size;
    if (width === 0 || height === 0) return;
    const density = devicePixelRatio;
    const [columns, rows] = [Math.round(width * density), Math.round(height * density)];
    // A bitmap that is given its size anew is made anew.
    if (canvas.width !== columns) canvas.width = columns;
    if (canvas.height !== rows) canvas.height = rows;
    context.setTransform(density, 0, 0, density, 0, 0);
    this.draw({ context, width, height, palette: readPalette() });
  }
}
