/** How fast each engine was here, kept for the next visit where storage is allowed. */
import type { EngineName } from '../engine/engine.ts';
import { computingThreads } from './threads.ts';
import { guessedSpeed } from '../experiment/cost.ts';

const key = (engine: EngineName) => `genloss.speed.${engine}`;

/** Work per second. */
export function knownSpeed(engine: EngineName): number {
  const guess = guessedSpeed(engine, computingThreads());
  try {
    const kept = Number(localStorage.getItem(key(engine)));
    return kept > 0 && Number.isFinite(kept) ? kept : guess;
  } catch {
    return guess;
  }
}

export function rememberSpeed(engine: EngineName, workPerSecond: number): void {
  if (!(workPerSecond > 0) || !Number.isFinite(workPerSecond)) return;
  try {
    localStorage.setItem(key(engine), String(workPerSecond));
  } catch {
    // A private window: the guess stays.
  }
}
