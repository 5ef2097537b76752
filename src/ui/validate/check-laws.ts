/** The validation itself, in the worker: the engine of the page, held against every law. */
import { VALIDATION_CASES } from '../../experiment/validate/cases.ts';
import { validate, type Validation } from '../../experiment/validate/validate.ts';
import { chooseEngine } from '../choose-engine.ts';
import type { ValidationListener, ValidationRequest } from './validate-api.ts';

/** @throws what the engine cannot be had for, or fails with. */
export async function checkLaws(
  { engine: choice, size }: ValidationRequest,
  listener: ValidationListener,
  signal: AbortSignal,
): Promise<Validation> {
  const { engine, notice } = await chooseEngine(navigator.gpu, choice);
  try {
    await listener.opened(engine.name, notice);
    return await validate(engine, VALIDATION_CASES, {
      size,
      signal,
      onCase: (_, number) => void listener.progressed(number),
      onSoFar: (validation) => void listener.reported(validation),
    });
  } finally {
    engine.close();
  }
}
