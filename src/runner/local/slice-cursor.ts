import { MaggError } from '../../base/index.js';
import type { RowPart } from '../../aggregate/index.js';
import { CHUNK_HEADER_BYTES, chunkHead, viewChunk } from './spill-chunk.js';
import type { SpillFile } from './spill-file.js';

export interface Slice {
  readonly file: SpillFile;
  /** Bytes `at` to `end` of the file. */
  readonly at: number;
  readonly end: number;
  /** Tasks whose chunks are passed over. */
  readonly dropped: readonly number[];
  readonly columns: number;
}

/** Goes through the chunks of a slice, again and again, in memory that need not hold more than one of them. */
export class SliceCursor {
  readonly #slice: Slice;
  readonly #memory: Uint8Array;
  /** File bytes `#from` to `#to` stand in the memory. */
  #from = 0;
  #to = 0;
  #at = 0;
  #task = Infinity;
  #bytes = 0;

  /** @param memory at a multiple of 8 of its buffer, as long as the longest chunk at least */
  constructor(slice: Slice, memory: Uint8Array) {
    this.#slice = slice;
    this.#memory = memory;
  }

  /** Goes to the first chunk. */
  rewind(): void {
    this.#at = this.#slice.at;
    this.#look();
  }

  /** Task of the chunk; Infinity behind the last one. */
  get task(): number {
    return this.#task;
  }

  /** The chunk, valid until the next call of any method. */
  part(): RowPart {
    if (this.#at + this.#bytes > this.#to) this.#load();
    return viewChunk(this.#memory.buffer, this.#memory.byteOffset + this.#at - this.#from, this.#slice.columns).part;
  }

  /** Goes to the next chunk. */
  advance(): void {
    this.#at += this.#bytes;
    this.#look();
  }

  #look(): void {
    const { end, dropped, file } = this.#slice;
    for (;;) {
      if (this.#at >= end) {
        this.#task = Infinity;
        return;
      }
      if (this.#at < this.#from || this.#at + CHUNK_HEADER_BYTES > this.#to) this.#load();
      const [bytes, task] = chunkHead(this.#memory.buffer, this.#memory.byteOffset + this.#at - this.#from) as unknown as readonly [number, number];
      if (bytes < CHUNK_HEADER_BYTES || bytes > this.#memory.length || this.#at + bytes > end) {
        throw new MaggError('io', `${file.name} holds a chunk of ${bytes} bytes at ${this.#at}, expected one of ${CHUNK_HEADER_BYTES} to ${Math.min(this.#memory.length, end - this.#at)}: something else has written to the file; run again`);
      }
      this.#task = task;
      this.#bytes = bytes;
      if (!dropped.includes(task)) return;
      this.#at += bytes;
    }
  }

  /** Fills the memory from the chunk on. */
  #load(): void {
    const { file, end } = this.#slice;
    const length = Math.min(this.#memory.length, end - this.#at);
    file.read(this.#at, this.#memory.subarray(0, length));
    this.#from = this.#at;
    this.#to = this.#at + length;
  }
}
