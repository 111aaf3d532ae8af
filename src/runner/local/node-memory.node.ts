/** Measured with Node 20 and 22: the command with its plan made, and its bundle and heap when a run is under way. */
const PROCESS_BYTES = 90e6;
/** Per thread: its heap, the chunks of a batch as they were read, and inflated chunks that wait to be collected. */
const THREAD_BYTES = 50e6;

/** Resident memory of a process with `threads` threads, this one included, before any rows are kept. */
export const restBytes = (threads: number): number => PROCESS_BYTES + threads * THREAD_BYTES;

/**
 * Bytes that a run may take where nobody says: half of what the machine, or the container, has free. Rows beyond that go through
 * files, which is slower than memory but faster than a machine that swaps.
 */
export const defaultMemoryBytes = (): number => Math.floor(process.availableMemory() / 2);
