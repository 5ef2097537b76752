/** Symbols and formulas taken apart into their indices and exponents: Σ_t, (1−1/n)^t. */
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
