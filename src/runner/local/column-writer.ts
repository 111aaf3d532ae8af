import type { ColumnValues, RowMemory } from '../../aggregate/index.js';
import type { Hdf5Dataset, NumericArray } from '../../hdf5/index.js';

/** What a column is made of: a dataset, or numbers that were computed. */
export type ColumnKind = Pick<Hdf5Dataset, 'type' | 'fillValue'>;

/** Let columns. */
export const COMPUTED: ColumnKind = { type: 'float64', fillValue: undefined };

/**
 * Collects the kept rows of one column, and which of them are missing. float32 datasets stay float32, all others are
 * widened to float64 (integers beyond 2^53 round).
 */
export class ColumnWriter {
  readonly values: ColumnValues;
  readonly #fill: number | bigint | undefined;
  readonly #memory: RowMemory;
  #mask: Uint8Array | undefined;
  #hasMissing = false;
  #at = 0;

  /** @param capacity most rows that will come; they stand in `memory` */
  constructor({ type, fillValue }: ColumnKind, capacity: number, memory: RowMemory) {
    const float32 = type === 'float32';
    this.#memory = memory;
    this.values = float32 ? memory.float32(capacity) : memory.float64(capacity);
    if (type === 'int64' || type === 'uint64') this.#fill = fillValue === undefined ? undefined : BigInt(fillValue);
    else if (fillValue !== undefined) this.#fill = float32 ? Math.fround(Number(fillValue)) : Number(fillValue);
  }

  /** 1 where a row has no value: it holds the fill value, or nothing. Undefined when every row has one. */
  get missing(): Uint8Array | undefined {
    return this.#hasMissing ? this.#mask : undefined;
  }

  /** Appends the rows `kept[0 .. count)` of `input`; those with `absent` 1 have no value. */
  append(input: NumericArray, kept: Int32Array, count: number, absent?: Uint8Array): void {
    const { values } = this;
    const at = this.#at;
    if (input instanceof BigInt64Array || input instanceof BigUint64Array) {
      for (let i = 0; i < count; i++) {
        const value = input[kept[i]!]!;
        values[at + i] = Number(value);
        if (value === this.#fill) this.#mark(at + i);
      }
    } else if (count === input.length) values.set(input, at);
    else if (input instanceof Float32Array) copyFloat32(input, kept, count, values, at);
    else for (let i = 0; i < count; i++) values[at + i] = input[kept[i]!]!;
    if (typeof this.#fill === 'number') this.#markFill(this.#fill, at, at + count);
    if (absent) for (let i = 0; i < count; i++) if (absent[kept[i]!] === 1) this.#mark(at + i);
    this.#at = at + count;
  }

  /** Forgets all rows, so that others can come. */
  restart(): void {
    this.#at = 0;
    if (this.#hasMissing) this.#mask!.fill(0);
    this.#hasMissing = false;
  }

  #markFill(fill: number, from: number, to: number): void {
    const { values } = this;
    const isNaNFill = Number.isNaN(fill);
    for (let i = from; i < to; i++) {
      const value = values[i]!;
      if (value === fill || (isNaNFill && value !== value)) this.#mark(i);
    }
  }

  #mark(row: number): void {
    this.#mask ??= this.#memory.zeros(this.values.length);
    this.#mask[row] = 1;
    this.#hasMissing = true;
  }
}

/** A loop of its own: it is the one that real granules take, and stays compiled for one kind of array. */
function copyFloat32(input: Float32Array, kept: Int32Array, count: number, values: ColumnValues, at: number): void {
  for (let i = 0; i < count; i++) values[at + i] = input[kept[i]!]!;
}
