import { MaggError } from '../base/index.js';
import type { ChunkCodecs } from './chunk-codecs.js';
import { ChunkGrid } from './chunk-grid.js';
import { damagedChunk, grouped } from './damage.js';
import type { DecodeRoom } from './decode-room.js';
import type { ChunkPlace, DatasetFacts } from './dataset-facts.js';
import type { Hdf5Dataset, NumericArray, NumericType, RawChunk, StoredChunk } from './hdf5-file.js';
import { noSuchColumn } from './no-such-column.js';
import { numericArray, sizeOf, swapBytes, valueType, viewAs } from './numeric-array.js';
import { pickColumn, placeTile } from './place-tile.js';
import { undoFilters } from './undo-filters.js';

/** More than any chunk of a sound granule; a chunk without bytes in the file may claim any size. */
const MAX_CHUNK_BYTES = 1 << 29;
const MAX_TILES = 1 << 20;

/** A dataset read by ranges. The arrays it gives are never views of the read buffer or the file. */
export class RangedDataset implements Hdf5Dataset {
  readonly path: string;
  readonly shape: readonly number[];
  readonly type: NumericType;
  readonly chunkRows: number;
  readonly chunkCount: number;
  readonly fillValue: number | bigint | undefined;
  readonly #grid: ChunkGrid;
  readonly #valueBytes: number;
  /** File chunks side by side that a row chunk needs: all, or for a column the one that holds it. */
  readonly #tiles: number;
  readonly #isWholeRows: boolean;

  /** @param columnIndex makes it one column of a dataset of two dimensions */
  constructor(
    readonly fileName: string,
    readonly facts: DatasetFacts,
    private readonly codecs: ChunkCodecs,
    private readonly columnIndex?: number
  ) {
    ({ path: this.path, fillValue: this.fillValue } = facts);
    this.type = valueType(facts.stored);
    this.shape = columnIndex === undefined ? facts.shape : facts.shape.slice(0, 1);
    this.#grid = new ChunkGrid(facts.shape.length === 0 ? [1] : facts.shape, facts.chunkShape);
    this.chunkRows = facts.chunkShape[0]!;
    this.chunkCount = this.#grid.rowChunks;
    this.#valueBytes = sizeOf(facts.stored);
    this.#tiles = columnIndex === undefined ? this.#grid.tiles : 1;
    this.#isWholeRows = this.#grid.isWholeRows;
  }

  column(index: number): Hdf5Dataset {
    const { shape } = this.facts;
    if (this.columnIndex !== undefined || shape.length !== 2 || !(Number.isInteger(index) && index >= 0 && index < shape[1]!)) {
      throw noSuchColumn(this.fileName, this, index);
    }
    return new RangedDataset(this.fileName, this.facts, this.codecs, index);
  }

