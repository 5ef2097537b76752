/**
 * `shaders/gmm/em.wgsl` and its f64 twin carry the same function names (10-architecture): whatever a
 * module offers to others. Its inner helpers are its own business.
 */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { shaderSources } from '../../src/engine/webgpu/shaders.ts';

/** Folders of pure modules; kernels are thin and answer to whole-kernel tests instead. */
const PURE = ['rng', 'math', 'gmm', 'assemble', 'statistics', 'reduce'];

/** Functions that other modules import and that have no twin of their name, and why. */
const WITHOUT_TWIN: Readonly<Record<string, string>> = {
  powerOfTwo: 'TypeScript writes 2 ** e',
  lnOfParts: 'Math.log is accurate near 1 as it is',
  packedIndex: 'src/model/mixture.ts has it, and needs no WGSL counterpart else',
  multiplyVector: 'lowerRow is the same product, a row at a time and without a copy',
  setFactor: 'arrays are shared in TypeScript: normaliseFactor works in place',
  modelFactor: 'arrays are shared in TypeScript: a view does it',
  unpackModel: 'the host holds models as typed arrays, not as words',
  packModel: 'the host holds models as typed arrays, not as words',
  unpackTables: 'the host holds tables as typed arrays, not as words',
  blockNormals: 'lets two points of one block share its normals; pointNormals draws them alone',
  normalBlock: 'lets two normals of one block be drawn once; draws.ts keeps the last block',
  addLog: 'a running maximum saves WGSL a second pass; logDensity takes two',
  expFalling: 'Math.exp underflows to 0 by itself',
  lnSeries: 'Math.log1p does not cancel where the series is for',
  cumulate: 'running sums once a generation; pickComponent adds up as it goes',
  logLikelihood: 'responsibilities of the twin give it beside their shares',
  partOf: 'arrays are shared in TypeScript: responsibilities of the twin go by component',
  partTerm: 'logTerm2 of one component, which the twin takes for all points at once',
  partNearness: 'squaredDistance of the twin, which has centres and no components',
  addToPart: 'accumulate of the twin goes by component',
  joinPart: 'accumulate of the twin goes by component',
  prepareGaussian: 'prepareGaussians does all components at once',
  modelNode: 'forEachNode of the twin writes it into a vector of its own',
  nodeWeight: 'forEachNode of the twin has it in place',
  coveredRadius: 'a row of a table in TypeScript',
  tailLog: 'tailLogs of the twin takes all points at once',
  placeWords: 'blockAt of the twin keeps the last block',
  enterModel: 'modelPoint of the twin moves point by point',
  truthDensity: 'logDensity of the judge that is asked',
  modelDensity: 'logDensity of the judge that is asked',
  shareOf: 'a line of isLetThrough in TypeScript',
  intoFrame: 'moveFrame of the twin moves from any frame',
  isPoisoned: 'poisonPoint of the twin says so itself',
  poolCount: 'poolSize of the twin goes through all phases',
  wishartBlock: 'blockOf of the twin is its own, as meanNormals and scatterFactor take it',
  groupAncestry: 'groupTally of the twin adds up copies as it goes',
  scaledExcess: 'a step of gaussianKlTo in TypeScript',
  hold: 'a step of standardise in TypeScript',
  standardFit: 'meanNormals and scatterFactor at once, whose blocks are the same',
};

const pureModules = [...shaderSources].filter(([name]) => PURE.includes(name.split('::')[0]!));

/** The files a header names after "Twin:", or the same path under src/model. */
function twinFiles(name: string, text: string): string[] {
  const header = /^(?:\/\/.*\n)+/.exec(text)?.[0] ?? '';
  const named = header.includes('Twin') ? (header.match(/src\/[\w/-]+\.ts/g) ?? []) : [];
  return [...named, `src/model/${name.replaceAll('::', '/')}.ts`].filter((file) =>
    existsSync(file),
  );
}

const exportsOf = (file: string): string[] =>
  Array.from(
    readFileSync(file, 'utf8').matchAll(/^export (?:function\*?|const) (\w+)/gm),
    (match) => match[1]!,
  );

/** Names that some module imports, as "module::name". */
const imported = new Set(
  [...shaderSources.values()].flatMap(({ text }) =>
    Array.from(text.matchAll(/^import\s+package::([\w:]+)::(?:(\w+)|\{([^}]*)\})/gm)).flatMap(
      ([, module, one, several]) =>
        (one ?? several!).split(',').map((name) => `${module}::${name.trim()}`),
    ),
  ),
);

const offered = (module: string, text: string): string[] =>
  Array.from(text.matchAll(/^fn (\w+)/gm), (match) => match[1]!).filter((name) =>
    imported.has(`${module}::${name}`),
  );

test.each(pureModules)('%s has its functions in f64', (name, { text }) => {
  const files = twinFiles(name, text);
  expect(files).not.toEqual([]);
  const twins = files.flatMap(exportsOf);
  const alone = offered(name, text).filter((f) => !twins.includes(f) && !(f in WITHOUT_TWIN));
  expect(alone).toEqual([]);
});

test('the list of functions without a twin holds no other', () => {
  const all = pureModules.flatMap(([name, { text }]) => offered(name, text));
  expect(Object.keys(WITHOUT_TWIN).filter((name) => !all.includes(name))).toEqual([]);
});
