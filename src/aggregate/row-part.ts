import type { RowBlock } from './row-block.js';

/** Values and missing masks of rows. */
export type PartBlock = Pick<RowBlock, 'columns' | 'missing'>;

/** Some runs of one parent, in the order of their rows. */
export interface RowPart {
  /** Per run: child index, position in `blocks`, first row, number of rows, as in `GroupedRuns.data`. */
  readonly data: Int32Array;
  /** Positions in `data`, `from` inclusive, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  readonly blocks: readonly PartBlock[];
}
