import type { Abortable } from '../base/index.js';
import { fillCellIds, fillMortonDecimals, fillMortonWords } from '../grid/index.js';
import type { ObjectStore } from '../io/index.js';
import { arraysOf, chunkKeyOf, chunkNumber } from './array-spec.js';
import { ChunkEncoder } from './chunk-codec.js';
import type { ChunkEncoders } from './codecs.js';
import { holdsType, type ChunkValues } from './data-types.js';
import { assertLayout, cellsPerChunk, type StoreLayout } from './layout.js';

/**
 * Writes the chunks of one group. Safe to call for several chunks at once. Parents are named by their place in the layout,
 * whatever number their chunk has.
 */
export interface ChunkWriter {
  /**
   * Writes one chunk of every variable, in the order of the layout's variables, each with a value per child cell in
   * nested order, or as many as it has bins. The arrays may be used again once the promise settles.
   */
  writeVariables(place: number, values: readonly ChunkValues[], options?: Abortable): Promise<void>;
  /** Removes the chunk of every variable, so that its cells read as the fill value; the ids stay. */
  eraseVariables(place: number): Promise<void>;
  /**
   * Writes the chunk of `cell_ids` and `morton`; due for every parent, with data or not. Does nothing where the template
   * has written the ids (overviews) or none are kept (full-sphere).
   */
  writeIds(place: number, options?: Abortable): Promise<void>;
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
  const { parents, childOrder } = layout;
  const cells = cellsPerChunk(layout);
  const arrays = arraysOf(layout).map(spec => ({ spec, encoder: new ChunkEncoder(spec, codecs) }));
  const variables = arrays.filter(({ spec }) => spec.role === 'variable');
  const ids = layout.overviewOf === undefined ? arrays.filter(({ spec }) => spec.role === 'ids') : [];
  const free: IdScratch[] = [];

  const put = ({ spec, encoder }: (typeof arrays)[number], place: number, values: ChunkValues, options: Abortable | undefined): Promise<void> =>
    encoder.encode(values, bytes => store.put(chunkKeyOf(childOrder, spec, chunkNumber(layout, place)), bytes, options));
  const assertPlace = (place: number): void => {
    if (!Number.isInteger(place) || place < 0 || place >= parents.length) throw new RangeError(`expected a chunk from 0 to ${parents.length - 1}, found ${place}`);
  };

  return {
    async writeVariables(place, values, options) {
      assertPlace(place);
      if (values.length !== variables.length) throw new RangeError(`expected ${variables.length} arrays, found ${values.length}`);
      values.forEach((array, i) => {
        const { name, dtype, width } = variables[i]!.spec;
        if (array.length !== cells * width || !holdsType(array, dtype)) {
          throw new RangeError(`expected ${cells * width} values of ${dtype} for ${name}, found ${array.length} in ${array.constructor.name}`);
        }
      });
      await settleAll(values.map((array, i) => put(variables[i]!, place, array, options)));
    },
    async eraseVariables(place) {
      assertPlace(place);
      await settleAll(variables.map(({ spec }) => store.delete(chunkKeyOf(childOrder, spec, chunkNumber(layout, place)))));
    },
    async writeIds(place, options) {
      assertPlace(place);
      const [cellIds, morton] = ids;
      if (!cellIds || !morton) return;
      const scratch = free.pop() ?? idScratch(layout, cells);
      try {
        fillIds(layout, place, scratch.cellIds, scratch.morton);
        await settleAll([put(cellIds, place, scratch.cellIds, options), put(morton, place, scratch.morton, options)]);
      } finally {
        free.push(scratch);
      }
    }
  };
}

/** Memory for the ids of `cells` cells, zeros. */
export function idScratch({ mortonDtype }: StoreLayout, cells: number): IdScratch {
  return { cellIds: new BigUint64Array(cells), morton: mortonDtype === 'int64' ? new BigInt64Array(cells) : new BigUint64Array(cells) };
}

/** Writes both ids of the cells of one parent; the arrays have just their length. */
export function fillIds({ parents, parentOrder, childOrder }: StoreLayout, place: number, cellIds: BigUint64Array, morton: BigInt64Array | BigUint64Array): void {
  const parent = parents[place]!;
  fillCellIds(parent, parentOrder, childOrder, cellIds);
  if (morton instanceof BigInt64Array) fillMortonDecimals(parent, parentOrder, childOrder, morton);
  else fillMortonWords(parent, parentOrder, childOrder, morton);
}

/** Waits for every write, also after one has failed: the caller uses the memory again. */
export async function settleAll(writes: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(writes)) if (result.status === 'rejected') throw result.reason;
}
