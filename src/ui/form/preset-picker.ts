/** Ready experiments, with what to see in each and who saw it first. */
import { css, html, LitElement, nothing } from 'lit';
import { presets, type Preset } from '../../spec/presets.ts';
import { base, inputs } from '../style/controls.ts';
import { fieldStyles } from './field-styles.ts';

export class PresetPicker extends LitElement {
  static override readonly properties = { chosen: { attribute: false }, edited: { type: Boolean } };
  static override readonly styles = [
    base,
    inputs,
    fieldStyles,
    css`
      select {
        font-weight: 600;
      }
      .edited {
        font-weight: 400;
        color: var(--ink-soft);
      }
      .story {
        font-size: var(--small);
        color: var(--ink-soft);
        margin-top: var(--space-1);
      }
      .citation {
        font-size: var(--tiny);
        color: var(--ink-faint);
        margin-top: var(--space-2);
      }
    `,
  ];

  /** The preset the experiment began from; null for a link's. */
  declare chosen: Preset | null;
  /** Whether it has been changed since. */
  declare edited: boolean;

  constructor() {
    super();
    this.chosen = null;
    this.edited = false;
  }

  protected override render() {
    const { chosen, edited } = this;
    return html`
      <div class="field wide">
        <label class="name" for="preset"
          >Experiment${edited && chosen ? html` <span class="edited">(changed)</span>` : nothing}</label
        >
        <select id="preset" @change=${this.#picked}>
          ${chosen ? nothing : html`<option value="" selected>Your own</option>`}
          ${presets.map(
            ({ name, title }) =>
              html`<option value=${name} .selected=${name === chosen?.name}>${title}</option>`,
          )}
        </select>
      </div>
      ${
        chosen
          ? html`<p class="story">${chosen.story}</p>
              <p class="citation">${chosen.citation}</p>`
          : nothing
      }
    `;
  }

  #picked(event: Event) {
    const { value } = event.target as HTMLSelectElement;
    const preset = presets.find(({ name }) => name === value);
    if (preset) this.dispatchEvent(new CustomEvent('preset', { detail: preset }));
  }
}

customElements.define('genloss-preset-picker', PresetPicker);
