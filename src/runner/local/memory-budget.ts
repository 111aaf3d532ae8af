/** How much memory one thread may take for what grows with the input. All in bytes. */
export interface MemoryBudget {
  /** Rows and runs that were read and wait to be reduced; afterwards, what is read back of those that were moved to a file. */
  readonly heldBytes: number;
  /** The rows of one parent, or a part of them, with all that is computed from them at once. */
  readonly reduceBytes: number;
}

/** What the threads of a host take before a single row is kept, in bytes. */
export interface RestingMemory {
  readonly threads: number;
  /** Of the whole process: the program, its heap, and per thread the chunks in work. */
  readonly restBytes: number;
  /** Per thread: with less than this for rows a run would be absurdly slow, so it is taken whatever the limit. */
  readonly leastBytes: number;
}

/** Of a thread's share; the rest is for computing. Both stay resident from the first phase to the end of the second. */
const HELD_SHARE = 0.6;

/**
 * Divides the memory that a run may take. The whole of it is
 *
 *     rest of the process + threads x (held rows and runs + gathered rows and intermediate values)
 *
 * where the last two are never less than `leastBytes` together.
 *
 * @param memoryBytes of the whole process; undefined: no limit
 */
export function memoryBudget(memoryBytes: number | undefined, { threads, restBytes, leastBytes }: RestingMemory): MemoryBudget {
  if (memoryBytes === undefined) return { heldBytes: Infinity, reduceBytes: Infinity };
  const share = Math.max(leastBytes, (memoryBytes - restBytes) / threads);
  return { heldBytes: HELD_SHARE * share, reduceBytes: (1 - HELD_SHARE) * share };
}

/** What to tell when the process will be larger than its limit whatever is done; undefined when it will not. */
export function tooLittleMemory(memoryBytes: number | undefined, { threads, restBytes, leastBytes }: RestingMemory): string | undefined {
  const needed = restBytes + threads * leastBytes;
  if (memoryBytes === undefined || memoryBytes >= needed) return undefined;
  return `a run with ${threads} ${threads === 1 ? 'worker' : 'workers'} may take ${megabytes(needed)} with the fewest rows in memory, more than the ${megabytes(memoryBytes)} of run.memory; use fewer workers, or set run.memory to that or more`;
}

/** A cell whose rows take more memory than a thread may take for them. */
export interface LargeCell {
  readonly order: number;
  /** Morton id of the parent that it is in, or is. */
  readonly parent: string;
  readonly rows: number;
  readonly isOverview: boolean;
  /** What its rows take. */
  readonly bytes: number;
  readonly allowedBytes: number;
}

/** What to tell of a cell that is computed all the same: quantiles and expressions need all its rows at once. */
export function cellTooLarge({ order, parent, rows, isOverview, bytes, allowedBytes }: LargeCell): string {
  const less = isOverview ? `leave orders up to ${order} out of output.overviews` : 'choose a higher child order';
  return `a cell of order ${order}${isOverview ? ', of an overview,' : ''} in parent ${parent} has ${rows.toLocaleString('en-US')} rows, which take about ${megabytes(bytes)} at once where run.memory leaves a worker ${megabytes(allowedBytes)} for them: a single cell is not computed in parts, the run goes on with more memory, here and for other cells of that size; ${less}, use fewer workers, or set run.memory larger`;
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;

/**
 * Most bytes per row in the second phase, taken where one child cell has them all: each column that is used as it was read, with its mask and its
 * room to grow, widened to float64, and three vectors of intermediate values.
 */
export function reduceBytesPerRow(float32: readonly boolean[], used: readonly number[]): number {
  return used.reduce((sum, k) => sum + 1.25 * ((float32[k] ? 4 : 8) + 1 + 8), 3 * 10);
}
