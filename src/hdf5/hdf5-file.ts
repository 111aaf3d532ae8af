import type { Abortable } from '../base/index.js';
import type { ReadOptions } from '../io/index.js';
import type { DecodeRoom } from './decode-room.js';
import type { Hdf5Index } from './hdf5-index.js';

export type NumericArray =
  | Int8Array | Int16Array | Int32Array | BigInt64Array
  | Uint8Array | Uint16Array | Uint32Array | BigUint64Array
  | Float32Array | Float64Array;

export type NumericType =
  | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'float32' | 'float64';

/** A value of an attribute: a number or bigint (64-bit), text, or an array of them. */
export type AttributeValue = number | bigint | string | readonly (number | bigint | string)[];

/** A chunk as it lies in the file. Valid until the read buffer is reset. */
export type StoredChunk =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly filterMask: number }
  /** Never written: holds the dataset's HDF5 fill value. */
  | { readonly kind: 'absent' };

/** The rows of a chunk as stored, or already decoded where the slow reader made them. */
export type RawChunk =
  | StoredChunk
  /** Chunks of the file that lie side by side, where they split other dimensions than the first. */
  | { readonly kind: 'parts'; readonly parts: readonly StoredChunk[] }
  | { readonly kind: 'values'; readonly values: NumericArray };

/**
 * One dataset of numbers: integers, enumerations and bit fields as the integers they are stored as, floats of 32 and 64 bits,
 * half floats as float32. A compact dataset counts as one chunk, a contiguous one as chunks of about 1 MiB.
 */
export interface Hdf5Dataset {
  readonly path: string;
  readonly shape: readonly number[];
  readonly type: NumericType;
  /** Rows (first dimension) per chunk, at least 1; the last chunk may reach beyond the shape. */
  readonly chunkRows: number;
  /** Chunks along the first dimension. */
  readonly chunkCount: number;
  /** The `_FillValue` attribute: a row with this value is missing. */
  readonly fillValue: number | bigint | undefined;
  /**
   * Values of one chunk, cut to the rows that lie inside the shape: length = rows of the chunk x product of the other
   * dimensions. In memory of their own, or in that of `room`. Synchronous: inflating is most of a run. Throws `damaged-chunk` with
   * file, dataset and chunk number.
   */
  decode(chunk: number, raw: RawChunk, room?: DecodeRoom): NumericArray;
  /**
   * Column `index` (from 0) of a dataset of two dimensions, as a dataset of one with the same rows and chunks. Where chunks
   * split the second dimension, only those of the column are read. Throws `no-such-column`.
   */
  column(index: number): Hdf5Dataset;
}

/** What an HDF5 file holds under a path. */
export type Hdf5Node =
  | { readonly kind: 'group'; readonly path: string }
  | { readonly kind: 'dataset'; readonly path: string; readonly shape: readonly number[]; readonly type: NumericType | 'text' | 'other'; readonly storage: string };

export interface ChunkRequest {
  readonly dataset: Hdf5Dataset;
  readonly chunk: number;
}

/**
 * An HDF5 file over byte ranges. Paths are absolute (`/gt1l/land_ice_segments/h_li`) or relative to the root. Errors are
 * MaggErrors that name the file: `not-hdf5`, `damaged-file`, `unsupported`, `not-a-dataset`, `not-numeric`, and those of
 * the source (`granule-changed` among them).
 */
export interface Hdf5File {
  readonly name: string;
  /** Whether a path exists, for several paths in few rounds of requests. */
  exists(paths: readonly string[], options?: Abortable): Promise<readonly boolean[]>;
  /** Datasets by path, undefined where there is none; headers and chunk indexes of all are fetched together. */
  datasets(paths: readonly string[], options?: Abortable): Promise<readonly (Hdf5Dataset | undefined)[]>;
  /** Everything below a path, depth first, in the order of the file's own index; for `inspect`. */
  walk(path: string, options?: Abortable): Promise<readonly Hdf5Node[]>;
  /** Attributes of a group or dataset; values that are neither numbers nor text are left out. */
  attributes(path: string, options?: Abortable): Promise<Readonly<Record<string, AttributeValue>>>;
  /** Raw chunks in the order asked for, near ones in one read. */
  readChunks(requests: readonly ChunkRequest[], options?: ReadOptions): Promise<readonly RawChunk[]>;
  /**
   * What was learned so far, to be given to the next opening of the same file: every dataset found, unless only the full
   * library can read it, and which paths there are and are not.
   */
  savedIndex(): Hdf5Index;
  close(): Promise<void>;
}
