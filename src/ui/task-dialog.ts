/**
 * A dialog with a long task in it, beside which no run of the page goes on: it opens and closes, Escape
 * ends the task, and what is left of it is told again while it lasts.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { formatSeconds } from './format.ts';
import type { Task } from './task-controller.ts';

/** Time left is told again this often, as a step may last seconds. */
const TICK_MS = 500;

/** How far a task is. */
export interface TaskProgress {
  readonly label: string;
  /** From 0 to 1, and seconds left; null before either is known. */
  readonly clock: { readonly share: number; readonly secondsLeft: number } | null;
  readonly step: string;
  readonly note: string;
}

export abstract class TaskDialog extends LitElement {
  static override readonly properties: Record<string, object> = {
    open: { type: Boolean },
    running: { type: Boolean },
  };

  declare open: boolean;
  /** A run of the page is on: both would be slowed, so neither begins beside the other. */
  declare running: boolean;

  protected abstract readonly task: Task;
  protected abstract readonly heading: string;
  protected abstract body(): unknown;
  protected abstract progress(): TaskProgress;

  constructor() {
    super();
    this.open = false;
    this.running = false;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('open')) return;
    const dialog = this.renderRoot.querySelector('dialog')!;
    if (this.open && !dialog.open) dialog.showModal();
    if (!this.open && dialog.open) dialog.close();
  }

  protected override render(): TemplateResult {
    return html`<dialog aria-labelledby="title" @close=${this.#closed} @cancel=${this.#cancelled}>
      <header>
        <h2 id="title">${this.heading}</h2>
        <button class="icon quiet" aria-label="Close" @click=${this.#close}>
          <svg class="glyph" viewBox="0 0 16 16" aria-hidden="true">
            <path d="M4 4l8 8M12 4l-8 8" />
          </svg>
        </button>
      </header>
      <div class="body">${this.body()}</div>
    </dialog>`;
  }

  /** How far it is, or what begins it, where a run of the page does not stand in its way. */
  protected action(begin: unknown, beside: string): unknown {
    if (this.task.active) return this.#going();
    if (!this.running) return begin;
    return html`<div class="action">
      <p class="notice" role="status">${beside}</p>
      <button @click=${() => this.dispatchEvent(new CustomEvent('stop'))}>Stop the run</button>
    </div>`;
  }

  #going() {
    const { label, clock, step, note } = this.progress();
    const stopping = this.task.phase === 'stopping';
    return html`<div class="action">
      <button ?disabled=${stopping} @click=${() => this.task.stop()}>
        ${stopping ? 'Stopping…' : 'Stop'}
      </button>
      <div class="going">
        <progress aria-label=${label} max="1" .value=${clock?.share ?? 0}></progress>
        <p class="number" role="status">${step}</p>
        <p class="note number">
          ${note}${clock ? html`<span>${formatSeconds(clock.secondsLeft)} left</span>` : nothing}
        </p>
      </div>
    </div>`;
  }

  /** What the task failed on, where it did. */
  protected trouble(): unknown {
    const { phase, message } = this.task;
    return phase === 'failed' ? html`<p class="notice bad" role="alert">${message}</p>` : nothing;
  }

  protected async tickWhile(task: Promise<void>): Promise<void> {
    const timer = setInterval(() => this.requestUpdate(), TICK_MS);
    await task;
    clearInterval(timer);
  }

  /** Escape ends a task that is on, and closes the dialog where none is. */
  readonly #cancelled = (event: Event) => {
    if (!this.task.active) return;
    event.preventDefault();
    this.task.stop();
  };

  readonly #close = () => this.renderRoot.querySelector('dialog')!.close();

  readonly #closed = () => {
    this.task.abandon();
    this.dispatchEvent(new CustomEvent('closed'));
  };
}
