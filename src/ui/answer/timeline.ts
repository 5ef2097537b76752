/** The generation that is shown: a slider, a play button, a number. */
import { css, html, LitElement, svg } from 'lit';
import { base, buttons, inputs } from '../style/controls.ts';

/** A whole lineage plays in about this long. */
const PLAY_MS = 7000;
const STEP_MS = 60;
/** For those who asked for less motion: slow single steps. */
const CALM_STEP_MS = 700;

export class Timeline extends LitElement {
  static override readonly properties = {
    generation: { type: Number },
    generations: { type: Number },
    playing: { state: true },
  };
  static override readonly styles = [
    base,
    buttons,
    inputs,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: var(--space-3);
      }
      input {
        flex: 1;
      }
      output {
        min-width: 8.2em;
        text-align: right;
        font-size: var(--small);
        color: var(--ink-soft);
        white-space: nowrap;
      }
      output b {
        color: var(--ink);
      }
    `,
  ];

  declare generation: number;
  declare generations: number;
  declare playing: boolean;
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor() {
    super();
    this.generation = 0;
    this.generations = 0;
    this.playing = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#pause();
  }

  protected override render() {
    const { playing, generation, generations } = this;
    return html`
      <button
        class="icon"
        aria-label=${playing ? 'Pause' : 'Play the generations'}
        ?disabled=${generations === 0}
        @click=${() => (playing ? this.#pause() : this.#play())}
      >
        <svg class="glyph" viewBox="0 0 16 16" aria-hidden="true">
          ${
            playing
              ? svg`<path d="M5.5 3v10M10.5 3v10" />`
              : svg`<path d="M5 3l8 5-8 5z" fill="currentColor" />`
          }
        </svg>
      </button>
      <input
        type="range"
        min="0"
        max=${generations}
        step="1"
        aria-label="Generation"
        .value=${String(generation)}
        @input=${this.#moved}
      />
      <output class="number">generation <b>${generation}</b> / ${generations}</output>
    `;
  }

  #moved(event: InputEvent) {
    this.#pause();
    this.#show(Number((event.target as HTMLInputElement).value));
  }

  #play() {
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const every = calm ? CALM_STEP_MS : STEP_MS;
    const stride = Math.max(1, Math.round((this.generations * every) / PLAY_MS));
    const pause = Math.max(every, Math.min(CALM_STEP_MS, PLAY_MS / Math.max(this.generations, 1)));
    if (this.generation >= this.generations) this.#show(0);
    this.playing = true;
    this.#timer = setInterval(() => {
      const next = Math.min(this.generation + stride, this.generations);
      this.#show(next);
      if (next === this.generations) this.#pause();
    }, pause);
  }

  #pause() {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.playing = false;
  }

  #show(generation: number) {
    this.dispatchEvent(
      new CustomEvent('pick', { detail: generation, bubbles: true, composed: true }),
    );
  }
}

customElements.define('genloss-timeline', Timeline);
