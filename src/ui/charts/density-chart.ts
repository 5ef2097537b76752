/** The truth and one lineage's model at one generation. */
import { css, html } from 'lit';
import type { Truth } from '../../model/truth.ts';
import { base } from '../style/controls.ts';
import { NO_TRACE, type Trace } from '../trace.ts';
import { CanvasChart, type Surface } from './canvas-chart.ts';
import { coordinateName } from './coordinate-name.ts';
import { drawCurve, stripGeneration } from './draw-curve.ts';
import { drawPlane } from './draw-plane.ts';

export class DensityChart extends CanvasChart {
  static override readonly properties = {
    truth: { attribute: false },
    trace: { attribute: false },
    generation: { type: Number },
    axes: { attribute: false },
    labels: { attribute: false },
  };

  static override readonly styles = [
    base,
    CanvasChart.canvasStyles,
    css`
      canvas {
        height: 320px;
      }
      canvas.plane {
        height: 400px;
      }
    `,
  ];

  declare truth: Truth | null;
  /** Generation 0, the truth, first; empty before there is a lineage. */
  declare trace: Trace;
  declare generation: number;
  /** Coordinates along x and y. */
  declare axes: readonly [number, number];
  /** Names of all coordinates. */
  declare labels: readonly string[];

  constructor() {
    super();
    this.truth = null;
    this.trace = NO_TRACE;
    this.generation = 0;
    this.axes = [0, 1];
    this.labels = [];
  }

  protected override render() {
    return html`<canvas
      class=${(this.truth?.dim ?? 1) > 1 ? 'plane' : ''}
      role="img"
      aria-label=${this.#description()}
      @pointerdown=${this.#pick}
      @pointermove=${this.#pick}
    ></canvas>`;
  }

  #description(): string {
    if (!this.truth) return 'No lineage yet.';
    const shown = Math.min(this.generation, this.trace.length - 1);
    if (shown < 1) return 'Density of the truth.';
    const { weights } = this.trace.at(shown)!;
    const alive = weights.filter((weight) => weight > 0).length;
    const parts = alive === 1 ? 'one Gaussian' : `${alive} Gaussians`;
    return `Density of the truth, and of one lineage's model at generation ${shown}: ${parts}.`;
  }

  /** A press or a drag on the strip of generations moves to that generation. */
  #pick(event: PointerEvent) {
    if (event.buttons !== 1 || this.truth?.dim !== 1) return;
    const { clientWidth, clientHeight } = this.canvas!;
    const { offsetX, offsetY } = event;
    const picked = stripGeneration(offsetX, offsetY, clientWidth, clientHeight, this.trace.length);
    if (picked !== null)
      this.dispatchEvent(
        new CustomEvent('pick', { detail: picked, bubbles: true, composed: true }),
      );
  }

  protected override draw(surface: Surface): void {
    const { truth, trace, axes, labels } = this;
    if (!truth) return;
    const generation = Math.min(this.generation, Math.max(trace.length - 1, 0));
    const scene = { truth: truth.mixture, trace, generation };
    if (truth.dim === 1) {
      drawCurve(surface, { ...scene, axis: 0, label: labels[0] ?? 'x' });
    } else {
      const names = [coordinateName(labels, axes[0]), coordinateName(labels, axes[1])] as const;
      drawPlane(surface, { ...scene, rows: truth.rows, axes, labels: names });
    }
  }
}

customElements.define('genloss-density', DensityChart);
