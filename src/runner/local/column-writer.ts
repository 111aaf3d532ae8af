import type { ColumnValues, RowMemory } from '../../aggregate/index.js';
import type { Hdf5Dataset, NumericArray } from '../../hdf5/index.js';

/**
 * Collects the kept rows of one column, and which of them are missing. float32 datasets stay float32, all others are
 * widened to float64 (integers beyond 2^53 round).
 */
export class ColumnWriter {
  readonly values: ColumnValues;
  readonly #fill: number | undefined;
  readonly #memory: RowMemory;
  #missing: Uint8Array | undefined;
  #at = 0;

  /** @param capacity most rows that will come; they stand in `memory` */
  constructor(dataset: Hdf5Dataset, capacity: number, memory: RowMemory) {
    const float32 = dataset.type === 'float32';
    this.#memory = memory;
    this.values = float32 ? memory.float32(capacity) : memory.float64(capacity);
    const fill = dataset.fillValue === undefined ? undefined : Number(dataset.fillValue);
    this.#fill = fill === undefined ? undefined : float32 ? Math.fround(fill) : fill;
  }

  /** 1 where a row holds the fill value; undefined when none does. */
  get missing(): Uint8Array | undefined {
    return this.#missing;
  }

  /** Appends the rows `kept[0 .. count)` of `input`. */
  append(input: NumericArray, kept: Int32Array, count: number): void {
    const { values } = this;
    const at = this.#at;
    if (input instanceof BigInt64Array || input instanceof BigUint64Array) {
      for (let i = 0; i < count; i++) values[at + i] = Number(input[kept[i]!]);
    } else if (count === input.length) values.set(input, at);
    else if (input instanceof Float32Array) copyFloat32(input, kept, count, values, at);
    else for (let i = 0; i < count; i++) values[at + i] = input[kept[i]!]!;
    if (this.#fill !== undefined) this.#mark(this.#fill, at, at + count);
    this.#at = at + count;
  }

  #mark(fill: number, from: number, to: number): void {
    const { values } = this;
    const isNaNFill = Number.isNaN(fill);
    for (let i = from; i < to; i++) {
      const value = values[i]!;
      if (value !== fill && !(isNaNFill && value !== value)) continue;
      this.#missing ??= this.#memory.zeros(values.length);
      this.#missing[i] = 1;
    }
  }
}

/** A loop of its own: it is the one that real granules take, and stays compiled for one kind of array. */
function copyFloat32(input: Float32Array, kept: Int32Array, count: number, values: ColumnValues, at: number): void {
  for (let i = 0; i < count; i++) values[at + i] = input[kept[i]!]!;
}
