/** Symbols and formulas with their indices below and their exponents above: Σ_t, (1−1/n)^t. */
import { html, type TemplateResult } from 'lit';

export interface MathPart {
  readonly kind: 'plain' | 'sub' | 'sup';
  readonly text: string;
}

/** `_` and `^` take the letters and digits that follow, or what is in brackets. */
const INDEX = /([_^])(?:\{([^}]*)\}|\(([^()]*)\)|([\p{L}\p{N}₀-₉]+))/gu;

export function mathParts(text: string): readonly MathPart[] {
  const parts: MathPart[] = [];
  let end = 0;
  for (const match of text.matchAll(INDEX)) {
    if (match.index > end) parts.push({ kind: 'plain', text: text.slice(end, match.index) });
    const inner = match[2] ?? match[3] ?? match[4]!;
    parts.push({ kind: match[1] === '_' ? 'sub' : 'sup', text: inner });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ kind: 'plain', text: text.slice(end) });
  return parts;
}

export const mathText = (text: string): TemplateResult[] =>
  mathParts(text).map(({ kind, text: inner }) => {
    if (kind === 'plain') return html`${inner}`;
    return kind === 'sub' ? html`<sub>${inner}</sub>` : html`<sup>${inner}</sup>`;
  });
