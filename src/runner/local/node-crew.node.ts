import { Worker } from 'node:worker_threads';
import { fromErrorRecord, MaggError } from '../../base/index.js';
import type { WorkContext } from '../backend.js';
import type { RunEvent } from '../events.js';
import type { Crew } from './crew.js';
import { CONTROL, type MapJob } from './job.js';
import { LocalThread } from './local-thread.js';
import type { CellsJob, CheckJob, MappedRows, ReduceJob, ThreadData, ThreadReply, ThreadRequest } from './messages.js';
import { allocator, nodeHost } from './node-host.node.js';
import { restingMemory } from './node-memory.node.js';
import { removeSpills } from './spill-folder.node.js';

export interface NodeThreadsOptions {
  /** Threads in all, this one included; at least 1. */
  readonly threads: number;
  /** The bundle of `thread.node.ts`. */
  readonly threadUrl: URL;
  /** The bundle of the worker that runs the full HDF5 library. */
  readonly libraryUrl: URL;
}

/** Worker threads that can be started before it is known what they will do: they load while the plan is made. */
export class NodeThreads {
  readonly #options: NodeThreadsOptions;
  readonly #control = new Int32Array(new SharedArrayBuffer(4 * CONTROL.length));
  readonly #workers: RemoteThread[] = [];

  constructor(options: NodeThreadsOptions) {
    this.#options = options;
  }

  /** Starts up to `count` workers; without it they are started by the first run. */
  warm(count: number): void {
    while (this.#workers.length < Math.min(count, this.#options.threads - 1)) this.#workers.push(new RemoteThread(this.#options, this.#control));
  }

  /** The threads, at most `mostThreads` of them, as the crew of one run. Workers beyond the number of tasks are not started. */
  readonly openCrew = ({ signal, onEvent }: WorkContext, tasks: number, mostThreads = Infinity): Crew => {
    const control = this.#control;
    control.fill(0);
    const helpers = Math.min(this.#options.threads, mostThreads, tasks) - 1;
    if (helpers > 0) this.warm(helpers);
    const workers = this.#workers.slice(0, Math.max(0, helpers));
    for (const worker of workers) worker.onEvent = onEvent;
    const cancelOwn = new AbortController();
    const cancel = (): void => {
      Atomics.store(control, CONTROL.cancelled, 1);
      cancelOwn.abort();
      for (const worker of workers) worker.cancel();
    };
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel);
    const shared = workers.length > 0;
    const own = new LocalThread(
      nodeHost({ control, libraryUrl: this.#options.libraryUrl, shared, signal: cancelOwn.signal, onEvent, breathe: () => new Promise(setImmediate), onCancelled: cancel })
    );
    let folder: string | undefined;
    const useFolder = (path: string | undefined): void => {
      folder = path;
      if (path !== undefined) removeSpills(path);
    };
    return {
      map: job => {
        useFolder(job.spillFolder);
        return all([own.map(job), ...workers.map(worker => worker.map(job))], cancel);
      },
      reduce: async job => void (await all([own.reduce(job), ...workers.map(worker => worker.reduce(job))], cancel)),
      cells: async job => {
        useFolder(job.map.spillFolder);
        await all([own.cells(job), ...workers.map(worker => worker.cells(job))], cancel);
      },
      check: async job => void (await all([own.check(job), ...workers.map(worker => worker.check(job))], cancel)),
      allocate: allocator(shared),
      memory: restingMemory(1 + workers.length, tasks),
      close: async () => {
        signal.removeEventListener('abort', cancel);
        await this.close();
        if (folder !== undefined) removeSpills(folder);
      }
    };
  };

  /** Ends all workers; idempotent. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.splice(0).map(worker => worker.end()));
  }
}

/** Like Promise.all, but when one rejects the others are told to stop, and have stopped before this rejects. */
async function all<T>(parts: readonly Promise<T>[], stop: () => void): Promise<readonly T[]> {
  let failed: { readonly error: unknown } | undefined;
  const results = await Promise.all(
    parts.map(part =>
      part.catch((error: unknown) => {
        failed ??= { error };
        stop();
        return undefined;
      })
    )
  );
  if (failed) throw failed.error;
  return results as readonly T[];
}

type Settled = Extract<ThreadReply, { type: 'mapped' | 'reduced' }>;
type Work = Exclude<ThreadRequest, { type: 'cancel' }>;

/** One worker thread, seen from the thread that owns it. */
class RemoteThread {
  readonly #worker: Worker;
  #waiting: { readonly resolve: (reply: Settled) => void; readonly reject: (error: Error) => void } | undefined;
  #dead: MaggError | undefined;
  onEvent: (event: RunEvent) => void = () => undefined;

  constructor({ threadUrl, libraryUrl }: NodeThreadsOptions, control: Int32Array) {
    this.#worker = new Worker(threadUrl, { workerData: { control, libraryUrl: libraryUrl.href } satisfies ThreadData });
    this.#worker.on('message', (reply: ThreadReply) => this.#receive(reply));
    this.#worker.on('error', error => this.#die(`a worker thread died: ${error.message}`, error));
    this.#worker.on('exit', code => this.#die(`a worker thread ended with code ${code} before its work was done`));
  }

  async map(job: MapJob): Promise<MappedRows> {
    const reply = await this.#ask({ type: 'map', job });
    if (reply.type !== 'mapped') throw new MaggError('internal', `expected a worker thread to answer mapped, found ${reply.type}`);
    return reply.rows;
  }

  async reduce(job: ReduceJob): Promise<void> {
    await this.#ask({ type: 'reduce', job });
  }

  async cells(job: CellsJob): Promise<void> {
    await this.#ask({ type: 'cells', job });
  }

  async check(job: CheckJob): Promise<void> {
    await this.#ask({ type: 'check', job });
  }

  cancel(): void {
    this.#worker.postMessage({ type: 'cancel' } satisfies ThreadRequest);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  /** One request at a time. */
  #ask(request: Work): Promise<Settled> {
    return new Promise((resolve, reject) => {
      if (this.#dead) return reject(this.#dead);
      this.#waiting = { resolve, reject };
      this.#worker.postMessage(request);
    });
  }

  #receive(reply: ThreadReply): void {
    if (reply.type === 'event') return this.onEvent(reply.event);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (reply.type === 'broke') waiting?.reject(fromErrorRecord(reply.error));
    else waiting?.resolve(reply);
  }

  #die(message: string, cause?: Error): void {
    this.#dead ??= new MaggError('thread-died', `${message}; with little memory use fewer workers: --workers 1`, { cause });
    this.#waiting?.reject(this.#dead);
    this.#waiting = undefined;
  }
}
