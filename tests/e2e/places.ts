/** Where parts of the page are, frame by frame: what a reader sees jump. */
import type { Page } from 'playwright-core';

type Places = Record<string, (number | string)[]>;
type Watched = typeof globalThis & { places: Places };

/** From now on keeps the places that parts take, the first fan's axis, and the run's phases. */
export const watchPlaces = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const places: Places = {};
    (globalThis as Watched).places = places;
    const inside = (root: ParentNode, name: string) => root.querySelector(name)!.shadowRoot!;
    const app = inside(document, 'genloss-app');
    const answer = inside(app, 'genloss-answer');
    const fan = inside(inside(answer, 'genloss-charts'), 'genloss-fan');
    const add = (name: string, place: number | string) => {
      const seen = (places[name] ??= []);
      if (seen.at(-1) !== place) seen.push(place);
    };
    const top = (root: ParentNode, name: string) =>
      Math.round(root.querySelector(name)!.getBoundingClientRect().top);
    const look = () => {
      add('density', top(answer, 'genloss-density-panel'));
      add('engine', top(inside(app, 'genloss-run-panel'), '.engine'));
      add('export', top(app, 'genloss-export'));
      add('axis', fan.querySelector('[aria-pressed="true"]')!.textContent.trim());
      add('phase', inside(app, 'genloss-run-panel').querySelector('.phase')!.textContent.trim());
      requestAnimationFrame(look);
    };
    look();
  });

/** The places of each part, in their order, one that stayed once. */
export const seenPlaces = (page: Page): Promise<Places> =>
  page.evaluate(() => (globalThis as Watched).places);
