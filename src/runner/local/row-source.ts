import type { Hdf5Dataset } from '../../hdf5/index.js';
import type { CoarseRows } from './coarse-rows.js';

/** Values for the rows of a (granule, group), wherever they stand. */
export interface RowSource {
  /** Of one dimension: one value per row, or per coarse row of `level`. */
  readonly dataset: Hdf5Dataset;
  /** Undefined: the dataset has a value for every row itself. */
  readonly level: CoarseRows | undefined;
}
