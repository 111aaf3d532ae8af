import type { ColumnValues } from './cell-rows.js';

/** Arrays for the rows of one parent after the other; they grow and are used again. */
export class GatheredColumns {
  readonly #columns: ColumnValues[] = [];
  readonly #masks: Uint8Array[] = [];

  /** Room for `rows` values of column `k`, of any content. */
  column(k: number, rows: number, float32: boolean): ColumnValues {
    const have = this.#columns[k];
    if (have && have.length >= rows && isFloat32(have) === float32) return have;
    return (this.#columns[k] = float32 ? new Float32Array(roomy(rows)) : new Float64Array(roomy(rows)));
  }

  /** Room for `rows` marks of column `k`, of any content. */
  mask(k: number, rows: number): Uint8Array {
    const have = this.#masks[k];
    if (have && have.length >= rows) return have;
    return (this.#masks[k] = new Uint8Array(roomy(rows)));
  }
}

export const NO_VALUES = new Float32Array(0);
export const isFloat32 = (values: ColumnValues): boolean => values instanceof Float32Array;
const roomy = (rows: number): number => Math.ceil(rows * 1.25) + 1024;
