import { storedBytes, type ChunkRequest, type DecodeRooms, type Hdf5Dataset, type Hdf5File, type NumericArray, type RawChunk } from '../../hdf5/index.js';
import type { ReadOptions } from '../../io/index.js';
import type { CoarseRows } from './coarse-rows.js';

/** Rows `from` (inclusive) to `to` (exclusive). */
export interface RowWindow {
  readonly from: number;
  readonly to: number;
}

/** Windows of one source of rows, ascending. */
export interface WindowWant {
  readonly dataset: Hdf5Dataset;
  /** The level that the dataset has its values on, if it has not one for every row. */
  readonly level?: CoarseRows | undefined;
  readonly windows: readonly RowWindow[];
}

const MAX_WINDOW_ROWS = 65_536;

/** Windows that follow the chunks of a dataset, none longer than 65,536 rows. */
export function windowsOf({ chunkRows }: Hdf5Dataset, rows: number): readonly RowWindow[] {
  const windows: RowWindow[] = [];
  for (let chunk = 0; chunk < rows; chunk += chunkRows) {
    const end = Math.min(chunk + chunkRows, rows);
    for (let from = chunk; from < end; from += MAX_WINDOW_ROWS) windows.push({ from, to: Math.min(from + MAX_WINDOW_ROWS, end) });
  }
  return windows;
}

/** Windows are read in batches of about this many rows, so that a group of any length fits in memory. */
const BATCH_ROWS = 1_048_576;

/** Windows, in their order, in batches that are read at once. Chunks of `frame` are not divided: each batch with a part of one would read and inflate it anew. */
export function* batchesOf(windows: readonly RowWindow[], { chunkRows }: Hdf5Dataset): Generator<readonly RowWindow[]> {
  let batch: RowWindow[] = [];
  let rows = 0;
  for (const window of windows) {
    const last = batch[batch.length - 1];
    if (last && rows >= BATCH_ROWS && Math.floor(window.from / chunkRows) !== Math.floor((last.to - 1) / chunkRows)) {
      yield batch;
      batch = [];
      rows = 0;
    }
    batch.push(window);
    rows += window.to - window.from;
  }
  if (batch.length > 0) yield batch;
}

/** Rows of the longest window. */
export const longest = (windows: readonly RowWindow[]): number => windows.reduce((most, { from, to }) => Math.max(most, to - from), 0);

export interface WindowReadOptions extends ReadOptions {
  /** Where chunks are decoded, a room for each source: rows are then valid until others of that source are asked for. Default: in memory of their own. */
  readonly rooms?: DecodeRooms;
}

/** Hands out rows of several one-dimensional datasets whose chunks need not agree, and which may lie on levels. */
export class WindowReader {
  readonly #wants: readonly WindowWant[];
  readonly #raw: readonly Map<number, RawChunk>[];
  /** The chunk decoded last, per dataset. */
  readonly #last: { chunk: number; values: NumericArray }[];
  readonly #rooms: DecodeRooms | undefined;
  /** Decoded chunks of datasets on levels: small ones, and asked for in any order. */
  readonly #coarse: readonly Map<number, NumericArray>[];
  /** Bytes of the chunks as they lie in the file; decoded ones where the full library reads them. */
  readonly bytes: number;

  private constructor(wants: readonly WindowWant[], raw: readonly Map<number, RawChunk>[], bytes: number, rooms: DecodeRooms | undefined) {
    this.#wants = wants;
    this.#raw = raw;
    this.#rooms = rooms;
    this.#last = wants.map(() => ({ chunk: -1, values: new Float64Array(0) }));
    this.#coarse = wants.map(() => new Map<number, NumericArray>());
    this.bytes = bytes;
  }

  /** Reads the raw chunks that hold the windows of each dataset, all in one call. */
  static async read(file: Hdf5File, wants: readonly WindowWant[], options: WindowReadOptions): Promise<WindowReader> {
    const requests: ChunkRequest[] = [];
    const owners: number[] = [];
    wants.forEach(({ dataset, level, windows }, d) => {
      for (const chunk of level ? level.chunks(windows, dataset.chunkRows) : chunksOf(windows, dataset.chunkRows)) {
        requests.push({ dataset, chunk });
        owners.push(d);
      }
    });
    const chunks = await file.readChunks(requests, options);
    const raw = wants.map(() => new Map<number, RawChunk>());
    let bytes = 0;
    chunks.forEach((chunk, i) => {
      raw[owners[i]!]!.set(requests[i]!.chunk, chunk);
      bytes += storedBytes(chunk);
    });
    return new WindowReader(wants, raw, bytes, options.rooms);
  }

  /**
   * The rows of source number `d`. A chunk is decoded once as long as windows are asked for in ascending order. What
   * stands where {@link absent} is 1 means nothing.
   */
  rows(d: number, window: RowWindow): NumericArray {
    const { dataset, level } = this.#wants[d]!;
    if (level) return level.spread(window, dataset, chunk => this.#decodeCoarse(d, chunk));
    const { from, to } = window;
    const { chunkRows } = dataset;
    const first = Math.floor(from / chunkRows);
    const last = Math.floor((to - 1) / chunkRows);
    if (first === last) {
      const values = this.#decode(d, first);
      const start = from - first * chunkRows;
      return start === 0 && values.length === to - from ? values : values.subarray(start, start + to - from);
    }
    let joined: NumericArray | undefined;
    for (let chunk = first; chunk <= last; chunk++) {
      const values = this.#decode(d, chunk);
      const start = chunk * chunkRows;
      joined ??= new (values.constructor as new (length: number) => NumericArray)(to - from);
      const part = values.subarray(Math.max(0, from - start), Math.min(values.length, to - start));
      (joined as Float64Array).set(part as Float64Array, Math.max(0, start - from));
    }
    return joined!;
  }

  /** 1 where source number `d` has no value for a row, because no coarse row covers it; undefined where it has all. */
  absent(d: number, window: RowWindow): Uint8Array | undefined {
    return this.#wants[d]!.level?.uncovered(window);
  }

  #decode(d: number, chunk: number): NumericArray {
    const last = this.#last[d]!;
    if (last.chunk !== chunk) {
      last.values = this.#wants[d]!.dataset.decode(chunk, this.#raw[d]!.get(chunk)!, this.#rooms?.room(d));
      last.chunk = chunk;
    }
    return last.values;
  }

  #decodeCoarse(d: number, chunk: number): NumericArray {
    const known = this.#coarse[d]!;
    let values = known.get(chunk);
    if (!values) known.set(chunk, (values = this.#wants[d]!.dataset.decode(chunk, this.#raw[d]!.get(chunk)!)));
    return values;
  }
}

function chunksOf(windows: readonly RowWindow[], chunkRows: number): readonly number[] {
  const chunks: number[] = [];
  let last = -1;
  for (const { from, to } of windows) {
    const end = Math.floor((to - 1) / chunkRows);
    for (let chunk = Math.max(last + 1, Math.floor(from / chunkRows)); chunk <= end; chunk++) {
      chunks.push(chunk);
      last = chunk;
    }
  }
  return chunks;
}
