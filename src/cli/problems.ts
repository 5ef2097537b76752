/** What went wrong, for people: sentences on stderr and the exit code that stands for them. */
import { CommanderError } from 'commander';
import { CapabilityError, EngineError, SpecError } from '../errors.ts';

export const EXIT = {
  done: 0,
  wrong: 2,
  cannot: 3,
  failed: 4,
  interrupted: 130,
} as const;

/** Codes of errors by which a file system says that it has no room or gives no leave. */
const CANNOT_WRITE = [
  ...['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO', 'EMFILE', 'ENOENT', 'ENOTDIR'],
  ...['EISDIR', 'EEXIST', 'ENOTEMPTY', 'ELOOP', 'ENAMETOOLONG'],
];

export interface Failure {
  readonly code: number;
  /** Lines for stderr; empty where the error has already been told. */
  readonly text: string;
}

export function failureOf(error: unknown): Failure {
  // Commander has written its own message, or the help that was asked for.
  if (error instanceof CommanderError) {
    return { code: error.exitCode === 0 ? EXIT.done : EXIT.wrong, text: '' };
  }
  if (error instanceof DOMException && error.name === 'AbortError') {
    return { code: EXIT.interrupted, text: 'Interrupted before the run began: nothing written.\n' };
  }
  if (error instanceof SpecError) return { code: EXIT.wrong, text: listOf(error) };
  if (error instanceof CapabilityError) return { code: EXIT.cannot, text: `${error.message}\n` };
  if (error instanceof EngineError) {
    return { code: EXIT.failed, text: `The engine failed: ${error.message}\n` };
  }
  if (isFileError(error)) {
    return { code: EXIT.cannot, text: `The results could not be written: ${error.message}\n` };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: EXIT.failed, text: `Unexpected error, please report it:\n${text}\n` };
}

function listOf({ problems }: SpecError): string {
  const head = problems.length === 1 ? 'One problem:' : `${problems.length} problems:`;
  const lines = problems.map(({ field, message, remedy }) =>
    ['  ', field && `${field}: `, message, remedy && ` ${remedy}`].join(''),
  );
  return `${[head, ...lines].join('\n')}\n`;
}

const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  CANNOT_WRITE.includes(error.code);
