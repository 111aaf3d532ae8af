import type { Abortable } from '../base/index.js';
import { fillCellIds, fillMortonDecimals, fillMortonWords } from '../grid/index.js';
import type { ObjectStore } from '../io/index.js';
import type { ChunkEncoders } from './codecs.js';
import { holdsType, type ChunkValues } from './data-types.js';
import { assertLayout, cellsPerChunk, type StoreLayout } from './layout.js';

/** Writes the chunks of one group. Safe to call for several chunks at once. */
export interface ChunkWriter {
  /**
   * Writes one chunk of every variable, in the order of the layout's variables, each with a value per child cell in
   * nested order. The arrays may be used again once the promise settles.
   */
  writeVariables(index: number, values: readonly ChunkValues[], options?: Abortable): Promise<void>;
  /** Removes the chunk of every variable, so that its cells read as the fill value; the ids stay. */
  eraseVariables(index: number): Promise<void>;
  /** Writes the chunk of `cell_ids` and `morton`; due for every parent, with data or not. */
  writeIds(index: number, options?: Abortable): Promise<void>;
}

interface IdScratch {
  readonly cellIds: BigUint64Array;
  readonly morton: BigInt64Array | BigUint64Array;
}

/**
 * A writer for the chunks of a layout whose template stands in the store. `codecs` is asked only when the layout
 * compresses. Throws `bad-layout`.
 */
export function createChunkWriter(store: ObjectStore, layout: StoreLayout, codecs: ChunkEncoders): ChunkWriter {
  assertLayout(layout);
  const { parents, parentOrder, childOrder, variables, compression, mortonDtype } = layout;
  const cells = cellsPerChunk(layout);
  const prefixes = variables.map(v => `${childOrder}/${v.name}/c/`);
  const free: IdScratch[] = [];

  const put = async (key: string, values: ChunkValues, options: Abortable | undefined): Promise<void> => {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    switch (compression) {
      case 'none':
        return store.put(key, bytes, options);
      case 'gzip':
        return store.put(key, await codecs.gzip(bytes), options);
      case 'zstd':
        return store.put(key, await codecs.zstd(bytes), options);
    }
  };
  const assertIndex = (index: number): void => {
    if (!Number.isInteger(index) || index < 0 || index >= parents.length) throw new RangeError(`expected a chunk from 0 to ${parents.length - 1}, found ${index}`);
  };

  return {
    async writeVariables(index, values, options) {
      assertIndex(index);
      if (values.length !== variables.length) throw new RangeError(`expected ${variables.length} arrays, found ${values.length}`);
      values.forEach((array, i) => {
        const { name, dtype } = variables[i]!;
        if (array.length !== cells || !holdsType(array, dtype)) {
          throw new RangeError(`expected ${cells} values of ${dtype} for ${name}, found ${array.length} in ${array.constructor.name}`);
        }
      });
      await settleAll(values.map((array, i) => put(prefixes[i]! + index, array, options)));
    },
    async eraseVariables(index) {
      assertIndex(index);
      await settleAll(prefixes.map(prefix => store.delete(prefix + index)));
    },
    async writeIds(index, options) {
      assertIndex(index);
      const scratch = free.pop() ?? {
        cellIds: new BigUint64Array(cells),
        morton: mortonDtype === 'int64' ? new BigInt64Array(cells) : new BigUint64Array(cells)
      };
      try {
        const parent = parents[index]!;
        fillCellIds(parent, parentOrder, childOrder, scratch.cellIds);
        if (scratch.morton instanceof BigInt64Array) fillMortonDecimals(parent, parentOrder, childOrder, scratch.morton);
        else fillMortonWords(parent, parentOrder, childOrder, scratch.morton);
        await settleAll([
          put(`${childOrder}/cell_ids/c/${index}`, scratch.cellIds, options),
          put(`${childOrder}/morton/c/${index}`, scratch.morton, options)
        ]);
      } finally {
        free.push(scratch);
      }
    }
  };
}

/** Waits for every write, also after one has failed: the caller uses the memory again. */
async function settleAll(writes: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(writes)) if (result.status === 'rejected') throw result.reason;
}
