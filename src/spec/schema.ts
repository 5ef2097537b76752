/** The public face of layer 0: the types of a spec and the functions that make and take apart one. */
export type * from './spec.ts';
export { axisValues } from './axes.ts';
export { covarianceForm } from './fit.ts';
export { cellCount, cellSpecs, truthComponentCount, type CellSpec } from './cells.ts';
export { entryCount, fewestPoints } from './coreset.ts';
export { idleEffects } from './effects.ts';
export { axesFor, fieldsFor, GROUPS, parameterAt, PARAMETERS } from './parameters.ts';
export { isWide, nullableOf } from './parameter.ts';
export type { Choice, Parameter, ParameterGroup, ParameterKind, TruthKind } from './parameter.ts';
export { truthDim } from './rule.ts';
export { DEFAULT_MAX_CELLS, DEFAULT_MAX_LINEAGES, parseSpec, type ParseOptions } from './parse.ts';
export { readPath, withoutPath, withPath } from './paths.ts';
export {
  batchSize,
  cornerSpecs,
  isScheduled,
  keepsChanging,
  phaseStarts,
  specAt,
  valueAt,
} from './schedule.ts';
export { effectiveRealShare, quotaCount } from './screening.ts';
export { archiveHolds, archiveParts, realUse, usesReal } from './real-use.ts';
export { POINT_NEEDS } from './point-needs.ts';
export { applySetting, applySettings, specToSettings } from './flags.ts';
export { minimalSpec } from './minimal.ts';
export { drawsCounts, recordedSpec, resolveClosedForm } from './recorded.ts';
export { formatValue, readValue } from './notation.ts';
export { missingStatistics, specNotes } from './notes.ts';
export { MAX_URL_LENGTH, specFromUrl, specToUrl, type LinkedSpec } from './url.ts';
