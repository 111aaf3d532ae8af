export const NO_FLOATS: Float64Array = new Float64Array(0);
export const NO_INTEGERS: Int32Array = new Int32Array(0);
export const NO_BYTES: Uint8Array = new Uint8Array(0);

/** `have` if it holds `length` numbers, else a new array with room for more; the content is lost. */
export function roomyFloats(have: Float64Array, length: number): Float64Array {
  return have.length >= length ? have : new Float64Array(roomy(length));
}

/** As {@link roomyFloats}. */
export function roomyIntegers(have: Int32Array, length: number): Int32Array {
  return have.length >= length ? have : new Int32Array(roomy(length));
}

/** As {@link roomyFloats}. */
export function roomyBytes(have: Uint8Array, length: number): Uint8Array {
  return have.length >= length ? have : new Uint8Array(roomy(length));
}

function roomy(length: number): number {
  return Math.ceil(length * 1.25) + 64;
}

/** Row vectors that programs use one after the other. */
export class RowPool {
  readonly #buffers: Float64Array[] = [];

  /** Buffer number `index` with room for `rows` numbers. */
  buffer(index: number, rows: number): Float64Array {
    return (this.#buffers[index] = roomyFloats(this.#buffers[index] ?? NO_FLOATS, rows));
  }
}
