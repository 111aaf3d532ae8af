import type { ColumnValues } from './cell-rows.js';

/**
 * The kept rows of one (granule, group): columns in the order of the plan, and the runs that say which rows lie in
 * which cell. Made by the map step, read by the reduce step of any thread.
 */
export interface RowBlock {
  /** granule index x number of groups + group index: the order of rows within a cell. */
  readonly task: number;
  /** Kept rows; the columns may be longer. */
  readonly rows: number;
  readonly columns: readonly ColumnValues[];
  /** Per column: 1 where a row holds the dataset's fill value; undefined when none does. */
  readonly missing: readonly (Uint8Array | undefined)[];
  readonly runs: Runs;
}

/** Numbers a run takes in {@link Runs.data}. */
export const RUN_STRIDE = 4;

/**
 * Runs of consecutive kept rows in one child cell. Rows along a track mostly stay in a cell, so there are far fewer
 * runs than rows; on shuffled rows a run is one row and everything still holds.
 */
export interface Runs {
  /** Nested ids of the parents met, rejected rows included, in order of first appearance. Exact up to order 24. */
  readonly parents: Float64Array;
  /** Per run: position in `parents`, child index, first row, number of rows (at least 1). */
  readonly data: Int32Array;
}
