import { MaggError } from '../base/index.js';
import type { ChunkCodecs } from './chunk-codecs.js';
import type { ChunkIndex } from './chunk-index.js';
import { damagedChunk, grouped } from './damage.js';
import type { Filter } from './filter-pipeline.js';
import { hasChecksum } from './fletcher32.js';
import type { Hdf5Dataset, NumericArray, NumericType, RawChunk } from './hdf5-file.js';
import { sizeOf, swapBytes, viewAs } from './numeric-array.js';
import { unshuffle } from './shuffle.js';

/** Deflate gives at most 1,032 bytes for one (RFC 1951: 258 bytes for two bits). */
const MAX_RATIO = 1032;
/** A chunk without bytes in the file may claim any size. */
const MAX_ABSENT_BYTES = 1 << 30;

/** What the metadata say about a dataset of numbers. */
export interface DatasetFacts {
  readonly fileName: string;
  readonly path: string;
  readonly shape: readonly number[];
  readonly type: NumericType;
  readonly bigEndian: boolean;
  readonly chunkRows: number;
  readonly chunkCount: number;
  /** Values per row. */
  readonly rowValues: number;
  readonly filters: readonly Filter[];
  readonly fillValue: number | bigint | undefined;
  /** One value for what was never written; undefined means zero. */
  readonly absent: Uint8Array | undefined;
  readonly index: ChunkIndex;
  /** The values themselves where they stand in the header. */
  readonly compact: Uint8Array | undefined;
}

/** A dataset read by ranges. The arrays it gives are its own: never views of the read buffer or the file. */
export class RangedDataset implements Hdf5Dataset {
  readonly path: string;
  readonly shape: readonly number[];
  readonly type: NumericType;
  readonly chunkRows: number;
  readonly chunkCount: number;
  readonly fillValue: number | bigint | undefined;
  readonly index: ChunkIndex;
  readonly compact: Uint8Array | undefined;
  readonly #elementBytes: number;
  readonly #chunkBytes: number;

  constructor(
    private readonly facts: DatasetFacts,
    private readonly codecs: ChunkCodecs
  ) {
    ({ path: this.path, shape: this.shape, type: this.type, chunkRows: this.chunkRows, chunkCount: this.chunkCount } = facts);
    ({ fillValue: this.fillValue, index: this.index, compact: this.compact } = facts);
    this.#elementBytes = sizeOf(facts.type);
    this.#chunkBytes = facts.chunkRows * facts.rowValues * this.#elementBytes;
  }

  decode(chunk: number, raw: RawChunk): NumericArray {
    const count = this.#valuesInside(chunk);
    switch (raw.kind) {
      case 'values':
        return raw.values.length > count ? raw.values.subarray(0, count) : raw.values;
      case 'absent':
        return this.#absent(count);
      case 'bytes': {
        const bytes = this.#unfilter(chunk, raw.bytes, raw.filterMask);
        if (this.facts.bigEndian) swapBytes(bytes, this.#elementBytes);
        const values = viewAs(this.type, bytes);
        return values.length > count ? values.subarray(0, count) : values;
      }
    }
  }

  damaged(chunk: number, what: string, cause?: unknown): MaggError {
    return damagedChunk(this.facts.fileName, this.path, `chunk ${chunk} ${what}`, cause);
  }

  #valuesInside(chunk: number): number {
    const rows = this.shape[0] ?? 1;
    if (!(chunk >= 0 && chunk < this.chunkCount)) throw new MaggError('internal', `${this.path} has ${this.chunkCount} chunks, number ${chunk} was asked for`);
    return Math.min(this.chunkRows, rows - chunk * this.chunkRows) * this.facts.rowValues;
  }

  /** Undoes the filters, last one first. The result is a buffer of its own that starts at a multiple of the value's size. */
  #unfilter(chunk: number, stored: Uint8Array, filterMask: number): Uint8Array {
    const { filters } = this.facts;
    let bytes = stored;
    for (let i = filters.length - 1; i >= 0; i--) {
      if (filterMask & (1 << i)) continue;
      switch (filters[i]!) {
        case 'fletcher32': {
          const end = bytes.length - 4;
          if (end < 0 || !hasChecksum(bytes.subarray(0, end), bytes.subarray(end))) throw this.damaged(chunk, 'does not fit its checksum (fletcher32)');
          bytes = bytes.subarray(0, end);
          break;
        }
        case 'shuffle':
          bytes = unshuffle(bytes, this.#elementBytes);
          break;
        case 'deflate':
          bytes = this.#inflate(chunk, bytes, this.#chunkBytes + this.#checksumBytes(i, filterMask));
          break;
      }
    }
    const expected = this.#chunkBytes;
    if (bytes.length !== expected) {
      const verb = filters.includes('deflate') ? 'inflates to' : 'has';
      throw this.damaged(chunk, `${verb} ${grouped(bytes.length)} bytes, ${grouped(expected)} expected`);
    }
    // Not slice(): that of a Node Buffer is a view.
    return bytes.buffer === stored.buffer || bytes.byteOffset % this.#elementBytes !== 0 ? new Uint8Array(bytes) : bytes;
  }

  /** Checksums that filters before deflate have added. */
  #checksumBytes(deflate: number, filterMask: number): number {
    let count = 0;
    for (let i = 0; i < deflate; i++) if (this.facts.filters[i] === 'fletcher32' && !(filterMask & (1 << i))) count += 4;
    return count;
  }

  #inflate(chunk: number, bytes: Uint8Array, sizeBytes: number): Uint8Array {
    if (sizeBytes > MAX_RATIO * (bytes.length + 1)) {
      throw this.damaged(chunk, `has ${grouped(bytes.length)} bytes, which cannot inflate to the ${grouped(sizeBytes)} expected`);
    }
    try {
      return this.codecs.inflate(bytes, sizeBytes);
    } catch (error) {
      throw this.damaged(chunk, `does not inflate to ${grouped(sizeBytes)} bytes (${error instanceof Error ? error.message : String(error)})`, error);
    }
  }

  #absent(count: number): NumericArray {
    const size = this.#elementBytes;
    if (count * size > MAX_ABSENT_BYTES) throw this.damaged(0, `claims ${grouped(count * size)} bytes, but none was ever written`);
    const { absent, bigEndian } = this.facts;
    const bytes = new Uint8Array(count * size);
    const values = viewAs(this.type, bytes);
    if (absent?.length !== size) return values;
    const one = new Uint8Array(absent);
    if (bigEndian) swapBytes(one, size);
    const [value] = viewAs(this.type, one);
    if (typeof value === 'bigint') (values as BigInt64Array).fill(value);
    else (values as Float64Array).fill(value!);
    return values;
  }
}
