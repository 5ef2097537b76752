/** The kernel observe measures what src/model/statistics does. */
import { describeGpu } from '../support/dawn.ts';
import { observeOnDevice } from '../support/observe-probe.ts';
import { statisticCases } from '../support/statistic-cases.ts';

describeGpu('observe equals its twin', () => statisticCases(observeOnDevice));
