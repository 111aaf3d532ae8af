import type { MapJob } from './job.js';
import type { TaskResult } from './local-thread.js';
import type { ReduceJob } from './messages.js';

/** The threads of one run. Rejects when one of them dies; a failed read or cell is a result or an event. */
export interface Crew {
  /** All (granule, group) tasks, in any order. */
  map(job: MapJob): Promise<readonly TaskResult[]>;
  /** All cells; their outcomes are events. */
  reduce(job: ReduceJob): Promise<void>;
  /** Memory that all threads can read. */
  readonly allocate: (bytes: number) => ArrayBufferLike;
  /** Ends the threads; idempotent. */
  close(): Promise<void>;
}
