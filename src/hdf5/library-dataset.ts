import { MaggError } from '../base/index.js';
import { countOf } from './dataspace.js';
import type { Hdf5Dataset, NumericArray, NumericType, RawChunk } from './hdf5-file.js';
import type { LibraryFacts } from './library-messages.js';
import { noSuchColumn } from './no-such-column.js';
import { sizeOf } from './numeric-array.js';
import { rowsAtOnce } from './read-dataset.js';

/** A dataset that the full library reads: its chunks come decoded. */
export class LibraryDataset implements Hdf5Dataset {
  readonly shape: readonly number[];
  readonly chunkRows: number;
  readonly chunkCount: number;

  /** @param columnIndex makes it one column of a dataset of two dimensions */
  constructor(
    readonly fileName: string,
    readonly path: string,
    readonly fullShape: readonly number[],
    readonly type: NumericType,
    chunkRows: number,
    readonly fillValue: number | bigint | undefined,
    readonly columnIndex?: number
  ) {
    const rows = fullShape[0] ?? 1;
    this.shape = columnIndex === undefined ? fullShape : [rows];
    this.chunkRows = Math.max(1, chunkRows);
    this.chunkCount = countOf(fullShape) === 0 ? 0 : Math.ceil(rows / this.chunkRows);
  }

  /** What is not chunked is read in pieces of about 1 MiB. */
  static of(fileName: string, path: string, { shape, type, chunkRows, fillValue }: LibraryFacts): LibraryDataset {
    const pieceRows = Math.min(shape[0] ?? 1, rowsAtOnce(countOf(shape.slice(1)) * sizeOf(type)));
    return new LibraryDataset(fileName, path, shape, type, chunkRows ?? pieceRows, fillValue);
  }

  column(index: number): Hdf5Dataset {
    const { fileName, path, fullShape, type, chunkRows, fillValue } = this;
    if (this.columnIndex !== undefined || fullShape.length !== 2 || !(Number.isInteger(index) && index >= 0 && index < fullShape[1]!)) throw noSuchColumn(fileName, this, index);
    return new LibraryDataset(fileName, path, fullShape, type, chunkRows, fillValue, index);
  }

  decode(chunk: number, raw: RawChunk): NumericArray {
    if (raw.kind === 'values') return raw.values;
    throw new MaggError('internal', `chunk ${chunk} of ${this.path} is ${raw.kind}, expected values from the full library`);
  }
}
