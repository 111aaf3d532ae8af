import { Limiter, MaggError, type Abortable } from '../base/index.js';
import type { ObjectStore } from '../io/index.js';
import { readParentRecords } from './parent-records.js';
import { readChunk, writtenChunks, type ReadChunkOptions } from './read-chunk.js';
import type { StoredArray } from './stored-array.js';
import type { StoredGroup } from './stored-group.js';

/** A chunk of a group, and the parent whose cells it holds. */
export interface ParentChunk {
  readonly index: number;
  /** Nested id at the parent order. */
  readonly parent: bigint;
}

export interface ReadParentsOptions extends ReadChunkOptions {
  /** What to do with what a killed run left half-written. Default throw. */
  readonly damaged?: 'throw' | 'skip';
}

const CONCURRENCY = 16;

/**
 * Which parent each chunk holds, in the order of the chunks: from the group's list of parents; where there is none, from the
 * first id of every chunk of `cell_ids` that exists, or the chunks of variables that exist in a full-sphere group. Throws
 * `damaged-store` when a chunk does not begin with a parent's first cell, or a parent has two chunks; `damaged-chunk` when
 * one cannot be decoded.
 */
export async function readParents(store: ObjectStore, group: StoredGroup, options: ReadParentsOptions = {}): Promise<readonly ParentChunk[]> {
  const listed = await listedParents(store, group, options);
  if (listed) return listed;
  return group.cellIds ? fromIds(store, group, group.cellIds, options) : fromChunks(store, group, options);
}

async function listedParents(store: ObjectStore, { childOrder, form }: StoredGroup, options: ReadParentsOptions): Promise<readonly ParentChunk[] | undefined> {
  try {
    const records = await readParentRecords(store, childOrder, options);
    return records?.map(({ parent }, i) => ({ index: form === 'full-sphere' ? Number(parent) : i, parent }));
  } catch (error) {
    if (options.damaged === 'skip' && error instanceof MaggError && error.tag === 'damaged-store') return undefined;
    throw error;
  }
}

async function fromChunks(store: ObjectStore, group: StoredGroup, options: Abortable): Promise<readonly ParentChunk[]> {
  const indexes = new Set<number>();
  for (const variable of group.variables) for (const index of await writtenChunks(store, variable, options)) indexes.add(index);
  return [...indexes].sort((a, b) => a - b).map(index => ({ index, parent: BigInt(index) }));
}

async function fromIds(store: ObjectStore, { childOrder, parentOrder, chunks }: StoredGroup, cellIds: StoredArray, options: ReadParentsOptions): Promise<readonly ParentChunk[]> {
  const limiter = new Limiter(CONCURRENCY);
  const cells = 4 ** (childOrder - parentOrder);
  const perChunk = cellIds.chunkCells / cells;
  const limit = 12n << BigInt(2 * childOrder);
  const indexes = await writtenChunks(store, cellIds, options);
  const found = await Promise.all(indexes.map(index => limiter.run(async () => {
    let first: readonly bigint[];
    try {
      first = await firstIds(store, cellIds, index, cells, options);
    } catch (error) {
      if (options.damaged !== 'skip' || !(error instanceof MaggError) || error.tag !== 'damaged-chunk') throw error;
      return [];
    }
    return first.slice(0, chunks - index * perChunk).map((id, i) => {
      if (id < 0n || id >= limit || id % BigInt(cells) !== 0n) {
        throw new MaggError('damaged-store', `expected chunk ${index} of ${cellIds.path} in ${store.name} to begin with the first cell of a parent of order ${parentOrder}, found ${id}`);
      }
      return { index: index * perChunk + i, parent: id / BigInt(cells) };
    });
  })));
  const seen = new Map<bigint, number>();
  for (const { index, parent } of found.flat()) {
    const before = seen.get(parent);
    if (before !== undefined) {
      throw new MaggError('damaged-store', `chunks ${before} and ${index} of ${cellIds.path} in ${store.name} hold the same parent, ${parent} of order ${parentOrder}`);
    }
    seen.set(parent, index);
  }
  return found.flat();
}

/** The first id of each parent in a chunk; none when it has vanished. */
async function firstIds(store: ObjectStore, cellIds: StoredArray, index: number, cells: number, options: ReadChunkOptions): Promise<readonly bigint[]> {
  const values = await readChunk(store, cellIds, index, options);
  return values ? Array.from({ length: cellIds.chunkCells / cells }, (_, i) => BigInt(values[i * cells]!)) : [];
}
