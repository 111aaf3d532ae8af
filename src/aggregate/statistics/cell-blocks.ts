import type { CellRows } from '../cell-rows.js';

/** Consecutive cells of a parent: `from` to `to`, exclusive. */
export interface CellBlock {
  readonly from: number;
  readonly to: number;
}

/** Vectors of so many float64 numbers stay in the second cache, five or six at once. */
const MOST_ROWS = 16_384;

/** All cells of a parent in blocks of at most 16,384 rows; a cell with more is alone in its block. There is at least one block. */
export function* cellBlocks({ cells, first }: CellRows): Generator<CellBlock> {
  let from = 0;
  do {
    const to = Math.max(from + 1, lastWithin(first, from, cells, first[from]! + MOST_ROWS));
    yield { from, to: Math.min(to, cells) };
    from = to;
  } while (from < cells);
}

/** The largest c, `from` to `cells`, with first[c] <= limit. */
function lastWithin(first: Int32Array, from: number, cells: number, limit: number): number {
  let [low, high] = [from, cells];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (first[middle]! <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
