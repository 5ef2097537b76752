/** The top of the page: its name, what it is for, light and dark. */
import { css, html, LitElement, svg } from 'lit';
import { base, buttons } from './style/controls.ts';
import { currentTheme, setTheme, ThemeWatch, THEMES, type Theme } from './theme.ts';

const THEME_LABELS: Readonly<Record<Theme, string>> = {
  auto: 'Colours as the system says',
  light: 'Light',
  dark: 'Dark',
};

const THEME_GLYPHS = {
  auto: svg`<circle cx="8" cy="8" r="5.5" /><path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill="currentColor" />`,
  light: svg`<circle cx="8" cy="8" r="3" /><path d="M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3.05 3.05l1.06 1.06M11.89 11.89l1.06 1.06M3.05 12.95l1.06-1.06M11.89 4.11l1.06-1.06" />`,
  dark: svg`<path d="M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3z" />`,
} as const;

export class PageHeader extends LitElement {
  static override readonly styles = [
    base,
    buttons,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: var(--space-3);
        padding: 0 var(--space-4);
        height: 52px;
        background: var(--surface);
        border-bottom: 1px solid var(--line);
      }
      .mark {
        width: 28px;
        height: 28px;
        flex: none;
      }
      h1 {
        font-size: 1.125rem;
        font-weight: 650;
        letter-spacing: -0.01em;
      }
      p {
        color: var(--ink-faint);
        font-size: var(--small);
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
        margin-right: auto;
      }
    `,
  ];

  constructor() {
    super();
    new ThemeWatch(this, () => this.requestUpdate());
  }

  protected override render() {
    const theme = currentTheme();
    return html`
      <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
        <g fill="none" stroke-width="2.4" stroke-linecap="round">
          <path d="M2 26c7 0 7-19 14-19s7 19 14 19" stroke="var(--truth)" />
          <path d="M6 26c5.5 0 5.5-14 10-14s4.5 14 10 14" stroke="var(--model)" opacity=".6" />
          <path d="M10.5 26c3.5 0 3.5-8 5.5-8s2 8 5.5 8" stroke="var(--model)" />
        </g>
      </svg>
      <h1>genloss</h1>
      <p>a laboratory for model collapse</p>
      <slot></slot>
      <button
        class="icon quiet"
        title=${THEME_LABELS[theme]}
        aria-label="Colours: ${THEME_LABELS[theme]}"
        @click=${() => setTheme(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]!)}
      >
        <svg class="glyph" viewBox="0 0 16 16" aria-hidden="true">${THEME_GLYPHS[theme]}</svg>
      </button>
    `;
  }
}

customElements.define('genloss-header', PageHeader);
