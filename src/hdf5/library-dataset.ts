import { MaggError } from '../base/index.js';
import { countOf } from './dataspace.js';
import type { Hdf5Dataset, NumericArray, NumericType, RawChunk } from './hdf5-file.js';

/** A dataset that the full library reads: its chunks come decoded. */
export class LibraryDataset implements Hdf5Dataset {
  readonly chunkRows: number;
  readonly chunkCount: number;

  constructor(
    readonly path: string,
    readonly shape: readonly number[],
    readonly type: NumericType,
    chunkRows: number | undefined,
    readonly fillValue: number | bigint | undefined
  ) {
    const rows = shape[0] ?? 1;
    this.chunkRows = Math.max(1, chunkRows ?? rows);
    this.chunkCount = countOf(shape) === 0 ? 0 : Math.ceil(rows / this.chunkRows);
  }

  decode(chunk: number, raw: RawChunk): NumericArray {
    if (raw.kind === 'values') return raw.values;
    throw new MaggError('internal', `chunk ${chunk} of ${this.path} is ${raw.kind}, expected values from the full library`);
  }
}
