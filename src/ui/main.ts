/** Entry of the page. */
import { restoreTheme } from './theme.ts';
import './app.ts';

restoreTheme();
