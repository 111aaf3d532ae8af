import type { CellRows, ColumnValues } from './cell-rows.js';
import { GatheredColumns, isFloat32, NO_VALUES } from './gathered-columns.js';
import type { GroupedRuns } from './group-runs.js';
import { RUN_STRIDE, type RowBlock } from './row-block.js';

/**
 * Brings the rows of one parent together, ordered by child cell, all at once. Keeps its memory between parents; what `gather`
 * returns is valid until the next call.
 */
export class Gatherer {
  readonly #cells: number;
  readonly #first: Int32Array;
  readonly #next: Int32Array;
  readonly #memory: GatheredColumns;
  readonly #shift: number;

  /**
   * @param cells cells of a parent, 4^levels
   * @param shift bits by which the child index of a run is more than that of such a cell: above 0 for cells of a coarser order
   */
  constructor(cells: number, memory = new GatheredColumns(), shift = 0) {
    this.#cells = cells;
    this.#first = new Int32Array(cells + 1);
    this.#next = new Int32Array(cells);
    this.#memory = memory;
    this.#shift = shift;
  }

  /** `used` are the columns to gather; the others get empty arrays. */
  gather(place: number, grouped: GroupedRuns, blocks: readonly RowBlock[], used: readonly number[], columnCount: number): CellRows {
    const { data } = grouped;
    const shift = this.#shift;
    const from = RUN_STRIDE * grouped.start[place]!;
    const to = RUN_STRIDE * grouped.start[place + 1]!;
    const first = this.#first;
    const next = this.#next;
    first.fill(0);
    for (let r = from; r < to; r += RUN_STRIDE) first[(data[r]! >> shift) + 1]! += data[r + 3]!;
    for (let c = 0; c < this.#cells; c++) first[c + 1]! += first[c]!;
    const rows = first[this.#cells]!;
    const columns: ColumnValues[] = new Array<ColumnValues>(columnCount).fill(NO_VALUES);
    const missing: (Uint8Array | undefined)[] = new Array<Uint8Array | undefined>(columnCount).fill(undefined);
    for (const k of used) {
      const inputs = blocks.map(block => block.columns[k]!);
      const target = (columns[k] = this.#memory.column(k, rows, inputs.every(isFloat32)));
      next.set(first.subarray(0, this.#cells));
      copyRuns(data, from, to, shift, inputs, next, target);
      if (anyMissing(data, from, to, blocks, k)) {
        const mask = (missing[k] = this.#memory.mask(k, rows));
        next.set(first.subarray(0, this.#cells));
        copyMasks(data, from, to, shift, blocks, k, next, mask);
      }
    }
    return { cells: this.#cells, first, columns, missing };
  }
}

/** Rows of the parent at `place`. */
export function rowsOf({ start, data }: GroupedRuns, place: number): number {
  let rows = 0;
  for (let r = RUN_STRIDE * start[place]!; r < RUN_STRIDE * start[place + 1]!; r += RUN_STRIDE) rows += data[r + 3]!;
  return rows;
}

function copyRuns(data: Int32Array, from: number, to: number, shift: number, inputs: readonly ColumnValues[], next: Int32Array, target: ColumnValues): void {
  for (let r = from; r < to; r += RUN_STRIDE) {
    const input = inputs[data[r + 1]!]!;
    const cell = data[r]! >> shift;
    const start = data[r + 2]!;
    const end = start + data[r + 3]!;
    let at = next[cell]!;
    for (let i = start; i < end; i++) target[at++] = input[i]!;
    next[cell] = at;
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

function copyMasks(
  data: Int32Array, from: number, to: number, shift: number, blocks: readonly RowBlock[], k: number, next: Int32Array, target: Uint8Array
): void {
  for (let r = from; r < to; r += RUN_STRIDE) {
    const mask = blocks[data[r + 1]!]!.missing[k];
    const cell = data[r]! >> shift;
    const start = data[r + 2]!;
    const rows = data[r + 3]!;
    const at = next[cell]!;
    if (mask) target.set(mask.subarray(start, start + rows), at);
    else target.fill(0, at, at + rows);
    next[cell] = at + rows;
  }
}
