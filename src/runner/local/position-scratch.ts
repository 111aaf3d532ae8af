import type { FaceRows } from '../../grid/index.js';

/** Memory of one thread for the positions of a window of rows; grows, never shrinks. */
export class PositionScratch {
  #size = 0;
  #cells: FaceRows = { face: new Int32Array(0), x: new Int32Array(0), y: new Int32Array(0) };
  #rowIndexes = new Int32Array(0);
  #none = new Uint8Array(0);

  /** Arrays for at least `count` rows, valid until the next call. */
  reserve(count: number): { readonly cells: FaceRows; readonly rowIndexes: Int32Array } {
    if (count > this.#size) {
      this.#size = Math.max(count, 16_384);
      this.#cells = { face: new Int32Array(this.#size), x: new Int32Array(this.#size), y: new Int32Array(this.#size) };
      this.#rowIndexes = new Int32Array(this.#size);
    }
    return { cells: this.#cells, rowIndexes: this.#rowIndexes };
  }

  /** A mask of `count` zeros: no row is kept. */
  noRows(count: number): Uint8Array {
    if (count > this.#none.length) this.#none = new Uint8Array(count);
    return this.#none.subarray(0, count);
  }
}