  /** Where the file chunks of a row chunk lie; `compact` when the values stand in the header. */
  places(chunk: number): readonly (ChunkPlace | 'absent' | 'compact')[] {
    this.#assertChunk(chunk);
    if (this.#tiles > MAX_TILES) throw this.damaged(chunk, `lies in ${grouped(this.#tiles)} pieces, at most ${grouped(MAX_TILES)} are read`);
    return Array.from({ length: this.#tiles }, (_, tile) => this.#place(this.#numberOf(chunk, tile)));
  }

  get compact(): Uint8Array {
    return this.facts.storage.kind === 'compact' ? this.facts.storage.bytes : new Uint8Array(0);
  }

  decode(chunk: number, raw: RawChunk, room?: DecodeRoom): NumericArray {
    this.#assertChunk(chunk);
    if (raw.kind === 'values') return raw.values;
    const rows = Math.min(this.chunkRows, (this.facts.shape[0] ?? 1) - chunk * this.chunkRows);
    const values = rows * (this.columnIndex === undefined ? this.#grid.rowValues : 1);
    this.#assertSize(chunk, Math.max(values, raw.kind === 'absent' ? 0 : this.#grid.chunkValues));
    if (raw.kind === 'absent') return this.#absent(values);
    if (raw.kind === 'bytes' && this.#isWholeRows && this.columnIndex === undefined) {
      const all = this.#decodeTile(chunk, this.#numberOf(chunk, 0), raw, room);
      return all.length > values ? all.subarray(0, values) : all;
    }
    const parts = raw.kind === 'parts' ? raw.parts : [raw];
    if (parts.length !== this.#tiles) throw new MaggError('internal', `chunk ${chunk} of ${this.path} comes in ${parts.length} parts, expected ${this.#tiles}`);
    if (this.columnIndex !== undefined) return this.#decodeColumn(chunk, rows, parts[0]!, this.columnIndex);
    const out = numericArray(this.type, values);
    parts.forEach((part, t) => {
      const number = this.#numberOf(chunk, t);
      placeTile(this.#grid, this.#grid.placeOf(number), part.kind === 'absent' ? this.#absent(this.#grid.chunkValues) : this.#decodeTile(chunk, number, part), out);
    });
    return out;
  }

  damaged(chunk: number, what: string, cause?: unknown): MaggError {
    return damagedChunk(this.fileName, this.path, `chunk ${chunk} ${what}`, cause);
  }

  #numberOf(chunk: number, tile: number): number {
    const offset = this.columnIndex === undefined ? tile : Math.floor(this.columnIndex / this.facts.chunkShape[1]!);
    return chunk * this.#grid.tiles + offset;
  }

  #place(number: number): ChunkPlace | 'absent' | 'compact' {
    const { storage } = this.facts;
    switch (storage.kind) {
      case 'compact':
        return 'compact';
      case 'listed':
        return storage.places.get(number) ?? 'absent';
      case 'contiguous':
      case 'implicit': {
        const fullBytes = this.#grid.chunkValues * this.#valueBytes;
        return { offset: storage.offset + number * fullBytes, length: this.#storedValues(number) * this.#valueBytes, filterMask: 0 };
      }
    }
  }

  /** Values of a file chunk: those beyond the shape are stored too, unless chunks are only our way to read one piece. */
  #storedValues(number: number): number {
    const { chunkValues, rowValues } = this.#grid;
    const { kind } = this.facts.storage;
    if (kind === 'listed' || kind === 'implicit') return chunkValues;
    return Math.min(chunkValues, ((this.facts.shape[0] ?? 1) - number * this.chunkRows) * rowValues);
  }

  #decodeTile(chunk: number, number: number, { bytes: stored, filterMask }: Extract<StoredChunk, { kind: 'bytes' }>, room?: DecodeRoom): NumericArray {
    const { filters, plainEdges, bigEndian, stored: type } = this.facts;
    const mask = plainEdges && this.#grid.isEdge(number) ? -1 : filterMask;
    const sizeBytes = this.#storedValues(number) * this.#valueBytes;
    const chunkFacts = { filters, filterMask: mask, valueBytes: this.#valueBytes, sizeBytes, into: room?.take(sizeBytes) };
    const bytes = undoFilters(stored, chunkFacts, this.codecs, (what, cause) => this.damaged(chunk, what, cause));
    if (bigEndian) swapBytes(bytes, this.#valueBytes);
    return viewAs(type, bytes);
  }

  #decodeColumn(chunk: number, rows: number, part: StoredChunk, index: number): NumericArray {
    if (part.kind === 'absent') return this.#absent(rows);
    const width = this.facts.chunkShape[1]!;
    return pickColumn(this.#decodeTile(chunk, this.#numberOf(chunk, 0), part), index % width, width, rows);
  }

  #assertChunk(chunk: number): void {
    if (!(chunk >= 0 && chunk < this.chunkCount)) throw new MaggError('internal', `${this.path} has ${this.chunkCount} chunks, number ${chunk} was asked for`);
  }

  #assertSize(chunk: number, values: number): void {
    const bytes = values * sizeOf(this.type);
    if (bytes > MAX_CHUNK_BYTES) throw this.damaged(chunk, `claims ${grouped(bytes)} bytes, at most ${grouped(MAX_CHUNK_BYTES)} are read`);
  }

  #absent(count: number): NumericArray {
    const { absent, bigEndian, stored } = this.facts;
    const values = numericArray(this.type, count);
    if (absent?.length !== this.#valueBytes) return values;
    const one = new Uint8Array(absent);
    if (bigEndian) swapBytes(one, one.length);
    const [value] = viewAs(stored, one);
    if (typeof value === 'bigint') (values as BigInt64Array).fill(value);
    else (values as Float64Array).fill(value!);
    return values;
  }
}
