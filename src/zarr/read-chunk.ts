import { Limiter, MaggError, type Abortable } from '../base/index.js';
import type { ObjectStore } from '../io/index.js';
import { portableCodecs, type ChunkDecoders } from './codecs.js';
import { decodeBytes, decodeChunk, shardPlaces } from './chunk-codec.js';
import { filledArray, valuesOf, type ChunkValues } from './data-types.js';
import { readShardIndex, shardIndexBytes } from './shard-index.js';
import { chunkKey, type StoredArray } from './stored-array.js';

export interface ReadChunkOptions extends Abortable {
  /** Default: codecs that run anywhere. */
  readonly codecs?: ChunkDecoders;
}

const CONCURRENCY = 16;
/** Values that {@link readArray} puts into one array at most: 1 GiB of float64. */
const MAX_VALUES = 2 ** 27;

/** The values of one chunk, whole shards included; undefined when it was never written. Throws `damaged-chunk`. */
export async function readChunk(store: ObjectStore, array: StoredArray, index: number, options: ReadChunkOptions = {}): Promise<ChunkValues | undefined> {
  const key = chunkKey(array, index);
  const stored = await store.get(key, options);
  return stored && naming(store, key, () => decodeChunk(array, stored, options.codecs ?? portableCodecs));
}

/**
 * The values of inner chunk `inner` of a shard; undefined when it was never written or is left out, since it has nothing but
 * the fill value. With the size of the shard's object, given or told by the store, two small ranges are read; without it the
 * whole object. Throws `damaged-chunk`, `io`.
 */
export async function readInnerChunk(
  store: ObjectStore, array: StoredArray, index: number, inner: number, options: ReadChunkOptions & { readonly sizeBytes?: number | undefined } = {}
): Promise<ChunkValues | undefined> {
  const { innerCells = array.chunkCells, dtype, chunkCells } = array;
  const { codecs = portableCodecs, signal } = options;
  const count = chunkCells / innerCells;
  if (!Number.isInteger(inner) || inner < 0 || inner >= count) throw new RangeError(`expected an inner chunk from 0 to ${count - 1}, found ${inner}`);
  if (array.innerCells === undefined) return readChunk(store, array, index, options);
  const key = chunkKey(array, index);
  const indexBytes = shardIndexBytes(count);
  const sizeBytes = options.sizeBytes ?? (await store.size?.(key, { signal }));
  if (sizeBytes === undefined || sizeBytes < indexBytes) {
    const stored = await store.get(key, { signal });
    return stored && naming(store, key, async () => {
      const place = shardPlaces(array, stored)[inner];
      return place && valuesOf(await decodeBytes(array, stored.subarray(place.offset, place.offset + place.length), innerCells, codecs), dtype);
    });
  }
  const before = sizeBytes - indexBytes;
  const stored = await store.get(key, { signal, range: { offset: before, length: indexBytes } });
  if (!stored) return undefined;
  const place = await naming(store, key, () => Promise.resolve(readShardIndex(stored, count, before)[inner]));
  const bytes = place && (await store.get(key, { signal, range: place }));
  return bytes && naming(store, key, async () => valuesOf(await decodeBytes(array, bytes, innerCells, codecs), dtype));
}

/** All values of an array, fill values where no chunk stands. Throws `too-large` above 2^27 values. */
export async function readArray(store: ObjectStore, array: StoredArray, options: ReadChunkOptions = {}): Promise<ChunkValues> {
  const length = array.length * array.width;
  if (length > MAX_VALUES) {
    throw new MaggError('too-large', `expected at most ${MAX_VALUES} values in ${array.path} of ${store.name}, found ${length}; read it chunk by chunk`);
  }
  const values = filledArray(array.dtype, length, array.fillValue);
  const bytes = new Uint8Array(values.buffer);
  const limiter = new Limiter(CONCURRENCY);
  const indexes = await writtenChunks(store, array, options);
  await Promise.all(indexes.map(index => limiter.run(async () => {
    const chunk = await readChunk(store, array, index, options);
    if (!chunk) return;
    // Same type on both sides; the bytes are copied as they are. The last shard may reach beyond the end of the array.
    const at = index * chunk.byteLength;
    bytes.set(new Uint8Array(chunk.buffer, chunk.byteOffset, Math.min(chunk.byteLength, bytes.length - at)), at);
  })));
  return values;
}

/** Numbers of the chunks that exist, ascending. */
export async function writtenChunks(store: ObjectStore, array: StoredArray, options: Abortable = {}): Promise<readonly number[]> {
  const prefix = `${array.path}/c${array.separator}`;
  const count = Math.ceil(array.length / array.chunkCells);
  const end = array.rank === 2 ? `${array.separator}0` : '';
  const indexes: number[] = [];
  for (const key of await store.list(prefix, options)) {
    if (!key.endsWith(end)) continue;
    const text = key.slice(prefix.length, key.length - end.length);
    if (/^(?:0|[1-9]\d{0,15})$/.test(text) && Number(text) < count) indexes.push(Number(text));
  }
  return indexes.sort((a, b) => a - b);
}

function damaged(store: ObjectStore, key: string, found: string, cause?: unknown): MaggError {
  return new MaggError('damaged-chunk', `${key} of ${store.name} is damaged: ${found}`, { cause, context: { file: key } });
}

/** Says which object cannot be decoded. */
async function naming<T>(store: ObjectStore, key: string, decode: () => Promise<T>): Promise<T> {
  try {
    return await decode();
  } catch (cause) {
    throw damaged(store, key, cause instanceof Error ? cause.message : String(cause), cause);
  }
}
