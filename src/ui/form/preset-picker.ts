/** Ready experiments, with what to see in each and who saw it first. */
import { css, html, LitElement, nothing } from 'lit';
import { PRESET_GROUPS, presets, type Preset } from '../../spec/presets.ts';
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
        font-size: var(--small);
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
      .look {
        font-size: var(--small);
        margin-top: var(--space-2);
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
          ${PRESET_GROUPS.map(
            ({ label, presets }) =>
              html`<optgroup label=${label}>
                ${presets.map((preset) => this.#option(preset))}
              </optgroup>`,
          )}
        </select>
      </div>
      ${
        chosen
          ? html`<p class="story">${chosen.story}</p>
              <p class="look"><b>Look for:</b> ${chosen.look}</p>
              <p class="citation">${chosen.citation}</p>`
          : nothing
      }
    `;
  }

  #option({ name, title }: Preset) {
    return html`<option value=${name} .selected=${name === this.chosen?.name}>${title}</option>`;
  }

  #picked(event: Event) {
    const { value } = event.target as HTMLSelectElement;
    const preset = presets.find(({ name }) => name === value);
    if (preset) this.dispatchEvent(new CustomEvent('preset', { detail: preset }));
  }
}

customElements.define('genloss-preset-picker', PresetPicker);
