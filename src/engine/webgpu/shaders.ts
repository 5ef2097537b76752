/**
 * Every WGSL module of `shaders/`, for page, command line and tests alike, and the module `layout`
 * that is generated from the tables of layout.ts.
 */
import { layoutText } from './layout.ts';
import type { Source, Sources } from './link.ts';

const files = import.meta.glob<string>('/shaders/**/*.wgsl', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** "/shaders/rng/threefry.wgsl" → module "rng::threefry". */
const moduleName = (path: string): string =>
  path
    .replace(/^\/shaders\//, '')
    .replace(/\.wgsl$/, '')
    .replaceAll('/', '::');

export const shaderSources: Sources = new Map<string, Source>([
  ...Object.entries(files).map(([path, text]): [string, Source] => [
    moduleName(path),
    { file: path.slice(1), text },
  ]),
  ['layout', { file: 'layout (generated)', text: layoutText() }],
]);
