import { groupRuns, RUN_STRIDE, type ColumnValues, type GroupedRuns, type RowBlock } from '../../aggregate/index.js';
import { chunkBytes, CHUNK_HEADER_BYTES, FLOAT64, MASKED, padded, viewChunk } from './spill-chunk.js';
import type { SpillFile } from './spill-file.js';

/** Rows that a thread has put into its file at one time: one slice per parent, each a sequence of chunks, by ascending task. */
export interface SpillRound {
  /** Name of the file. */
  readonly file: string;
  /** Nested ids of the parents, in the order of their slices. */
  readonly parents: Float64Array;
  /** Slice `i` is the bytes from `at[i]` to `at[i + 1]`, exclusive; multiples of 8. */
  readonly at: Float64Array;
  /** Rows per slice. */
  readonly rows: Float64Array;
  /** Bytes of the longest chunk. */
  readonly chunkBytes: number;
  /** Per column: whether it is float32 in all blocks. */
  readonly float32: readonly boolean[];
  /** Tasks whose chunks do not count: reading them failed later, and what was read before is read anew. */
  readonly dropped: readonly number[];
}

/** Writes blocks to the end of a file, grouped by parent. */
export class SpillWriter {
  readonly #file: SpillFile;
  readonly #chunkBytes: number;
  #buffer = new ArrayBuffer(0);
  #filled = 0;
  #end = 0;

  /** @param mostChunkBytes about how long a chunk may get, and with it the memory that reading takes */
  constructor(file: SpillFile, mostChunkBytes: number) {
    this.#file = file;
    this.#chunkBytes = mostChunkBytes;
  }

