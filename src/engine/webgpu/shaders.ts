/**
 * Every WGSL module of `shaders/`, for page, command line and tests alike, and the module `layout`
 * that is generated from the tables of layout.ts. One of shaders/bits/ is the module `bits`, and one
 * of shaders/set/ the module `set`.
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

const withBits = (of: 'hardware' | 'software'): Sources => {
  const sources = new Map<string, Source>([
    ...Object.entries(files).map(([path, text]): [string, Source] => [
      moduleName(path),
      { file: path.slice(1), text },
    ]),
    ['layout', { file: 'layout (generated)', text: layoutText() }],
  ]);
  sources.set('set', sources.get('set::word')!);
  return sources.set('bits', sources.get(`bits::${of}`)!);
};

export const shaderSources = withBits('hardware');
/** The same for adapters that are a CPU. */
export const softwareSources = withBits('software');
