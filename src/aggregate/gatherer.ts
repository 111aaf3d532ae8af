import type { CellRows, ColumnValues } from './cell-rows.js';
import type { GroupedRuns } from './group-runs.js';
import { RUN_STRIDE, type RowBlock } from './row-block.js';

/**
 * Brings the rows of one parent together, ordered by child cell. Keeps its memory between parents; what `gather`
 * returns is valid until the next call.
 */
export class Gatherer {
  readonly #cells: number;
  readonly #first: Int32Array;
  readonly #next: Int32Array;
  readonly #columns: ColumnValues[] = [];
  readonly #masks: Uint8Array[] = [];

  /** @param cells child cells of a parent, 4^levels */
  constructor(cells: number) {
    this.#cells = cells;
    this.#first = new Int32Array(cells + 1);
    this.#next = new Int32Array(cells);
  }

  /** `used` are the columns to gather; the others get empty arrays. */
  gather(place: number, grouped: GroupedRuns, blocks: readonly RowBlock[], used: readonly number[], columnCount: number): CellRows {
    const { data } = grouped;
    const from = RUN_STRIDE * grouped.start[place]!;
    const to = RUN_STRIDE * grouped.start[place + 1]!;
    const first = this.#first;
    const next = this.#next;
    first.fill(0);
    for (let r = from; r < to; r += RUN_STRIDE) first[data[r]! + 1]! += data[r + 3]!;
    for (let c = 0; c < this.#cells; c++) first[c + 1]! += first[c]!;
    const rows = first[this.#cells]!;
    const columns: ColumnValues[] = new Array<ColumnValues>(columnCount).fill(NO_VALUES);
    const missing: (Uint8Array | undefined)[] = new Array<Uint8Array | undefined>(columnCount).fill(undefined);
    for (const k of used) {
      const inputs = blocks.map(block => block.columns[k]!);
      const target = (columns[k] = this.#column(k, rows, inputs.every(isFloat32)));
      next.set(first.subarray(0, this.#cells));
      copyRuns(data, from, to, inputs, next, target);
      if (anyMissing(data, from, to, blocks, k)) {
        const mask = (missing[k] = this.#mask(k, rows));
        next.set(first.subarray(0, this.#cells));
        copyMasks(data, from, to, blocks, k, next, mask);
      }
    }
    return { cells: this.#cells, first, columns, missing };
  }

  #column(k: number, rows: number, float32: boolean): ColumnValues {
    const have = this.#columns[k];
    if (have && have.length >= rows && isFloat32(have) === float32) return have;
    const length = Math.ceil(rows * 1.25) + 1024;
    return (this.#columns[k] = float32 ? new Float32Array(length) : new Float64Array(length));
  }

  #mask(k: number, rows: number): Uint8Array {
    const have = this.#masks[k];
    if (have && have.length >= rows) return have;
    return (this.#masks[k] = new Uint8Array(Math.ceil(rows * 1.25) + 1024));
  }
}

const NO_VALUES = new Float32Array(0);
const isFloat32 = (values: ColumnValues): boolean => values instanceof Float32Array;

function copyRuns(data: Int32Array, from: number, to: number, inputs: readonly ColumnValues[], next: Int32Array, target: ColumnValues): void {
  for (let r = from; r < to; r += RUN_STRIDE) {
    const input = inputs[data[r + 1]!]!;
    const start = data[r + 2]!;
    const end = start + data[r + 3]!;
    let at = next[data[r]!]!;
    for (let i = start; i < end; i++) target[at++] = input[i]!;
    next[data[r]!] = at;
  }
}

function anyMissing(data: Int32Array, from: number, to: number, blocks: readonly RowBlock[], k: number): boolean {
  for (let r = from; r < to; r += RUN_STRIDE) {
    const mask = blocks[data[r + 1]!]!.missing[k];
    if (!mask) continue;
    const start = data[r + 2]!;
    if (mask.subarray(start, start + data[r + 3]!).includes(1)) return true;
  }
  return false;
}

function copyMasks(data: Int32Array, from: number, to: number, blocks: readonly RowBlock[], k: number, next: Int32Array, target: Uint8Array): void {
  for (let r = from; r < to; r += RUN_STRIDE) {
    const mask = blocks[data[r + 1]!]!.missing[k];
    const start = data[r + 2]!;
    const rows = data[r + 3]!;
    const at = next[data[r]!]!;
    if (mask) target.set(mask.subarray(start, start + rows), at);
    else target.fill(0, at, at + rows);
    next[data[r]!] = at + rows;
  }
}
