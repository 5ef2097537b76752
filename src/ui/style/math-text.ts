/** Symbols and formulas with their indices below and their exponents above. */
import { html, type TemplateResult } from 'lit';
import { mathParts } from './math-parts.ts';

export const mathText = (text: string): TemplateResult[] =>
  mathParts(text).map(({ kind, text: inner }) => {
    if (kind === 'plain') return html`${inner}`;
    return kind === 'sub' ? html`<sub>${inner}</sub>` : html`<sup>${inner}</sup>`;
  });
