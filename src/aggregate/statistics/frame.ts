import type { CellRows } from '../cell-rows.js';
import type { CellBlock } from './cell-blocks.js';
import { NO_FLOATS, NO_INTEGERS, roomyFloats, roomyIntegers } from './scratch.js';

/** Rows in cells, without the empty cells: cell number k of the frame is `cells[k]` of the parent. */
export interface RowGroups {
  /** Number of cells. */
  readonly count: number;
  /** Rows of cell k are `starts[k]` to `starts[k + 1]`, exclusive. */
  readonly starts: Int32Array;
  readonly rows: number;
}

/**
 * What one program computes on: the rows of some cells of a parent in which none of some columns is missing, cells without any
 * row left out, values widened to float64. Keeps its memory from one to the next.
 */
export class Frame implements RowGroups {
  count = 0;
  rows = 0;
  /** Rows of the longest cell. */
  longest = 0;
  starts = NO_INTEGERS;
  /** Indices of the cells in the parent. */
  cells = NO_INTEGERS;
  #picks = NO_INTEGERS;
  #columns: Float64Array[] = [];
  #source: CellRows | undefined;
  /** First row of the source that may be in the frame. */
  #from = 0;
  #isCompacted = false;
  readonly #ready = new Set<number>();
  readonly #own: Float64Array[] = [];

  /** Takes the rows of the cells of `block` in which no column of `needed` is missing. */
  load(source: CellRows, block: CellBlock, needed: readonly number[]): void {
    this.#source = source;
    this.#from = source.first[block.from]!;
    this.#ready.clear();
    const cells = block.to - block.from;
    this.cells = roomyIntegers(this.cells, cells);
    this.starts = roomyIntegers(this.starts, cells + 1);
    const masks = needed.flatMap(column => source.missing[column] ?? []);
    this.#isCompacted = masks.length > 0;
    if (this.#isCompacted) this.#loadPresent(source, block, masks);
    else this.#loadAll(source, block);
    let longest = 0;
    for (let k = 0; k < this.count; k++) longest = Math.max(longest, this.starts[k + 1]! - this.starts[k]!);
    this.longest = longest;
  }

  /** Values of a column in the rows of the frame; at least `rows` long, not to be written to. */
  column(column: number): Float64Array {
    if (this.#ready.has(column)) return this.#columns[column]!;
    const values = this.#source!.columns[column]!;
    this.#ready.add(column);
    const from = this.#from;
    if (values instanceof Float64Array && !this.#isCompacted) return (this.#columns[column] = from === 0 ? values : values.subarray(from));
    const own = (this.#own[column] = roomyFloats(this.#own[column] ?? NO_FLOATS, this.rows));
    if (this.#isCompacted) for (let i = 0; i < this.rows; i++) own[i] = values[this.#picks[i]!]!;
    else if (values instanceof Float32Array) widen(own, values, from, this.rows);
    return (this.#columns[column] = own);
  }

  #loadAll({ first }: CellRows, { from, to }: CellBlock): void {
    const { cells, starts } = this;
    const base = this.#from;
    let count = 0;
    for (let c = from; c < to; c++) {
      cells[count] = c;
      starts[count] = first[c]! - base;
      if (first[c + 1] !== first[c]) count++;
    }
    this.#end(count, first[to]! - base);
  }

  #loadPresent({ first }: CellRows, { from, to }: CellBlock, masks: readonly Uint8Array[]): void {
    const rows = first[to]! - this.#from;
    const picks = (this.#picks = roomyIntegers(this.#picks, rows));
    let count = 0;
    let kept = 0;
    for (let c = from; c < to; c++) {
      const before = kept;
      this.cells[count] = c;
      this.starts[count] = kept;
      for (let i = first[c]!; i < first[c + 1]!; i++) {
        picks[kept] = i;
        if (isPresent(masks, i)) kept++;
      }
      if (kept !== before) count++;
    }
    this.#end(count, kept);
  }

  #end(count: number, rows: number): void {
    this.count = count;
    this.starts[count] = rows;
    this.rows = rows;
  }
}

function isPresent(masks: readonly Uint8Array[], row: number): boolean {
  for (const mask of masks) if (mask[row] !== 0) return false;
  return true;
}

function widen(out: Float64Array, values: Float32Array, from: number, n: number): void {
  for (let i = 0; i < n; i++) out[i] = values[from + i]!;
}
