/** A spec as a record of what was run, and not of what was asked for. */
import type { ClosedForm, Spec } from './spec.ts';

/**
 * What `auto` means in this version of the program. It may mean more in a later one, of the same
 * population: whoever wants the same lineages names what run.json has.
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
