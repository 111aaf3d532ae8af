import type { RestingMemory } from './memory-budget.js';

/** Measured over 400 granules: the program. */
const PROCESS_BYTES = 100e6;
/** Per thread: its heap, the chunks of a batch as they were read, and inflated chunks that wait to be collected. */
const THREAD_BYTES = 75e6;
/** Per (granule, group), measured over 10,000 granules: its part of the plan, of the books, and of the lists of what was read. */
const TASK_BYTES = 4000;
/** Per thread: below this parents are cut into so many ranges, and rows into so many slices, that a run takes many times longer. */
const LEAST_BYTES = 24e6;

/** What a process with `threads` threads, this one included, takes for `tasks` (granule, group) tasks. */
export const restingMemory = (threads: number, tasks: number): RestingMemory => ({ threads, restBytes: PROCESS_BYTES + threads * THREAD_BYTES + tasks * TASK_BYTES, leastBytes: LEAST_BYTES });

/**
 * Bytes that a run may take where nobody says: half of what the machine, or the container, has free. Rows beyond that go through
 * files, which is slower than memory but faster than a machine that swaps.
 */
export const defaultMemoryBytes = (): number => Math.floor(process.availableMemory() / 2);
