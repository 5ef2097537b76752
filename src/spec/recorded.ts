/** A spec as a record of what was run, and not of what was asked for. */
import type { ClosedForm, Spec } from './spec.ts';

/**
 * What `auto` means in this version of the spec. Another meaning is another version: links and files
 * that say nothing else rely on it, as they do on every default.
 */
export const resolveClosedForm = (asked: ClosedForm): Exclude<ClosedForm, 'auto'> =>
  asked === 'auto' ? 'cheapest' : asked;

/** Whether numbers of points that are left to chance are drawn too. */
export const drawsCounts = ({ closedForm }: Spec): boolean =>
  ['counts', 'cheapest'].includes(resolveClosedForm(closedForm));

/** With nothing left to this version's choice, so that a later one runs the same. */
export const recordedSpec = (spec: Spec): Spec => ({
  ...spec,
  closedForm: resolveClosedForm(spec.closedForm),
});
