import { MaggError } from '../base/index.js';
import { countOf } from './dataspace.js';
import type { ChunkRequest } from './hdf5-file.js';
import { LibraryDataset } from './library-dataset.js';
import type { RowsWanted } from './library-messages.js';
import { sizeOf } from './numeric-array.js';

/** A damaged file may claim any size. */
export const MAX_CHUNK_BYTES = 1 << 28;
/** What the library is asked for at once, for its time to have a bound; a larger chunk cannot be cut without decoding it twice. */
const SLAB_BYTES = 4 << 20;

/** Chunks of one dataset that are read in one call. */
export interface Slab {
  readonly dataset: LibraryDataset;
  readonly firstChunk: number;
  /** One per chunk. */
  readonly parts: readonly RowsWanted[];
  /** Of the decoded values. */
  readonly bytes: number;
}

/** Chunks in their order, in slabs of at most 4 MiB or one chunk. */
export function* slabsOf(requests: readonly ChunkRequest[]): Generator<Slab> {
  let slab: { dataset: LibraryDataset; firstChunk: number; parts: RowsWanted[]; bytes: number } | undefined;
  for (const { dataset, chunk } of requests) {
    if (!(dataset instanceof LibraryDataset)) throw new MaggError('internal', `${dataset.path} is no dataset of the full library`);
    const { chunkRows, columnIndex: column, fullShape, type } = dataset;
    const from = chunk * chunkRows;
    const to = Math.min(fullShape[0] ?? 1, from + chunkRows);
    const bytes = (to - from) * (column === undefined ? countOf(fullShape.slice(1)) : 1) * sizeOf(type);
    if (slab && (slab.dataset !== dataset || slab.bytes + bytes > SLAB_BYTES)) {
      yield slab;
      slab = undefined;
    }
    slab ??= { dataset, firstChunk: chunk, parts: [], bytes: 0 };
    slab.parts.push({ from, to, column });
    slab.bytes += bytes;
  }
  if (slab) yield slab;
}
