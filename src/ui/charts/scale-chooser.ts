/** A choice between a linear and a logarithmic scale; looks are `scaleButtons`. */
import { html, nothing } from 'lit';
import type { Scale } from './fan-data.ts';

/** @param possible Whether there are only positive values, which logarithms need. */
export function scaleChooser(
  label: string,
  scale: Scale,
  possible: boolean,
  choose: (scale: Scale) => void,
) {
  const button = (name: Scale, text: string) =>
    html`<button
      aria-pressed=${scale === name}
      ?disabled=${name === 'log' && !possible}
      title=${name === 'log' && !possible ? 'Has values that are not positive.' : nothing}
      @click=${() => choose(name)}
    >
      ${text}
    </button>`;
  return html`<div class="scale" role="group" aria-label=${label}>
    ${button('linear', 'lin')}${button('log', 'log')}
  </div>`;
}
