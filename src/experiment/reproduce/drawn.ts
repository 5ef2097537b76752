/** Of figures that are run by the closed form and point by point. */

/** The label of the part that is run point by point. */
export const DRAWN = 'closedForm = off';

export const BOTH_WAYS =
  'One part is closed form: mean and variance of each fit are drawn from their own laws, which are ' +
  'what the exact values are made of, so that it tests the recursion and the summaries. Rows with ' +
  `${DRAWN} test the sampler and the fit too: there every point is drawn and fitted.`;
