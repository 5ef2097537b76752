/** How much room there is: for three columns, for two, or for one. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

export type Layout = 'desk' | 'lap' | 'hand';

const hand = matchMedia('(max-width: 767px)');
const lap = matchMedia('(max-width: 1239px)');

export const currentLayout = (): Layout => (hand.matches ? 'hand' : lap.matches ? 'lap' : 'desk');

export class LayoutWatch implements ReactiveController {
  readonly #changed: () => void;

  constructor(host: ReactiveControllerHost) {
    this.#changed = () => host.requestUpdate();
    host.addController(this);
  }

  hostConnected(): void {
    hand.addEventListener('change', this.#changed);
    lap.addEventListener('change', this.#changed);
  }

  hostDisconnected(): void {
    hand.removeEventListener('change', this.#changed);
    lap.removeEventListener('change', this.#changed);
  }
}
