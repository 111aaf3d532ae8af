import type { ByteCursor } from './byte-cursor.js';
import { placeIn, type ChunkGrid } from './chunk-grid.js';
import { countOf } from './dataspace.js';
import type { ChunkPlace } from './dataset-facts.js';
import type { PageCache } from './page-cache.js';

/**
 * Turns the numbers of array indexes into ours: they count chunks in row-major order of the largest shape the dataset may
 * grow to, an unlimited dimension first.
 */
export class ArrayNumbers {
  readonly #counts: readonly number[];
  readonly #first: number;

  /** @param maxShape largest size of every dimension, Infinity where it is unlimited */
  constructor(
    private readonly grid: ChunkGrid,
    maxShape: readonly number[]
  ) {
    const counts = maxShape.map((size, d) => Math.max(grid.counts[d]!, Math.ceil(size / grid.chunkShape[d]!)));
    this.#first = Math.max(0, counts.indexOf(Infinity));
    const [first] = counts.splice(this.#first, 1);
    this.#counts = [first!, ...counts];
  }

  /** Whether the two kinds of number are the same. */
  get isSame(): boolean {
    return this.#first === 0 && this.grid.counts.every((count, d) => d === 0 || count === this.#counts[d]);
  }

  /** Chunks in all; Infinity where the dataset may grow without end. */
  get size(): number {
    return countOf(this.#counts);
  }

  /** Undefined for chunks outside of the present shape. */
  toGrid(number: number): number | undefined {
    const place = placeIn(this.#counts, number);
    const [first] = place.splice(0, 1);
    place.splice(this.#first, 0, first!);
    return this.grid.numberOf(place);
  }
}

/** How an array index stores a chunk: its address, and with filters its size and the filters it skips. */
export class ChunkEntry {
  readonly #sizeWidth: number;

  /** @param entryBytes as the header of the index says; throws `damaged-file` when they do not fit */
  constructor(
    private readonly pages: PageCache,
    address: number,
    private readonly filtered: boolean,
    readonly entryBytes: number,
    private readonly chunkBytes: number
  ) {
    this.#sizeWidth = entryBytes - 12;
    const isSound = filtered ? this.#sizeWidth >= 1 && this.#sizeWidth <= 8 : entryBytes === 8;
    if (!isSound) throw pages.damaged(`the chunk index at ${address} has entries of ${entryBytes} bytes`);
  }

  /** Undefined for a chunk that was never written. */
  read(at: ByteCursor): ChunkPlace | undefined {
    const offset = at.address();
    const length = this.filtered ? at.uint(this.#sizeWidth) : this.chunkBytes;
    const filterMask = this.filtered ? at.u32() : 0;
    return offset === undefined ? undefined : { offset: offset + this.pages.base, length, filterMask };
  }
}
