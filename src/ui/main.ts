/** Entry of the page. */
import { App } from './app.ts';
import { restoreTheme } from './theme.ts';

restoreTheme();
// In a task of its own: the first is over once all modules have been read.
setTimeout(() => customElements.define('genloss-app', App));
