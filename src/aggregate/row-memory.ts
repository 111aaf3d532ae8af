/** Memory for the rows and runs of blocks. The arrays stay valid until the owner of the memory uses it again. */
export interface RowMemory {
  /** `length` numbers of any content. */
  float32(length: number): Float32Array;
  /** `length` numbers of any content. */
  float64(length: number): Float64Array;
  /** `length` numbers of any content. */
  int32(length: number): Int32Array;
  /** `length` zeros. */
  zeros(length: number): Uint8Array;
}

/** Gives memory of `bytes` zeros: shared between threads where the host can. */
export type Allocate = (bytes: number) => ArrayBufferLike;

/**
 * Rows one after the other in few large slabs, which are used again as a whole. Dropped shared memory is hardly ever
 * collected: rows that come and go need memory that stays.
 */
export class RowArena implements RowMemory {
  readonly #allocate: Allocate;
  readonly #slabBytes: number;
  readonly #slabs: ArrayBufferLike[] = [];
  /** The slab in use, which is number `#index`, and how many bytes of it and of those before it are taken. */
  #slab: ArrayBufferLike = new ArrayBuffer(0);
  #index = -1;
  #taken = 0;
  #before = 0;
  #isFresh = true;

  /** @param slabBytes of one slab, positive; a longer array gets a slab of its own */
  constructor(allocate: Allocate, slabBytes: number) {
    this.#allocate = allocate;
    this.#slabBytes = slabBytes;
  }

  /** Bytes in use, ends of slabs that stayed empty included. */
  get usedBytes(): number {
    return this.#before + this.#taken;
  }

  float32(length: number): Float32Array {
    const from = this.#take(4 * length);
    return new Float32Array(this.#slab, from, length);
  }

  float64(length: number): Float64Array {
    const from = this.#take(8 * length);
    return new Float64Array(this.#slab, from, length);
  }

  int32(length: number): Int32Array {
    const from = this.#take(4 * length);
    return new Int32Array(this.#slab, from, length);
  }

  zeros(length: number): Uint8Array {
    const from = this.#take(length);
    const bytes = new Uint8Array(this.#slab, from, length);
    return this.#isFresh ? bytes : bytes.fill(0);
  }

  /** Gives all memory free: what was handed out will be written over. */
  reset(): void {
    this.#slab = new ArrayBuffer(0);
    this.#index = -1;
    this.#taken = 0;
    this.#before = 0;
    this.#isFresh = false;
  }

  /** Makes the next `bytes` the last ones taken of the slab in use; returns where they begin. */
  #take(bytes: number): number {
    const need = Math.ceil(bytes / 8) * 8;
    if (this.#taken + need > this.#slab.byteLength) {
      this.#before += this.#slab.byteLength;
      this.#taken = 0;
      this.#index++;
      const next = this.#slabs[this.#index];
      if (next && next.byteLength >= need) this.#slab = next;
      else {
        this.#slab = this.#allocate(Math.max(need, this.#slabBytes));
        this.#slabs.splice(this.#index, 0, this.#slab);
      }
    }
    const from = this.#taken;
    this.#taken += need;
    return from;
  }
}
