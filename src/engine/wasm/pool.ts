/**
 * A handful of threads that take tasks: each has some in work and some waiting, so that none idles
 * while this side looks the other way.
 */
import { CapabilityError, EngineError } from '../../errors.ts';
import type { FromThread, Result, Task, ToThread, Words } from './messages.ts';
import type { Thread, ThreadHost } from './threads.ts';

/** Loads of a thread: one in work, one waiting. */
const LOADS_PER_THREAD = 2;

interface Pending {
  resolve(results: readonly Result[]): void;
  reject(error: Error): void;
}

interface Member {
  readonly thread: Thread;
  readonly pending: Map<number, Pending>;
}

export class Pool {
  readonly #members: Member[] = [];
  readonly #watchers = new Set<() => void>();
  #nextLoad = 0;
  #nextNumber = 0;
  /** Why no thread works any more. */
  #end: Error | null = null;

  private constructor() {}

  /** @throws CapabilityError where the host starts no threads. */
  static async open(
    host: ThreadHost,
    program: string,
    module: WebAssembly.Module,
    threadCount: number,
  ): Promise<Pool> {
    const pool = new Pool();
    try {
      await Promise.all(
        Array.from({ length: threadCount }, () => pool.#start(host, program, module)),
      );
      pool.#rest();
    } catch (error) {
      pool.close();
      const reason = error instanceof Error ? error.message : String(error);
      throw new CapabilityError(
        `The WASM engine needs threads, and none could be started: ${reason}`,
      );
    }
    return pool;
  }

  #start(host: ThreadHost, program: string, module: WebAssembly.Module): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const pending: Member['pending'] = new Map();
      const thread = host.start(program, {
        message: (data) => {
          const message = data as FromThread;
          if (message.kind === 'started') resolve();
          else this.#settle(member, message);
        },
        died: (reason) => {
          reject(new EngineError(reason));
          this.#fail(new EngineError(`A thread of the WASM engine has ended: ${reason}`));
        },
      });
      const member: Member = { thread, pending };
      this.#members.push(member);
      thread.setBusy(true);
      tell(thread, { kind: 'start', module });
    });
  }

  /** Whether a load that is given now would be begun at once or next. */
  get hasRoom(): boolean {
    return this.#members.some(({ pending }) => pending.size < LOADS_PER_THREAD);
  }

  get threadCount(): number {
    return this.#members.length;
  }

  get alive(): boolean {
    return this.#end === null;
  }

  /** One that was never given before. */
  number(): number {
    return this.#nextNumber++;
  }

  /** Gives the words to every thread, under the number that is returned. */
  keep(words: Words): number {
    const block = this.number();
    for (const { thread } of this.#members) tell(thread, { kind: 'keep', block, words });
    return block;
  }

  drop(blocks: readonly number[]): void {
    for (const { thread } of this.#members) tell(thread, { kind: 'drop', blocks });
  }

  /**
   * Hands a load of tasks to the thread that has least to do; the buffers in `transfer` go with it.
   * Rejects with EngineError where one of them fails or the thread ends.
   */
  run(tasks: readonly Task[], transfer: readonly ArrayBuffer[] = []): Promise<readonly Result[]> {
    return new Promise((resolve, reject) => {
      if (this.#end) {
        reject(this.#end);
        return;
      }
      const { thread, pending } = this.#members.reduce((least, member) =>
        member.pending.size < least.pending.size ? member : least,
      );
      const id = this.#nextLoad++;
      pending.set(id, { resolve, reject });
      thread.setBusy(true);
      tell(thread, { kind: 'work', id, tasks }, transfer);
    });
  }

  /** Calls `watcher` whenever a load of anyone has ended, until the function returned is called. */
  onSettled(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  #settle(member: Member, message: Exclude<FromThread, { kind: 'started' }>) {
    const pending = member.pending.get(message.id);
    member.pending.delete(message.id);
    this.#rest();
    if (message.kind === 'done') pending?.resolve(message.results);
    else pending?.reject(new EngineError(`The WASM kernels failed: ${message.message}.`));
    for (const watcher of this.#watchers) watcher();
  }

  /** Threads without work keep no process alive. */
  #rest() {
    for (const { thread, pending } of this.#members) if (pending.size === 0) thread.setBusy(false);
  }

  #fail(error: Error) {
    if (this.#end) return;
    this.#end = error;
    for (const { thread, pending } of this.#members) {
      thread.end();
      for (const { reject } of pending.values()) reject(error);
      pending.clear();
    }
  }

  close(): void {
    this.#fail(new EngineError('The WASM engine has been closed.'));
  }
}

const tell = (thread: Thread, message: ToThread, transfer: readonly ArrayBuffer[] = []): void =>
  thread.post(message, transfer);
