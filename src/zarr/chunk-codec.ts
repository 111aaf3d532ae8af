import { MaggError } from '../base/index.js';
import type { ChunkForm } from './array-spec.js';
import type { ChunkDecoders, ChunkEncoders } from './codecs.js';
import { bytesPerValue, filledArray, valuesOf, type ChunkValues } from './data-types.js';
import { readShardIndex, shardIndexBytes, writeShardIndex, type InnerPlace } from './shard-index.js';

type Compress = ((bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>) | undefined;

/** Turns chunks of one form into bytes, in memory that is used again. */
export class ChunkEncoder {
  readonly #form: ChunkForm;
  readonly #compress: Compress;
  readonly #fill: Uint8Array;
  readonly #free: Uint8Array[] = [];

  constructor(form: ChunkForm, codecs: ChunkEncoders) {
    this.#form = form;
    this.#compress = form.compression === 'gzip' ? bytes => codecs.gzip(bytes) : form.compression === 'zstd' ? bytes => codecs.zstd(bytes) : undefined;
    this.#fill = fillPattern(form);
  }

  /** Encodes the values of a chunk and gives the bytes to `use`; they must not be kept beyond its promise. */
  async encode(values: ChunkValues, use: (bytes: Uint8Array) => Promise<void>): Promise<void> {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    if (this.#form.innerCells === undefined) return use(this.#compress ? await this.#compress(bytes) : bytes);
    if (this.#compress) return use(await this.#compressedShard(bytes, this.#compress));
    const size = bytes.length + shardIndexBytes(this.#innerChunks());
    const scratch = this.#free.pop() ?? new Uint8Array(size);
    try {
      await use(scratch.subarray(0, this.#plainShard(bytes, scratch)));
    } finally {
      this.#free.push(scratch);
    }
  }

  #innerChunks(): number {
    return this.#form.chunkCells / this.#form.innerCells!;
  }

  /** Inner chunks that hold only the fill value are left out. Returns the length of the shard. */
  #plainShard(bytes: Uint8Array, out: Uint8Array): number {
    const places = new Int32Array(2 * this.#innerChunks()).fill(-1);
    const step = bytes.length / this.#innerChunks();
    const isEmpty = fillTest(bytes, step, this.#fill);
    let at = 0;
    for (let i = 0; i < places.length / 2; i++) {
      if (isEmpty(i)) continue;
      out.set(bytes.subarray(i * step, (i + 1) * step), at);
      places[2 * i] = at;
      places[2 * i + 1] = step;
      at += step;
    }
    return writeShardIndex(places, out, at);
  }

  async #compressedShard(bytes: Uint8Array, compress: NonNullable<Compress>): Promise<Uint8Array> {
    const places = new Int32Array(2 * this.#innerChunks()).fill(-1);
    const step = bytes.length / this.#innerChunks();
    const isEmpty = fillTest(bytes, step, this.#fill);
    const parts: Uint8Array[] = [];
    let at = 0;
    for (let i = 0; i < places.length / 2; i++) {
      if (isEmpty(i)) continue;
      const part = await compress(bytes.subarray(i * step, (i + 1) * step));
      parts.push(part);
      places[2 * i] = at;
      places[2 * i + 1] = part.length;
      at += part.length;
    }
    const out = new Uint8Array(at + shardIndexBytes(this.#innerChunks()));
    let to = 0;
    for (const part of parts) {
      out.set(part, to);
      to += part.length;
    }
    writeShardIndex(places, out, at);
    return out;
  }
}

/** The values of a whole chunk from its bytes. Throws `damaged-chunk` and what the codec throws. */
export async function decodeChunk(form: ChunkForm, stored: Uint8Array, codecs: ChunkDecoders): Promise<ChunkValues> {
  const { dtype, fillValue, chunkCells, innerCells, width } = form;
  if (innerCells === undefined) return valuesOf(await decodeBytes(form, stored, chunkCells, codecs), dtype);
  const inner = shardPlaces(form, stored);
  const values = filledArray(dtype, chunkCells * width, fillValue);
  const bytes = new Uint8Array(values.buffer);
  const step = innerCells * width * bytesPerValue(dtype);
  for (let i = 0; i < inner.length; i++) {
    const place = inner[i];
    if (place) bytes.set(await decodeBytes(form, stored.subarray(place.offset, place.offset + place.length), innerCells, codecs), i * step);
  }
  return values;
}

/** Where the inner chunks of a whole shard lie. Throws `damaged-chunk`. */
export function shardPlaces({ chunkCells, innerCells = chunkCells }: ChunkForm, stored: Uint8Array): readonly InnerPlace[] {
  const innerChunks = chunkCells / innerCells;
  const before = stored.length - shardIndexBytes(innerChunks);
  if (before < 0) throw new MaggError('damaged-chunk', `expected a shard of at least ${shardIndexBytes(innerChunks)} bytes, found ${stored.length}`);
  return readShardIndex(stored.subarray(before), innerChunks, before);
}

/** The values of `cells` cells from the bytes of a chunk or an inner chunk. */
export async function decodeBytes({ dtype, width, compression }: ChunkForm, stored: Uint8Array, cells: number, codecs: ChunkDecoders): Promise<Uint8Array> {
  const length = cells * width * bytesPerValue(dtype);
  const bytes = compression === 'gzip' ? await codecs.gunzip(stored, length) : compression === 'zstd' ? await codecs.unzstd(stored, length) : stored;
  if (bytes.length !== length) throw new MaggError('damaged-chunk', `expected ${length} bytes, found ${bytes.length}`);
  return bytes;
}

/** The fill value again and again, 8 bytes. */
function fillPattern({ dtype, fillValue }: ChunkForm): Uint8Array {
  return new Uint8Array(filledArray(dtype, 8 / bytesPerValue(dtype), fillValue).buffer);
}

/**
 * Tells whether inner chunk `i` is the fill value and nothing else: bit by bit, so that what is left out reads as it was.
 */
function fillTest(bytes: Uint8Array, step: number, pattern: Uint8Array): (i: number) => boolean {
  if (step % 4 !== 0 || bytes.byteOffset % 4 !== 0) return i => isFilled(bytes, i * step, (i + 1) * step, pattern, 7);
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const fill = new Uint32Array(pattern.buffer);
  return i => isFilled(words, (i * step) / 4, ((i + 1) * step) / 4, fill, 1);
}

function isFilled(numbers: Uint8Array | Uint32Array, from: number, to: number, pattern: Uint8Array | Uint32Array, mask: number): boolean {
  for (let i = from; i < to; i++) if (numbers[i] !== pattern[i & mask]) return false;
  return true;
}
