import type { ChunkRequest, Hdf5Dataset, Hdf5File, NumericArray, RawChunk } from '../../hdf5/index.js';
import type { ReadOptions } from '../../io/index.js';

/** Rows `from` (inclusive) to `to` (exclusive). */
export interface RowWindow {
  readonly from: number;
  readonly to: number;
}

/** Windows of one dataset, ascending. */
export interface WindowWant {
  readonly dataset: Hdf5Dataset;
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

/** Hands out rows of several one-dimensional datasets whose chunks need not agree. */
export class WindowReader {
  readonly #datasets: readonly Hdf5Dataset[];
  readonly #raw: readonly Map<number, RawChunk>[];
  /** The chunk decoded last, per dataset. */
  readonly #last: { chunk: number; values: NumericArray }[];
  /** Bytes of the chunks as they lie in the file; decoded ones where the full library reads them. */
  readonly bytes: number;

  private constructor(datasets: readonly Hdf5Dataset[], raw: readonly Map<number, RawChunk>[], bytes: number) {
    this.#datasets = datasets;
    this.#raw = raw;
    this.#last = datasets.map(() => ({ chunk: -1, values: new Float64Array(0) }));
    this.bytes = bytes;
  }

  /** Reads the raw chunks that hold the windows of each dataset, all in one call. */
  static async read(file: Hdf5File, wants: readonly WindowWant[], options: ReadOptions): Promise<WindowReader> {
    const requests: ChunkRequest[] = [];
    const owners: number[] = [];
    wants.forEach(({ dataset, windows }, d) => {
      let last = -1;
      for (const { from, to } of windows) {
        const end = Math.floor((to - 1) / dataset.chunkRows);
        for (let chunk = Math.max(last + 1, Math.floor(from / dataset.chunkRows)); chunk <= end; chunk++) {
          requests.push({ dataset, chunk });
          owners.push(d);
          last = chunk;
        }
      }
    });
    const chunks = await file.readChunks(requests, options);
    const raw = wants.map(() => new Map<number, RawChunk>());
    let bytes = 0;
    chunks.forEach((chunk, i) => {
      raw[owners[i]!]!.set(requests[i]!.chunk, chunk);
      bytes += chunk.kind === 'bytes' ? chunk.bytes.length : chunk.kind === 'values' ? chunk.values.byteLength : 0;
    });
    return new WindowReader(wants.map(want => want.dataset), raw, bytes);
  }

  /** The rows of dataset number `d`. A chunk is decoded once as long as windows are asked for in ascending order. */
  rows(d: number, { from, to }: RowWindow): NumericArray {
    const { chunkRows } = this.#datasets[d]!;
    const first = Math.floor(from / chunkRows);
    const last = Math.floor((to - 1) / chunkRows);
    if (first === last) {
      const values = this.#decode(d, first);
      const start = from - first * chunkRows;
      return start === 0 && values.length === to - from ? values : values.subarray(start, start + to - from);
    }
    const parts: NumericArray[] = [];
    for (let chunk = first; chunk <= last; chunk++) {
      const values = this.#decode(d, chunk);
      const start = chunk * chunkRows;
      parts.push(values.subarray(Math.max(0, from - start), Math.min(values.length, to - start)));
    }
    return concatenate(parts, to - from);
  }

  #decode(d: number, chunk: number): NumericArray {
    const last = this.#last[d]!;
    if (last.chunk !== chunk) {
      last.values = this.#datasets[d]!.decode(chunk, this.#raw[d]!.get(chunk)!);
      last.chunk = chunk;
    }
    return last.values;
  }
}

function concatenate(parts: readonly NumericArray[], length: number): NumericArray {
  const out = new (parts[0]!.constructor as new (length: number) => NumericArray)(length);
  let at = 0;
  for (const part of parts) {
    (out as Float64Array).set(part as Float64Array, at);
    at += part.length;
  }
  return out;
}
