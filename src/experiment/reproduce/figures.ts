/** All figures, in the order of the report. */
import { alemohammadFresh, alemohammadMemory } from './alemohammad.ts';
import type { Figure } from './figure.ts';
import { kazdanData, kazdanGrid } from './kazdan.ts';
import { deyDonoho, heWeights, sureshGaussian } from './others.ts';
import { shumailovLine, shumailovMixture } from './shumailov.ts';

export const FIGURES: readonly Figure[] = [
  shumailovMixture,
  shumailovLine,
  alemohammadFresh,
  alemohammadMemory,
  kazdanGrid,
  kazdanData,
  sureshGaussian,
  heWeights,
  deyDonoho,
];
