/**
 * A plot over generations: has the linked cursor, says which generation that is at, picks it on a
 * click, and has a table of the same numbers.
 */
import { html, nothing } from 'lit';
import type { Results } from '../../experiment/results.ts';
import { chartGenerations } from './fan-data.ts';
import { PlotElement } from './plot-element.ts';
import { tablePlaces, type TableData } from './table-data.ts';
import './chart-table.ts';

/** What a plot shows, for as long as it is the same object. */
export interface Plotted {
  readonly generations: Float64Array;
}

export abstract class GenerationPlot<Shown extends Plotted> extends PlotElement<Shown> {
  static override readonly plotProperties = {
    ...PlotElement.plotProperties,
    cursor: { state: true },
  };

  declare cursor: number | null;

  constructor() {
    super();
    this.cursor = null;
  }

  protected abstract readAt(results: Results, cell: number, generations: Float64Array): Shown;
  /** Rows of the table at these places among the generations. */
  protected abstract tableAt(places: readonly number[]): Pick<TableData, 'heads'> & {
    readonly cells: readonly (readonly string[])[];
  };

  protected override read(results: Results, cell: number): Shown {
    const { generations } = results.cells[cell]!;
    return this.readAt(results, cell, chartGenerations(generations, this.generation));
  }

  /** The generation that is read out: under the cursor, else the page's. */
  protected get shown(): number {
    return this.cursor ?? this.generation;
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

  protected override cursorAt(position: number | null): void {
    this.cursor = position === null ? null : (this.plotted.generations[position] ?? null);
  }

  protected override clicked(): void {
    if (this.cursor === null) return;
    this.dispatchEvent(
      new CustomEvent('pick', { detail: this.cursor, bubbles: true, composed: true }),
    );
  }
}
