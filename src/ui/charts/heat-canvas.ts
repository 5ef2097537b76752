/**
 * A heat map that can be clicked and walked with the arrow keys. The canvas is the picture; the
 * focus is on an ARIA grid with the one cell that is active, so that any number of cells is cheap.
 */
import { css, html, type PropertyValues } from 'lit';
import type { HeatMap } from '../../experiment/views/heat-map.ts';
import { formatAxisValue } from '../format.ts';
import { base } from '../style/controls.ts';
import { CanvasChart, type Surface } from './canvas-chart.ts';
import { drawHeat } from './draw-heat.ts';
import type { Scale } from './fan-data.ts';
import { heatHeight, heatLayout, heatText, squareAfterKey, squareAt } from './heat-layout.ts';

export class HeatCanvas extends CanvasChart {
  static override readonly properties = {
    map: { attribute: false },
    scale: { type: String },
    chosen: { type: Number },
    label: { type: String },
    axisLabels: { attribute: false },
    active: { state: true },
    hovered: { state: true },
  };

  static override readonly styles = [
    base,
    CanvasChart.canvasStyles,
    css`
      .grid {
        position: relative;
        border-radius: var(--radius-small);
        cursor: pointer;
      }
      .reading {
        min-height: 1.45em;
        font-size: var(--small);
        color: var(--ink-soft);
        text-align: center;
      }
    `,
  ];

  declare map: HeatMap;
  /** Of the colours. */
  declare scale: Scale;
  /** Index of the cell whose curves are shown. */
  declare chosen: number;
  declare label: string;
  declare axisLabels: { readonly x: string; readonly y: string };
  /** Positions in `map.cells`. */
  declare active: number;
  declare hovered: number | null;

  constructor() {
    super();
    this.scale = 'linear';
    this.chosen = 0;
    this.label = '';
    this.axisLabels = { x: '', y: '' };
    this.active = 0;
    this.hovered = null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('chosen')) this.active = Math.max(this.map.cells.indexOf(this.chosen), 0);
    this.active = Math.min(this.active, this.map.cells.length - 1);
  }

  protected override render() {
    const { map } = this;
    const columns = map.x.values.length;
    const rows = map.cells.length / columns;
    const row = Math.floor(this.active / columns);
    return html`
      <div
        class="grid"
        role="grid"
        tabindex="0"
        aria-label=${this.label}
        aria-rowcount=${rows}
        aria-colcount=${columns}
        aria-activedescendant="active"
        @keydown=${this.#key}
        @click=${this.#click}
        @pointermove=${this.#hover}
        @pointerleave=${() => (this.hovered = null)}
      >
        <canvas aria-hidden="true" .style=${`height:${heatHeight(rows)}px`}></canvas>
        <div class="visually-hidden" role="row" aria-rowindex=${row + 1}>
          <div
            id="active"
            role="gridcell"
            aria-colindex=${(this.active % columns) + 1}
            aria-selected=${this.active === this.#chosenAt}
          >
            ${this.#reading(this.active)}
          </div>
        </div>
      </div>
      <p class="reading number" aria-hidden="true">${this.#reading(this.hovered ?? this.active)}</p>
    `;
  }

  get #chosenAt(): number {
    return this.map.cells.indexOf(this.chosen);
  }

  #reading(at: number): string {
    const { map, axisLabels } = this;
    const columns = map.x.values.length;
    const x = `${axisLabels.x} = ${formatAxisValue(map.x.values[at % columns]!)}`;
    const y = map.y
      ? `, ${axisLabels.y} = ${formatAxisValue(map.y.values[Math.floor(at / columns)]!)}`
      : '';
    return `${x}${y}: ${heatText(map, map.values[at]!)}`;
  }

  #key(event: KeyboardEvent) {
    const columns = this.map.x.values.length;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.#pick(this.active);
      return;
    }
    const next = squareAfterKey(this.active, event.key, columns, this.map.cells.length / columns);
    if (next === this.active) return;
    event.preventDefault();
    this.active = next;
    this.hovered = null;
  }

  #under(event: PointerEvent | MouseEvent): number | null {
    const canvas = this.canvas!;
    const { left, top } = canvas.getBoundingClientRect();
    const layout = heatLayout(this.map, canvas.clientWidth, canvas.clientHeight);
    return squareAt(layout, event.clientX - left, event.clientY - top);
  }

  #hover(event: PointerEvent) {
    this.hovered = this.#under(event);
  }

  #click(event: MouseEvent) {
    const at = this.#under(event);
    if (at !== null) this.#pick(at);
  }

  #pick(at: number) {
    this.active = at;
    this.dispatchEvent(new CustomEvent('pick', { detail: this.map.cells[at] }));
  }

  protected override draw(surface: Surface): void {
    const active = this.hovered ?? (this.matches(':focus-within') ? this.active : null);
    const { map, scale, axisLabels: labels } = this;
    drawHeat(surface, { map, scale, labels, chosen: this.#chosenAt, active });
  }
}

customElements.define('genloss-heat-canvas', HeatCanvas);
