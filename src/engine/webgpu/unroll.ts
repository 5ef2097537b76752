/**
 * Unrolls loops over components, axes and packed entries, whose bounds are constants of the
 * pipeline. Private arrays indexed by a loop variable live in memory (on some drivers in scratch,
 * on others an array a lane); indexed by constants they become registers. A loop is unrolled where
 * it reads `for (var x = A; x < B; x++) {` with A and B whole-number expressions of constants and
 * enclosing unrolled variables, and has no break or continue. Blocks `if (A == B) {` of such
 * expressions (or another comparison) lose their condition or are left out, as is what follows one
 * that returns: some drivers compile, and some run, what cannot be reached, and a branch for what
 * always is.
 */
export interface Line {
  readonly text: string;
  /** Line of the file it came from, 1-based. */
  readonly line: number;
}

/**
 * Bounds whose loops are over a lane's registers: they are unrolled whatever it takes. A loop around
 * such loops is unrolled only where it runs once.
 */
const REGISTERS = /\bLANE_/;

/**
 * Copies of the innermost bodies that an unrolled loop may come to. Beyond, arrays spill anyway and
 * drivers compile very slowly: at K = 5, d = 3 SwiftShader takes 4 s of processor time without
 * unrolling, 7 s with this limit and 124 s with 16.
 */
export const COPIES_LIMIT = 12;

const LOOP = /^(\s*)for \(var (\w+) = ([^;]+); (\w+) (<=?) ([^;]+); (\w+)\+\+\) \{$/;
const CHOICE = /^(\s*)if \(([^=!<>&|]+) (==|!=|<=?|>=?) ([^=!<>&|]+)\) \{$/;
const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};
const LEAVES = /\b(?:break|continue)\b/;

export type Values = ReadonlyMap<string, number>;

/** `values`: the constants of the pipeline that are numbers. */
export const unroll = (lines: readonly Line[], values: Values): Line[] =>
  expand(lines, values).lines;

interface Expanded {
  readonly lines: Line[];
  /** Copies of innermost bodies among them. */
  readonly copies: number;
}

function expand(lines: readonly Line[], values: Values): Expanded {
  const out: Line[] = [];
  let copies = 0;
  for (let i = 0; i < lines.length; i++) {
    const { text, line } = lines[i]!;
    const choice = choiceAt(lines, i, values);
    if (choice) {
      if (!choice.taken) {
        i = choice.end;
        continue;
      }
      out.push({ text: `${choice.indent}{`, line });
      const inside = lines.slice(i + 1, choice.end);
      if (!returns(inside)) continue;
      // Nothing after it is reached, of which Dawn would warn.
      const inner = expand(inside, values);
      out.push(...inner.lines, lines[choice.end]!);
      copies += inner.copies;
      i = closeOf(lines, choice.indent, choice.end) - 1;
      continue;
    }
    const loop = LOOP.exec(text);
    const end = loop ? lines.findIndex((l, j) => j > i && l.text === `${loop[1]}}`) : -1;
    if (!loop || end < 0) {
      out.push(lines[i]!);
      continue;
    }
    const body = lines.slice(i + 1, end);
    const unrolled = unrolledLoop(loop, body, lines[end]!, values, line);
    if (unrolled) {
      out.push(...unrolled.lines);
      copies += unrolled.copies;
    } else {
      const inner = expand(body, values);
      out.push(lines[i]!, ...inner.lines, lines[end]!);
      copies += inner.copies;
    }
    i = end;
  }
  return { lines: out, copies };
}

/** What constants say of a block that begins at line i; null where they do not, or it has an else. */
function choiceAt(
  lines: readonly Line[],
  i: number,
  values: Values,
): { readonly taken: boolean; readonly indent: string; readonly end: number } | null {
  const found = CHOICE.exec(lines[i]!.text);
  if (!found) return null;
  const [, indent, left, comparison, right] = found;
  const [a, b] = [evaluate(left!, values), evaluate(right!, values)];
  if (a === null || b === null) return null;
  const end = lines.findIndex((line, j) => j > i && line.text.startsWith(`${indent}}`));
  if (end < 0 || lines[end]!.text !== `${indent}}`) return null;
  return { taken: COMPARE[comparison!]!(a, b), indent: indent!, end };
}

/** Whether a block's last statement is a return. */
function returns(block: readonly Line[]): boolean {
  const indent = /^\s*/.exec(block[0]!.text)![0];
  const statements = block.filter(({ text }) => /^[^\s/)}]/.test(text.slice(indent.length)));
  return statements.at(-1)?.text.startsWith(`${indent}return`) ?? false;
}

