import type { Allocate } from '../../aggregate/index.js';
import type { MapJob } from './job.js';
import type { RestingMemory } from './memory-budget.js';
import type { CellsJob, CheckJob, MappedRows, ReduceJob } from './messages.js';

/** The threads of one run. Rejects when one of them dies; a failed read or cell is a result or an event. */
export interface Crew {
  /** All (granule, group) tasks; what each thread has made of those that it took. */
  map(job: MapJob): Promise<readonly MappedRows[]>;
  /** All cells; their outcomes are events. */
  reduce(job: ReduceJob): Promise<void>;
  /** All cells, each from its granules alone; their outcomes are events. */
  cells(job: CellsJob): Promise<void>;
  /** Granules, each compared with the catalog; what is found are events. */
  check(job: CheckJob): Promise<void>;
  /** Memory that all threads can read. */
  readonly allocate: Allocate;
  /** How many threads there are, and what they take without rows. */
  readonly memory: RestingMemory;
  /** Ends the threads and removes the files of their rows; idempotent. */
  close(): Promise<void>;
}