  /** `blocks` by ascending task, all with the same columns. */
  write(blocks: readonly RowBlock[]): SpillRound {
    const places = new Map<number, number>();
    for (const { runs } of blocks) for (const parent of runs.parents) if (!places.has(parent)) places.set(parent, places.size);
    const grouped = groupRuns(blocks, places.size, places, bytes => new ArrayBuffer(bytes));
    const rowBytes = 4 * RUN_STRIDE + (blocks[0]?.columns ?? []).reduce((sum, column) => sum + column.BYTES_PER_ELEMENT + 1, 0);
    const mostRows = Math.max(1, Math.floor(this.#chunkBytes / rowBytes));
    const parents: number[] = [];
    const at: number[] = [];
    const rows: number[] = [];
    let longest = 0;
    for (const [parent, place] of places) {
      if (grouped.start[place] === grouped.start[place + 1]) continue;
      parents.push(parent);
      at.push(this.#end);
      let count = 0;
      for (const piece of pieces(grouped, place, mostRows)) {
        longest = Math.max(longest, this.#append(blocks, grouped.data, piece));
        count += piece.rows;
      }
      rows.push(count);
    }
    at.push(this.#end);
    this.#flush();
    return {
      file: this.#file.name,
      parents: Float64Array.from(parents),
      at: Float64Array.from(at),
      rows: Float64Array.from(rows),
      chunkBytes: longest,
      float32: (blocks[0]?.columns ?? []).map((_, k) => blocks.every(block => block.columns[k] instanceof Float32Array)),
      dropped: []
    };
  }

  /** Appends one chunk; returns its bytes. */
  #append(blocks: readonly RowBlock[], data: Int32Array, piece: Piece): number {
    const { columns, missing, task } = blocks[piece.block]!;
    const flags = Uint8Array.from(columns, (column, k) => (column instanceof Float64Array ? FLOAT64 : 0) | (isMissing(missing[k], data, piece) ? MASKED : 0));
    const runs = (piece.to - piece.from) / RUN_STRIDE;
    const bytes = chunkBytes(runs, piece.rows, flags);
    if (this.#filled + bytes > this.#buffer.byteLength) {
      this.#flush();
      if (bytes > this.#buffer.byteLength) this.#buffer = new ArrayBuffer(Math.max(padded(4 * this.#chunkBytes), bytes));
    }
    new Int32Array(this.#buffer, this.#filled, 4).set([bytes, task, runs, piece.rows]);
    new Uint8Array(this.#buffer, this.#filled + CHUNK_HEADER_BYTES, flags.length).set(flags);
    const { part } = viewChunk(this.#buffer, this.#filled, flags.length);
    const out = part.blocks[0]!;
    copyRuns(data, piece, part.data);
    columns.forEach((column, k) => copyValues(column, data, piece, out.columns[k]!));
    missing.forEach((mask, k) => {
      if (mask && out.missing[k]) copyMask(mask, data, piece, out.missing[k]);
    });
    this.#filled += bytes;
    this.#end += bytes;
    return bytes;
  }

  #flush(): void {
    if (this.#filled > 0) this.#file.append(new Uint8Array(this.#buffer, 0, this.#filled));
    this.#filled = 0;
  }
}

/** Runs of one block, one after the other in `GroupedRuns.data`; of the first one `skip` rows are left out, of the last one `cut`. */
interface Piece {
  readonly block: number;
  readonly from: number;
  readonly to: number;
  readonly skip: number;
  readonly cut: number;
  readonly rows: number;
}

/** The rows of a parent in pieces of one block and at most `mostRows` rows each. */
function* pieces({ start, data }: GroupedRuns, place: number, mostRows: number): Generator<Piece> {
  const end = RUN_STRIDE * start[place + 1]!;
  let from = RUN_STRIDE * start[place]!;
  let skip = 0;
  while (from < end) {
    const block = data[from + 1]!;
    let rows = 0;
    let to = from;
    let left = skip;
    let cut = 0;
    while (to < end && data[to + 1] === block && rows < mostRows) {
      const whole = data[to + 3]! - left;
      const taken = Math.min(whole, mostRows - rows);
      rows += taken;
      cut = whole - taken;
      left = 0;
      to += RUN_STRIDE;
    }
    yield { block, from, to, skip, cut, rows };
    if (cut > 0) {
      from = to - RUN_STRIDE;
      skip = data[from + 3]! - cut;
    } else {
      from = to;
      skip = 0;
    }
  }
}

function isMissing(mask: Uint8Array | undefined, data: Int32Array, { from, to, skip, cut }: Piece): boolean {
  if (!mask) return false;
  for (let r = from; r < to; r += RUN_STRIDE) {
    const first = data[r + 2]! + (r === from ? skip : 0);
    const end = data[r + 2]! + data[r + 3]! - (r + RUN_STRIDE === to ? cut : 0);
    if (mask.subarray(first, end).includes(1)) return true;
  }
  return false;
}

function copyRuns(data: Int32Array, { from, to, skip, cut }: Piece, out: Int32Array): void {
  let row = 0;
  for (let r = from, o = 0; r < to; r += RUN_STRIDE, o += RUN_STRIDE) {
    const rows = data[r + 3]! - (r === from ? skip : 0) - (r + RUN_STRIDE === to ? cut : 0);
    out[o] = data[r]!;
    out[o + 1] = 0;
    out[o + 2] = row;
    out[o + 3] = rows;
    row += rows;
  }
}

function copyMask(input: Uint8Array, data: Int32Array, { from, to, skip, cut }: Piece, out: Uint8Array): void {
  let at = 0;
  for (let r = from; r < to; r += RUN_STRIDE) {
    const first = data[r + 2]! + (r === from ? skip : 0);
    const end = data[r + 2]! + data[r + 3]! - (r + RUN_STRIDE === to ? cut : 0);
    out.set(input.subarray(first, end), at);
    at += end - first;
  }
}

function copyValues(input: ColumnValues, data: Int32Array, { from, to, skip, cut }: Piece, out: ColumnValues): void {
  let at = 0;
  for (let r = from; r < to; r += RUN_STRIDE) {
    const end = data[r + 2]! + data[r + 3]! - (r + RUN_STRIDE === to ? cut : 0);
    for (let row = data[r + 2]! + (r === from ? skip : 0); row < end; row++) out[at++] = input[row]!;
  }
}
