import type { WorkContext } from '../backend.js';
import type { Crew } from './crew.js';
import { LocalThread, type ThreadHost } from './local-thread.js';

/** What a crew of one needs besides what every thread is told: memory is its own, tasks are counted here. */
export type InlineHost = Omit<ThreadHost, 'nextTask' | 'onEvent' | 'signal' | 'allocate'>;

/** A crew of the calling thread alone: for hosts without threads, and where one is asked for. */
export const inlineCrew =
  (host: InlineHost) =>
  ({ signal, onEvent }: WorkContext): Crew => {
    const allocate = (bytes: number): ArrayBufferLike => new ArrayBuffer(bytes);
    const next = { map: 0, reduce: 0, check: 0 };
    const thread = new LocalThread({ ...host, allocate, signal, onEvent, nextTask: phase => next[phase]++ });
    return {
      map: async job => [await thread.map(job)],
      reduce: job => thread.reduce(job),
      cells: job => thread.cells(job),
      check: job => thread.check(job),
      allocate,
      memory: { threads: 1, restBytes: 0, leastBytes: 1 },
      close: () => Promise.resolve()
    };
  };
