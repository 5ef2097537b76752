/**
 * Keys that an object of a JSON text has twice. JSON.parse keeps the last one in silence, and a
 * sweep would lose an axis. The text is known to be valid JSON.
 */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/** Dotted paths, each once. */
export function repeatedKeys(text: string): string[] {
  const found = new Set<string>();
  /** Open objects and arrays: keys seen, and the key that led in. */
  const open: { keys: Set<string> | null; name: string }[] = [];
  let last = '';
  let name = '';
  for (const [token] of text.matchAll(TOKEN)) {
    const inner = open.at(-1);
    if (token === '{' || token === '[') {
      open.push({ keys: token === '{' ? new Set() : null, name });
      name = '';
    } else if (token === '}' || token === ']') {
      open.pop();
    } else if (token === ':' && inner?.keys) {
      name = JSON.parse(last) as string;
      const path = [...open.map((one) => one.name).filter(Boolean), name].join('.');
      if (inner.keys.has(name)) found.add(path);
      inner.keys.add(name);
    } else if (token === ',') {
      name = '';
    }
    last = token;
  }
  return [...found];
}
