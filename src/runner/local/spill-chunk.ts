import { RUN_STRIDE, type ColumnValues, type PartBlock, type RowPart } from '../../aggregate/index.js';

/**
 * A chunk of a spill file: rows of one (granule, group) in one parent, in their order. All in the byte order of the machine,
 * every part padded to 8 bytes:
 *
 * - header, Int32: bytes of the chunk, task, runs, rows
 * - per column one byte: 1 for float64, 2 for a mask
 * - runs, as in `GroupedRuns.data`; the first row counts from the start of the chunk
 * - per column its values, float32 or float64
 * - per column with a missing row its mask, a byte per row
 */
export const CHUNK_HEADER_BYTES = 16;
export const FLOAT64 = 1;
export const MASKED = 2;

export const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/** Bytes of a chunk. @param flags one per column */
export function chunkBytes(runs: number, rows: number, flags: Uint8Array): number {
  let bytes = CHUNK_HEADER_BYTES + padded(flags.length) + padded(4 * RUN_STRIDE * runs);
  for (const flag of flags) bytes += padded((flag & FLOAT64 ? 8 : 4) * rows) + (flag & MASKED ? padded(rows) : 0);
  return bytes;
}

/** A chunk as arrays over the bytes that hold it. */
export interface ChunkView {
  readonly bytes: number;
  readonly task: number;
  readonly part: RowPart;
}

/** Bytes and task of the chunk at `at` (a multiple of 8) of `buffer`. */
export function chunkHead(buffer: ArrayBufferLike, at: number): Int32Array {
  return new Int32Array(buffer, at, 4);
}

/** Arrays over the chunk at `at` (a multiple of 8) of `buffer`, of `columns` columns: to read it, or to fill it. */
export function viewChunk(buffer: ArrayBufferLike, at: number, columns: number): ChunkView {
  const [bytes, task, runs, rows] = chunkHead(buffer, at) as unknown as readonly [number, number, number, number];
  const flags = new Uint8Array(buffer, at + CHUNK_HEADER_BYTES, columns);
  let from = at + CHUNK_HEADER_BYTES + padded(columns);
  const data = new Int32Array(buffer, from, RUN_STRIDE * runs);
  from += padded(data.byteLength);
  const values: ColumnValues[] = [];
  for (const flag of flags) {
    const column = flag & FLOAT64 ? new Float64Array(buffer, from, rows) : new Float32Array(buffer, from, rows);
    values.push(column);
    from += padded(column.byteLength);
  }
  const missing: (Uint8Array | undefined)[] = [];
  for (const flag of flags) {
    missing.push(flag & MASKED ? new Uint8Array(buffer, from, rows) : undefined);
    if (flag & MASKED) from += padded(rows);
  }
  const block: PartBlock = { columns: values, missing };
  return { bytes, task, part: { data, from: 0, to: data.length, blocks: [block] } };
}
