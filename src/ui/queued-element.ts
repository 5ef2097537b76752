/** An element that renders when its turn in the draw queue comes, and not with all the others. */
import { LitElement } from 'lit';
import { drawLater } from './charts/draw-queue.ts';

export abstract class QueuedElement extends LitElement {
  /** Rendering has a turn of its own beside that of a chart's drawing. */
  readonly #turn = {};

  protected override async scheduleUpdate(): Promise<void> {
    await new Promise<void>((resolve) => drawLater(this.#turn, resolve));
    await super.scheduleUpdate();
  }
}
