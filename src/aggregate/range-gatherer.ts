import { MaggError } from '../base/index.js';
import type { CellRows, ColumnValues } from './cell-rows.js';
import { NO_VALUES, type GatheredColumns } from './gathered-columns.js';
import { RUN_STRIDE } from './row-block.js';
import type { RowPart } from './row-part.js';

/** Consecutive cells of a parent. */
export interface CellRange {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** A range, and what is in it. */
export interface CountedRange extends CellRange {
  readonly rows: number;
}

/**
 * Brings the rows of one parent together range by range, from parts that come one after the other: never more than the rows
 * of one range stand in memory. Gives what a `Gatherer` gives for the whole parent. What `gather` returns is valid until
 * the next call.
 */
export class RangeGatherer {
  readonly #memory: GatheredColumns;
  #counts = new Float64Array(0);
  #first = new Int32Array(0);
  #next = new Int32Array(0);
  #targets = new Int32Array(0);
  #cells = 0;
  #shift = 0;

  constructor(memory: GatheredColumns) {
    this.#memory = memory;
  }

  /** Counts the rows of every cell. @param shift bits by which a child index is more than that of the wanted, coarser cell */
  count(parts: Iterable<RowPart>, cells: number, shift: number): { readonly rows: number; readonly filled: number } {
    if (cells > this.#counts.length) this.#counts = new Float64Array(cells);
    const counts = this.#counts.fill(0);
    this.#cells = cells;
    this.#shift = shift;
    for (const { data, from, to } of parts) for (let r = from; r < to; r += RUN_STRIDE) counts[data[r]! >> shift]! += data[r + 3]!;
    let rows = 0;
    let filled = 0;
    for (let c = 0; c < cells; c++) {
      rows += counts[c]!;
      if (counts[c] !== 0) filled++;
    }
    return { rows, filled };
  }

  /** All cells in ranges of at most `mostRows` rows; a cell with more is a range of its own. */
  *ranges(mostRows: number): Generator<CountedRange> {
    let from = 0;
    let rows = 0;
    for (let c = 0; c < this.#cells; c++) {
      if (c > from && rows + this.#counts[c]! > mostRows) {
        yield { from, to: c, rows };
        from = c;
        rows = 0;
      }
      rows += this.#counts[c]!;
    }
    yield { from, to: this.#cells, rows };
  }

  /**
   * The rows of a range, whose first cell is cell 0 of the result. `parts` are those that were counted. Only the columns
   * `used` are gathered; `float32` says which columns are float32 in every part of the run.
   */
  gather(parts: Iterable<RowPart>, { from, to }: CellRange, used: readonly number[], float32: readonly boolean[]): CellRows {
    const cells = to - from;
    const first = (this.#first = this.#first.length > cells ? this.#first : new Int32Array(cells + 1));
    const next = (this.#next = this.#next.length >= cells ? this.#next : new Int32Array(cells));
    let rows = 0;
    for (let c = from; c < to; c++) rows += this.#counts[c]!;
    if (rows > MOST_ROWS) throw tooLarge(rows);
    first[0] = 0;
    for (let c = 0; c < cells; c++) {
      next[c] = first[c]!;
      first[c + 1] = first[c]! + this.#counts[from + c]!;
    }
    const columns: ColumnValues[] = float32.map(() => NO_VALUES);
    const missing: (Uint8Array | undefined)[] = float32.map(() => undefined);
    for (const k of used) columns[k] = this.#memory.column(k, rows, float32[k]!);
    for (const part of parts) {
      this.#place(part, from, to);
      for (const k of used) {
        copyRuns(part, k, this.#targets, columns[k]!);
        // Made when the first missing row is met; all rows before it are there.
        if (missing[k] === undefined && !anyMissing(part, k, this.#targets)) continue;
        missing[k] ??= this.#memory.mask(k, rows).fill(0, 0, rows);
        copyMasks(part, k, this.#targets, missing[k]);
      }
    }
    return { cells, first, columns, missing };
  }

  /** Where the rows of each run go: a position, or -1 for runs outside of the range. */
  #place({ data, from, to }: RowPart, low: number, high: number): void {
    const runs = (to - from) / RUN_STRIDE;
    if (runs > this.#targets.length) this.#targets = new Int32Array(Math.ceil(1.25 * runs));
    const targets = this.#targets;
    const next = this.#next;
    const shift = this.#shift;
    for (let r = from, i = 0; r < to; r += RUN_STRIDE, i++) {
      const cell = data[r]! >> shift;
      if (cell < low || cell >= high) {
        targets[i] = -1;
        continue;
      }
      const at = next[cell - low]!;
      targets[i] = at;
      next[cell - low] = at + data[r + 3]!;
    }
  }
}

const MOST_ROWS = 2 ** 31 - 1;

const tooLarge = (rows: number): MaggError =>
  new MaggError('too-many-rows', `expected at most ${MOST_ROWS} rows in one cell, found ${rows}; choose a higher child order, or reject rows with a filter`);

function copyRuns({ data, from, to, blocks }: RowPart, k: number, targets: Int32Array, out: ColumnValues): void {
  for (let r = from, i = 0; r < to; r += RUN_STRIDE, i++) {
    let at = targets[i]!;
    if (at < 0) continue;
    const input = blocks[data[r + 1]!]!.columns[k]!;
    const start = data[r + 2]!;
    const end = start + data[r + 3]!;
    for (let row = start; row < end; row++) out[at++] = input[row]!;
  }
}

function anyMissing({ data, from, to, blocks }: RowPart, k: number, targets: Int32Array): boolean {
  for (let r = from, i = 0; r < to; r += RUN_STRIDE, i++) {
    const mask = blocks[data[r + 1]!]!.missing[k];
    if (targets[i]! < 0 || !mask) continue;
    const start = data[r + 2]!;
    if (mask.subarray(start, start + data[r + 3]!).includes(1)) return true;
  }
  return false;
}

/** Marks what is missing; the mask is 0 elsewhere. */
function copyMasks({ data, from, to, blocks }: RowPart, k: number, targets: Int32Array, out: Uint8Array): void {
  for (let r = from, i = 0; r < to; r += RUN_STRIDE, i++) {
    const mask = blocks[data[r + 1]!]!.missing[k];
    const start = data[r + 2]!;
    if (targets[i]! >= 0 && mask) out.set(mask.subarray(start, start + data[r + 3]!), targets[i]);
  }
}
