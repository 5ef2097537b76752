/** What the page and the worker of a validation say to each other: plain data that can be posted. */
import type { EngineName } from '../../engine/engine.ts';
import type { Validation, ValidationSize } from '../../experiment/validate/validate.ts';
import type { EngineChoice } from '../worker-api.ts';

export interface ValidationRequest {
  readonly engine: EngineChoice;
  readonly size: ValidationSize;
}

/** In the worker these are calls to the page. */
export interface ValidationListener {
  /** The engine is open, and why it is not the one that was hoped for; '' where it is. */
  opened(engine: EngineName, notice: string): void | Promise<void>;
  /** A case begins, by its place among all. */
  progressed(number: number): void | Promise<void>;
  /** After each case, what is there so far. */
  reported(validation: Validation): void | Promise<void>;
}

export interface ValidationWorker {
  /** Resolves when it has ended; rejects with what it failed on. */
  checkLaws(request: ValidationRequest, listener: ValidationListener): Promise<Validation>;
  /** Ends it after what is being computed. */
  stopChecking(): void;
}
