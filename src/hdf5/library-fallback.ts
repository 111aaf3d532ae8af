import { LibraryFile } from './library-file.js';
import { LibraryPool } from './library-pool.js';
import type { StartLibraryWorker } from './library-worker-port.js';
import type { Fallback } from './ranged-file.js';

export interface LibraryBounds {
  /** Seconds that one call of the library may take; default 4. Reading a large chunk may take longer in proportion. */
  readonly callS?: number;
}

/**
 * One call opens a file, looks up one path or reads about 4 MiB, which takes milliseconds, rarely a tenth of a second: forty
 * times that is a slow machine, and all beyond is a loop. Below the five seconds that nobody should wait for a damaged file.
 */
const CALL_S = 4;

/**
 * Reads files through the full library, in workers. Each open file has a worker of its own, so that a file in which the library
 * gets lost takes no other with it. A worker that is free is kept for the next file.
 */
export function libraryFallback(start: StartLibraryWorker, { callS = CALL_S }: LibraryBounds = {}): Fallback {
  const pool = new LibraryPool(start);
  return (source, options) => LibraryFile.open(source, pool, callS, options);
}
