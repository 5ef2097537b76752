/**
 * Joins WGSL modules into one text. Modules are plain `.wgsl` files with WESL's import syntax
 * (wesl-lang.dev): `import package::rng::threefry::threefry4x32;` or `import package::a::{b, c};`.
 * Each module is joined once, dependencies first, and every line remembers where it came from;
 * directives (`enable …;`, a line each) go to the top.
 */
import { EngineError } from '../../errors.ts';
import { unroll, type Line } from './unroll.ts';

/** Module name ("rng::threefry") → its text and the file that messages name. */
export type Sources = ReadonlyMap<string, Source>;

export interface Source {
  readonly file: string;
  readonly text: string;
}

/** Values of the generated module `package::constants`; a text is an expression of WGSL. */
export type Constants = Readonly<Record<string, number | boolean | string>>;

export interface Linked {
  readonly text: string;
  /** "shaders/gmm/em.wgsl:41" for a 1-based line of `text`. */
  where(line: number): string;
}

interface Module extends Source {
  readonly name: string;
  /** Text with import statements blanked out and comments kept: the same lines as the file. */
  readonly body: string;
  readonly imports: readonly Import[];
  readonly declares: readonly string[];
  /** Names this module calls: `name(`. */
  readonly calls: readonly string[];
}

interface Import {
  readonly module: string;
  readonly name: string;
  readonly line: number;
}

/** What WGSL wants before everything else. */
const DIRECTIVE = /^(?:enable|diagnostic|requires)\b[^;]*;$/;
const IMPORT = /^[ \t]*import\s[^;]*;/gm;
const IMPORT_SHAPE = /^import\s+package::([\w:]+)::(?:(\w+)|\{([\w\s,]*)\})\s*;$/;
const DECLARATION =
  /^(?:@[\w]+(?:\([^)]*\))?\s*)*(?:fn|struct|alias|const|override|var(?:<[^>]*>)?)\s+(\w+)/gm;
const CALL = /(?<![\w.])(?<!fn\s+)([A-Za-z]\w*)\s*\(/g;

/** Blanks comments, keeping line breaks and columns. */
const withoutComments = (text: string): string =>
  text.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

function parseModule(name: string, { file, text }: Source): Module {
  const bare = withoutComments(text);
  const imports: Import[] = [];
  let body = text;
  for (const match of bare.matchAll(IMPORT)) {
    const line = lineAt(bare, match.index + match[0].search(/\S/));
    const shape = IMPORT_SHAPE.exec(match[0].trim());
    if (!shape) {
      throw new EngineError(`${file}:${line}: not an import this linker knows: ${match[0].trim()}`);
    }
    const names = shape[2] ? [shape[2]] : shape[3]!.split(',').map((part) => part.trim());
    for (const each of names.filter(Boolean)) imports.push({ module: shape[1]!, name: each, line });
    const end = match.index + match[0].length;
    body = body.slice(0, match.index) + blank(match[0]) + body.slice(end);
  }
  const code = bare.replace(IMPORT, blank);
  const declares = topLevel(code);
  const calls = [...new Set(Array.from(code.matchAll(CALL), (match) => match[1]!))];
  return { name, file, text, body: body.trimEnd(), imports, declares, calls };
}

/** Names declared outside all braces. */
function topLevel(code: string): string[] {
  let depth = 0;
  let outside = '';
  for (const character of code) {
    if (character === '}') depth--;
    outside += depth > 0 && character !== '\n' ? ' ' : character;
    if (character === '{') depth++;
  }
  const statements = outside.replace(/[;{}]/g, '\n').replace(/^[ \t]+/gm, '');
  return Array.from(statements.matchAll(DECLARATION), (match) => match[1]!);
}

/** The module `constants`, holding only the names that `modules` import, in order of name. */
function constantsModule(constants: Constants, modules: readonly Module[]): Module {
  const wanted = modules.flatMap(({ imports }) =>
    imports.filter(({ module }) => module === 'constants').map(({ name }) => name),
  );
  const declares = [...new Set(wanted)].sort();
  const text = declares.map((name) => `const ${name} = ${String(constants[name])};`).join('\n');
  const file = 'constants (generated)';
  return { name: 'constants', file, text, body: text, imports: [], declares, calls: [] };
}

/** Depth-first from the entry: dependencies first, each once. */
function collect(sources: Sources, entry: string): Module[] {
  const modules: Module[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (name: string, from: string): void => {
    if (done.has(name) || name === 'constants') return;
    if (path.includes(name)) {
      const cycle = [...path.slice(path.indexOf(name)), name].join(' → ');
      throw new EngineError(`${from}modules import each other in a cycle: ${cycle}`);
    }
    const source = sources.get(name);
    if (!source) throw new EngineError(`${from}there is no module package::${name}`);
    path.push(name);
    const module = parseModule(name, source);
    for (const { module: next, line } of module.imports) visit(next, `${module.file}:${line}: `);
    path.pop();
    done.add(name);
    modules.push(module);
  };
  visit(entry, '');
  return modules;
}

function checkImports(modules: readonly Module[], constants: Constants): void {
  const byName = new Map(modules.map((module) => [module.name, module]));
  for (const { file, imports } of modules) {
    for (const { module, name, line } of imports) {
      const known =
        module === 'constants'
          ? Object.hasOwn(constants, name)
          : byName.get(module)!.declares.includes(name);
      if (!known) throw new EngineError(`${file}:${line}: package::${module} has no ${name}`);
    }
  }
}

/** All modules share one name space, so a name may be declared once and must be imported to use. */
function checkNames(modules: readonly Module[]): void {
  const owner = new Map<string, Module>();
  for (const module of modules) {
    for (const name of module.declares) {
      const other = owner.get(name);
      if (other) throw new EngineError(`${module.file}: ${name} is also declared in ${other.file}`);
      owner.set(name, module);
    }
  }
  for (const module of modules) {
    for (const name of module.calls) {
      const from = owner.get(name);
      if (!from || from === module || module.imports.some((one) => one.name === name)) continue;
      throw new EngineError(`${module.file}: calls ${name} of ${from.file} without importing it`);
    }
  }
}

/** Joins `entry` and all it imports. Throws EngineError with file and line. */
export function link(sources: Sources, entry: string, constants: Constants): Linked {
  const own = collect(sources, entry);
  checkImports(own, constants);
  const modules = [constantsModule(constants, own), ...own];
  checkNames(modules);
  const values = new Map(
    Object.entries(constants).flatMap(([name, value]) =>
      typeof value === 'number' ? [[name, value] as const] : [],
    ),
  );
  const lines: (Line & { readonly file: string })[] = [];
  for (const { file, body } of modules) {
    const own = body.split('\n').map((text, i) => ({ text, line: i + 1 }));
    for (const line of unroll(own, values)) lines.push({ ...line, file });
  }
  const isDirective = ({ text }: Line) => DIRECTIVE.test(text);
  lines.sort((a, b) => Number(isDirective(b)) - Number(isDirective(a)));
  const where = (line: number): string => {
    const origin = lines[line - 1] ?? lines[0]!;
    return `${origin.file}:${origin.line}`;
  };
  return { text: lines.map(({ text }) => text).join('\n') + '\n', where };
}
