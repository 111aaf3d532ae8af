import { throwIfAborted } from '../../base/index.js';
import type { ObjectStore } from '../../io/index.js';
import { filledArray, readChunk, type ChunkValues, type ParentChunk, type ReadChunkOptions, type StoredArray, type StoredGroup } from '../../zarr/index.js';
import { holdsNothing, isZero } from './compare-values.js';

/** The parents of one store, cut into cells of an order that both stores have. */
export class UnitReader {
  readonly #store: ObjectStore;
  readonly #options: ReadChunkOptions;
  readonly #shift: bigint;
  readonly #places: ReadonlyMap<bigint, number>;
  readonly #kept = new Map<string, { readonly index: number; readonly values: ChunkValues }>();

  /** @param order of the units, at least that of the group's parents */
  constructor(store: ObjectStore, group: StoredGroup, parents: readonly ParentChunk[], order: number, options: ReadChunkOptions) {
    this.#store = store;
    this.#options = options;
    this.#shift = BigInt(2 * (order - group.parentOrder));
    this.#places = new Map(parents.map(({ parent, index }) => [parent, index]));
  }

  /** Nested ids of all units, in the order in which they stand. */
  units(): readonly bigint[] {
    const count = 1n << this.#shift;
    if (count === 1n) return [...this.#places.keys()];
    return [...this.#places.keys()].flatMap(parent => Array.from({ length: Number(count) }, (_, i) => (parent << this.#shift) + BigInt(i)));
  }

  /** Those of `units` with data: without, it is no matter whether a store has them. */
  async withData(variables: readonly StoredArray[], units: readonly bigint[], signal: AbortSignal): Promise<readonly bigint[]> {
    const found: bigint[] = [];
    for (const unit of units) {
      throwIfAborted(signal);
      if (await this.hasData(variables, unit)) found.push(unit);
    }
    return found;
  }

  /**
   * Nothing but missing values is no data; and where units are parts of parents, nothing but zeros, which is what counts and histograms hold in
   * cells without rows beside others.
   */
  async hasData(variables: readonly StoredArray[], unit: bigint): Promise<boolean> {
    for (const array of variables) {
      const values = await this.read(array, unit);
      if (!holdsNothing({ values, fillValue: array.fillValue }) && !(this.#shift > 0n && isZero(values))) return true;
    }
    return false;
  }

  /** Values of a variable in one unit; the chunk is kept, since the next unit may be in it too. */
  async read(array: StoredArray, unit: bigint): Promise<ChunkValues> {
    const index = this.#places.get(unit >> this.#shift)!;
    const kept = this.#kept.get(array.path);
    const values = kept?.index === index ? kept.values : ((await readChunk(this.#store, array, index, this.#options)) ?? filledArray(array.dtype, array.chunkCells * array.width, array.fillValue));
    if (this.#shift === 0n) return values;
    this.#kept.set(array.path, { index, values });
    const length = values.length / 2 ** Number(this.#shift);
    const place = Number(unit - ((unit >> this.#shift) << this.#shift));
    return values.subarray(place * length, (place + 1) * length);
  }
}
