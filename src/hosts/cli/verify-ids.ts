import { fillCellIds, fillMortonDecimals, fillMortonWords } from '../../grid/index.js';
import type { ObjectStore } from '../../io/index.js';
import { readChunk, type ChunkValues, type ReadChunkOptions, type StoredArray, type StoredGroup } from '../../zarr/index.js';

/** The ids that the cells of a parent must have, in their order. */
type FillIds = (parent: bigint, parentOrder: number, childOrder: number, length: number) => BigInt64Array | BigUint64Array;

const cellIdsOf: FillIds = (parent, parentOrder, childOrder, length) => fillCellIds(parent, parentOrder, childOrder, new BigUint64Array(length));
const decimalsOf: FillIds = (parent, parentOrder, childOrder, length) => fillMortonDecimals(parent, parentOrder, childOrder, new BigInt64Array(length));
const wordsOf: FillIds = (parent, parentOrder, childOrder, length) => fillMortonWords(parent, parentOrder, childOrder, new BigUint64Array(length));

/** The id coordinates of a group; a chunk of them may hold several parents, and is kept until another one is wanted. */
export class IdArrays {
  readonly #store: ObjectStore;
  readonly #group: StoredGroup;
  readonly #options: ReadChunkOptions;
  readonly #kept = new Map<string, { readonly chunk: number; readonly values: ChunkValues | undefined }>();

  constructor(store: ObjectStore, group: StoredGroup, options: ReadChunkOptions) {
    this.#store = store;
    this.#group = group;
    this.#options = options;
  }

  /** What is wrong with the ids of the parent whose cells are the `index`-th: array and sentence. Throws `damaged-chunk`. */
  async problems(index: number, parent: bigint): Promise<readonly { readonly array: StoredArray; readonly what: string }[]> {
    const { cellIds, morton } = this.#group;
    const found = [];
    for (const [array, fill] of [[cellIds, cellIdsOf], [morton, morton?.dtype === 'uint64' ? wordsOf : decimalsOf]] as const) {
      const what = array && (await this.#compare(array, fill, index, parent));
      if (what !== undefined) found.push({ array: array!, what });
    }
    return found;
  }

  async #compare(array: StoredArray, fill: FillIds, index: number, parent: bigint): Promise<string | undefined> {
    const { childOrder, parentOrder } = this.#group;
    const length = 4 ** (childOrder - parentOrder);
    const perChunk = array.chunkCells / length;
    const values = await this.#chunk(array, Math.floor(index / perChunk));
    const expected = fill(parent, parentOrder, childOrder, length);
    const from = (index % perChunk) * length;
    for (let i = 0; i < length; i++) {
      const id = values ? values[from + i] : array.fillValue;
      // Older stores have cell_ids of int64: the same numbers.
      if (BigInt(id!) !== expected[i]) return `has ${id} where the id of a cell must be ${expected[i]}`;
    }
    return undefined;
  }

  async #chunk(array: StoredArray, chunk: number): Promise<ChunkValues | undefined> {
    const kept = this.#kept.get(array.path);
    if (kept?.chunk === chunk) return kept.values;
    const values = await readChunk(this.#store, array, chunk, this.#options);
    this.#kept.set(array.path, { chunk, values });
    return values;
  }
}
