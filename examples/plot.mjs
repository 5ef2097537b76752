/**
 * Draws one statistic of a results.csv as a fan chart, in SVG that reads on light and dark pages:
 *
 *   node examples/plot.mjs RESULTS.csv STATISTIC PICTURE.svg ["TITLE"] [CELL]
 *
 * Bands 5–95 % and 25–75 % of the lineages, the median, the mean, and the law of the mean, dashed.
 * Plain Node, nothing to install.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const WIDTH = 760;
const HEIGHT = 400;
const BOX = { left: 56, right: 640, top: 40, bottom: 352 };
/** Least distance between two labels at the right edge. */
const LABEL_STEP = 17;

const [source, statistic, target, title = statistic, cell = '0'] = process.argv.slice(2);
if (target === undefined) {
  console.error('usage: node examples/plot.mjs RESULTS.csv STATISTIC PICTURE.svg ["TITLE"] [CELL]');
  process.exit(2);
}
const rows = readRows(source);
if (rows.length < 2) {
  console.error(`${source} has no generations of ${statistic} in cell ${cell}.`);
  process.exit(2);
}
writeFileSync(target, picture(rows));

/** Rows of the statistic, one per generation, numbers by column name; NaN where a field is empty. */
function readRows(file) {
  const [head, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n').map(fields);
  const at = (name) => head.indexOf(name);
  return lines
    .filter((line) => line[at('statistic')] === statistic && line[at('cell')] === cell)
    .map((line) => Object.fromEntries(head.map((name, i) => [name, number(line[i])])));
}

/** One line of RFC 4180. */
function fields(line) {
  const parts = line.match(/("(?:[^"]|"")*"|[^,]*)(,|$)/g).slice(0, -1);
  const bare = parts.map((part) => part.replace(/,$/, ''));
  if (line.endsWith(',')) bare.push('');
  return bare.map((part) => part.replace(/^"|"$/g, '').replaceAll('""', '"'));
}

function number(text) {
  return text === '' ? NaN : Number(text);
}

/** Steps of 1, 2 or 5 times a power of ten, about five of them. */
function ticks(low, high) {
  const raw = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function picture(data) {
  const shown = data.flatMap((row) => ['q05', 'q95', 'mean', 'law'].map((name) => row[name]));
  const finite = shown.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  // A share or a variance starts at 0 where that costs less than half of the picture.
  const floor = low > 0 && low < high / 2 ? 0 : low;
  const last = data.at(-1).generation;
  const x = (generation) => BOX.left + (generation / last) * (BOX.right - BOX.left);
  const y = (value) => BOX.bottom - ((value - floor) / (high - floor)) * (BOX.bottom - BOX.top);
  const point = (row, name) => `${x(row.generation).toFixed(1)} ${y(row[name]).toFixed(1)}`;
  const known = (...names) => data.filter((row) => names.every((n) => Number.isFinite(row[n])));
  const line = (name) => `M${known(name).map((row) => point(row, name)).join('L')}`;
  const band = (lower, upper) => {
    const there = known(lower, upper);
    const up = there.map((row) => point(row, upper));
    return `M${[...up, ...there.toReversed().map((row) => point(row, lower))].join('L')}Z`;
  };
  const ends = [
    ['median', 'q50', 'median'],
    ['mean', 'mean', 'mean'],
    ['law', 'law', 'law of the mean'],
    ['edge', 'q95', '95 %'],
    ['edge', 'q75', '75 %'],
    ['edge', 'q25', '25 %'],
    ['edge', 'q05', '5 %'],
  ].filter(([, name]) => known(name).length > 1);
  return svg([
    text(BOX.left, 22, 'title', title),
    ...ticks(floor, high).map((value) => rule(y(value)) + text(BOX.left - 8, y(value) + 4, 'left', `${value}`)),
    ...ticks(0, last).map((value) => text(x(value), BOX.bottom + 20, 'under', `${value}`)),
    text((BOX.left + BOX.right) / 2, HEIGHT - 8, 'under', 'generation'),
    text(BOX.right, 22, 'left', `${data[0].count.toLocaleString('en')} lineages`),
    path('outer', band('q05', 'q95')),
    path('inner', band('q25', 'q75')),
    ...ends.filter(([kind]) => kind !== 'edge').map(([kind, name]) => path(kind, line(name))),
    ...endLabels(ends, data.at(-1), y),
  ]);
}

/** Names at the right edge, pushed apart downwards in the order of their lines. */
function endLabels(ends, row, y) {
  const placed = ends
    .filter(([, name]) => Number.isFinite(row[name]))
    .map(([kind, name, words]) => ({ kind, words, at: y(row[name]) }))
    .sort((a, b) => a.at - b.at);
  placed.forEach((label, i) => {
    if (i > 0) label.at = Math.max(label.at, placed[i - 1].at + LABEL_STEP);
  });
  const over = Math.max(0, placed.at(-1).at - BOX.bottom);
  placed.at(-1).at -= over;
  for (let i = placed.length - 2; i >= 0; i--) {
    placed[i].at = Math.min(placed[i].at, placed[i + 1].at - LABEL_STEP);
  }
  return placed.map(({ kind, words, at }) => text(BOX.right + 8, at + 4, `right ${kind}`, words));
}

function rule(at) {
  return `<path class="grid" d="M${BOX.left} ${at.toFixed(1)}H${BOX.right}"/>`;
}

function path(kind, d) {
  return `<path class="${kind}" d="${d}"/>`;
}

function text(x, y, kind, words) {
  const safe = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text class="${kind}" x="${x.toFixed(1)}" y="${y.toFixed(1)}">${safe}</text>`;
}

function svg(parts) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">
<title>${title.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</title>
<style>
svg { --paper: #fcfcfb; --ink: #23262b; --soft: #5d636c; --line: #dfe1e4; --data: #2a5fb0; --law: #b3431d; }
@media (prefers-color-scheme: dark) {
  svg { --paper: #16181b; --ink: #e9eaec; --soft: #a4aab3; --line: #33373d; --data: #7fadf0; --law: #f0935f; }
}
text { font: 13px system-ui, sans-serif; fill: var(--soft); }
.title { font-weight: 600; fill: var(--ink); }
.left { text-anchor: end; }
.under { text-anchor: middle; }
path { fill: none; stroke-width: 2; stroke-linejoin: round; }
.grid { stroke: var(--line); stroke-width: 1; }
.outer, .inner { fill: var(--data); fill-opacity: 0.16; }
.inner { fill-opacity: 0.26; }
path.median, path.mean { stroke: var(--data); }
path.mean { stroke-width: 1; }
path.law { stroke: var(--law); stroke-dasharray: 6 5; }
text.median { fill: var(--data); font-weight: 600; }
text.mean { fill: var(--data); }
text.law { fill: var(--law); }
</style>
<rect width="${WIDTH}" height="${HEIGHT}" fill="var(--paper)"/>
${parts.join('\n')}
</svg>
`;
}