/** Where the block around one that ends at `end` is closed; the end, where that is not in `lines`. */
function closeOf(lines: readonly Line[], indent: string, end: number): number {
  const outer = `${indent.slice(2)}}`;
  const close = lines.findIndex(({ text }, j) => j > end && text.startsWith(outer));
  return close < 0 ? lines.length : close;
}

/** The loop's copies, each in a block of its own; null where it stays a loop. */
function unrolledLoop(
  loop: RegExpExecArray,
  body: readonly Line[],
  close: Line,
  values: Values,
  line: number,
): Expanded | null {
  const range = rangeOf(loop, body, values);
  if (!range) return null;
  const [, indent, name] = loop;
  const overRegisters = REGISTERS.test(loop[6]!);
  const aroundThem = !overRegisters && body.some(({ text }) => REGISTERS.test(text));
  if (aroundThem && range.end - range.first > 1) return null;
  const out: Line[] = [];
  let copies = 0;
  for (let value = range.first; value < range.end; value++) {
    out.push({ text: `${indent}{ const ${name} = ${value}${range.suffix};`, line });
    const inner = expand(body, new Map(values).set(name!, value));
    out.push(...inner.lines, { text: `${indent}}`, line: close.line });
    copies += Math.max(1, inner.copies);
    if (copies > COPIES_LIMIT && !overRegisters) return null;
  }
  return { lines: out, copies: overRegisters ? 0 : copies };
}

/** First value, value past the last, and the literal's suffix; null where the loop stays. */
function rangeOf(
  [, , name, start, tested, compare, bound, stepped]: RegExpExecArray,
  body: readonly Line[],
  values: Values,
): { first: number; end: number; suffix: string } | null {
  if (tested !== name || stepped !== name) return null;
  if (body.some(({ text }) => LEAVES.test(text.replace(/\/\/.*/, '')))) return null;
  const first = evaluate(start!, values);
  const last = evaluate(bound!, values);
  if (first === null || last === null) return null;
  const end = compare === '<=' ? last + 1 : last;
  return { first, end, suffix: start!.trim().endsWith('u') || /u\b/.test(start!) ? 'u' : '' };
}

/** A whole-number expression of names, literals, + − × ÷ % and parentheses; null for any other. */
export function evaluate(expression: string, values: Values): number | null {
  const tokens = expression.match(/\d+|[A-Za-z_]\w*|[-+*/%()]|\S/g) ?? [];
  let at = 0;
  const unit = (): number | null => {
    const token = tokens[at++];
    if (token === '(') {
      const value = sum();
      return tokens[at++] === ')' ? value : null;
    }
    if (token === undefined) return null;
    if (/^\d/.test(token)) {
      if (/^[ui]$/.test(tokens[at] ?? '')) at++;
      return Number(token);
    }
    return values.get(token) ?? null;
  };
  const chain = (part: () => number | null, signs: string): number | null => {
    let value = part();
    while (value !== null && at < tokens.length && signs.includes(tokens[at]!)) {
      const sign = tokens[at++]!;
      const next = part();
      value = next === null ? null : apply(sign, value, next);
    }
    return value;
  };
  const product = (): number | null => chain(unit, '*/%');
  const sum = (): number | null => chain(product, '+-');
  const value = sum();
  return at === tokens.length ? value : null;
}

function apply(sign: string, a: number, b: number): number {
  if (sign === '*') return a * b;
  if (sign === '/') return Math.floor(a / b);
  if (sign === '%') return a % b;
  return sign === '+' ? a + b : a - b;
}
