/** The program `genloss`: the process around `main`. */
import type { Host } from './host.ts';
import { EXIT } from './problems.ts';
import { main } from './program.ts';

const { stdin, stdout, stderr } = process;
const stop = new AbortController();

/** The first signal asks the run to end and to write what is there; the second does not ask. */
function interrupt() {
  if (stop.signal.aborted) process.exit(EXIT.interrupted);
  stop.abort(new DOMException('Interrupted.', 'AbortError'));
  stderr.write('\nInterrupted: writing what is there. Once more to quit at once.\n');
}

async function readInput(): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of stdin) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}

/** Resolves when everything written has left the process. */
const flushed = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => stream.write('', () => resolve()));

const host: Host = {
  out: (text) => void stdout.write(text),
  err: (text) => void stderr.write(text),
  terminal: Boolean(stderr.isTTY),
  columns: stderr.columns ?? 80,
  now: () => performance.now(),
  date: () => new Date(),
  readInput,
  signal: stop.signal,
};

process.on('SIGINT', interrupt);
process.on('SIGTERM', interrupt);
stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of a pipe has gone, as `head` does: nobody is left to tell.
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  stderr.write(`The results could not be written to standard output: ${error.message}\n`);
  process.exit(EXIT.cannot);
});

const code = await main(process.argv.slice(2), host);
await Promise.all([flushed(stdout), flushed(stderr)]);
// Not left to the event loop: Dawn keeps threads, and may crash when it is torn down in an exit.
process.exit(code);
