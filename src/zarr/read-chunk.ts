import { Limiter, MaggError, type Abortable } from '../base/index.js';
import type { ObjectStore } from '../io/index.js';
import { portableCodecs, type ChunkDecoders } from './codecs.js';
import { bytesPerValue, filledArray, valuesOf, type ChunkValues } from './data-types.js';
import { chunkKey, type StoredArray } from './stored-array.js';
import type { StoredGroup } from './stored-group.js';

export interface ReadChunkOptions extends Abortable {
  /** Default: codecs that run anywhere. */
  readonly codecs?: ChunkDecoders;
}

/** A chunk that exists, and the parent whose cells it holds. */
export interface ParentChunk {
  readonly index: number;
  /** Nested id at the parent order. */
  readonly parent: bigint;
}

const CONCURRENCY = 16;
/** Values that {@link readArray} puts into one array at most: 1 GiB of float64. */
const MAX_VALUES = 2 ** 27;

/** The values of one chunk; undefined when it was never written. Throws `damaged-chunk`. */
export async function readChunk(store: ObjectStore, array: StoredArray, index: number, options: ReadChunkOptions = {}): Promise<ChunkValues | undefined> {
  const { codecs = portableCodecs } = options;
  const key = chunkKey(array, index);
  const stored = await store.get(key, options);
  if (!stored) return undefined;
  const length = array.chunkLength * bytesPerValue(array.dtype);
  let bytes = stored;
  try {
    if (array.compression === 'gzip') bytes = await codecs.gunzip(stored, length);
    else if (array.compression === 'zstd') bytes = await codecs.unzstd(stored, length);
  } catch (cause) {
    throw damaged(store, key, cause instanceof Error ? cause.message : String(cause), cause);
  }
  if (bytes.length !== length) throw damaged(store, key, `expected ${length} bytes, found ${bytes.length}`);
  return valuesOf(bytes, array.dtype);
}

/** All values of an array, fill values where no chunk stands. Throws `too-large` above 2^27 values. */
export async function readArray(store: ObjectStore, array: StoredArray, options: ReadChunkOptions = {}): Promise<ChunkValues> {
  if (array.length > MAX_VALUES) {
    throw new MaggError('too-large', `expected at most ${MAX_VALUES} values in ${array.path} of ${store.name}, found ${array.length}; read it chunk by chunk`);
  }
  const values = filledArray(array.dtype, array.length, array.fillValue);
  const limiter = new Limiter(CONCURRENCY);
  const indexes = await writtenChunks(store, array, options);
  await Promise.all(indexes.map(index => limiter.run(async () => {
    const chunk = await readChunk(store, array, index, options);
    // Same type on both sides; the bytes are copied as they are.
    if (chunk) new Uint8Array(values.buffer).set(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength), index * chunk.byteLength);
  })));
  return values;
}

/** Numbers of the chunks that exist, ascending. */
export async function writtenChunks(store: ObjectStore, array: StoredArray, options: Abortable = {}): Promise<readonly number[]> {
  const prefix = `${array.path}/c${array.separator}`;
  const count = array.length / array.chunkLength;
  const indexes: number[] = [];
  for (const key of await store.list(prefix, options)) {
    const text = key.slice(prefix.length);
    if (/^(?:0|[1-9]\d{0,15})$/.test(text) && Number(text) < count) indexes.push(Number(text));
  }
  return indexes.sort((a, b) => a - b);
}

/**
 * Which parent each chunk holds, from the first id of every chunk of `cell_ids` that exists, in the order of the chunks.
 * Throws `damaged-store` when a chunk does not begin with a parent's first cell, or a parent has two chunks;
 * `damaged-chunk` when one cannot be decoded, unless such are to be skipped.
 */
export async function readParents(store: ObjectStore, group: StoredGroup, options: ReadChunkOptions & { readonly damaged?: 'throw' | 'skip' } = {}): Promise<readonly ParentChunk[]> {
  const { cellIds, childOrder, parentOrder } = group;
  const limiter = new Limiter(CONCURRENCY);
  const cells = BigInt(cellIds.chunkLength);
  const limit = 12n << BigInt(2 * childOrder);
  const indexes = await writtenChunks(store, cellIds, options);
  const chunks = await Promise.all(indexes.map(index => limiter.run(async () => {
    let first: bigint | undefined;
    try {
      first = await firstId(store, cellIds, index, options);
    } catch (error) {
      if (options.damaged !== 'skip' || !(error instanceof MaggError) || error.tag !== 'damaged-chunk') throw error;
    }
    if (first === undefined) return undefined;
    if (first < 0n || first >= limit || first % cells !== 0n) {
      throw new MaggError('damaged-store', `expected chunk ${index} of ${cellIds.path} in ${store.name} to begin with the first cell of a parent of order ${parentOrder}, found ${first}`);
    }
    return { index, parent: first / cells };
  })));
  const seen = new Map<bigint, number>();
  const found = chunks.filter(chunk => chunk !== undefined);
  for (const { index, parent } of found) {
    const before = seen.get(parent);
    if (before !== undefined) {
      throw new MaggError('damaged-store', `chunks ${before} and ${index} of ${cellIds.path} in ${store.name} hold the same parent, ${parent} of order ${parentOrder}`);
    }
    seen.set(parent, index);
  }
  return found;
}

/** The first value of a chunk; undefined when it has vanished. */
async function firstId(store: ObjectStore, cellIds: StoredArray, index: number, options: ReadChunkOptions): Promise<bigint | undefined> {
  if (cellIds.compression !== 'none') {
    const first = (await readChunk(store, cellIds, index, options))?.[0];
    return first === undefined ? undefined : BigInt(first);
  }
  const key = chunkKey(cellIds, index);
  const { signal } = options;
  let bytes: Uint8Array | undefined;
  try {
    bytes = await store.get(key, { signal, range: { offset: 0, length: 8 } });
  } catch (cause) {
    // A store may throw for a range beyond the end. Only the whole object tells that from a failure to read.
    bytes = await store.get(key, { signal });
    if (!bytes || bytes.length >= 8) throw cause;
  }
  if (!bytes) return undefined;
  if (bytes.length < 8) throw damaged(store, key, `expected 8 bytes and more, found ${bytes.length}`);
  return BigInt(valuesOf(bytes, cellIds.dtype)[0]!);
}

function damaged(store: ObjectStore, key: string, found: string, cause?: unknown): MaggError {
  return new MaggError('damaged-chunk', `${key} of ${store.name} is damaged: ${found}`, { cause, context: { file: key } });
}
