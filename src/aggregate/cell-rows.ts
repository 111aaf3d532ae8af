/** Values of one column. float32 columns stay float32 in memory; every other type is widened to float64. */
export type ColumnValues = Float32Array | Float64Array;

/**
 * The rows of one parent, ordered by child cell and within a cell by (granule, group, row). Arrays may be longer than
 * needed: rows are `0 .. first[cells]`.
 */
export interface CellRows {
  /** Number of child cells in the parent, 4^(child order - parent order). */
  readonly cells: number;
  /** Rows of cell `c` are `first[c]` (inclusive) to `first[c + 1]` (exclusive). Length at least cells + 1. */
  readonly first: Int32Array;
  /** One array per column, in the order of the columns given to the compiler. */
  readonly columns: readonly ColumnValues[];
  /** Per column, 1 where the row's value is the dataset's fill value; undefined when no row of the parent is missing. */
  readonly missing: readonly (Uint8Array | undefined)[];
}

/** Values of one output variable for the cells of a parent. */
export type OutputValues =
  | Int8Array | Int16Array | Int32Array | BigInt64Array
  | Uint8Array | Uint16Array | Uint32Array | BigUint64Array
  | Float32Array | Float64Array;
