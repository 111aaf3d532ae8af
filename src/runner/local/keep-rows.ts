import type { RowFilter } from '../../config/index.js';
import type { NumericArray } from '../../hdf5/index.js';

/** Clears `keep[i]` (1 or 0) where the filter rejects row `i` of `values`; returns how many rows are left. */
export function applyFilter(filter: RowFilter, values: NumericArray, keep: Uint8Array): number {
  const wanted = filter.value;
  let left = 0;
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    for (let i = 0; i < keep.length; i++) left += keep[i] = Number(values[i]) === wanted ? keep[i]! : 0;
  } else if (values instanceof Int8Array) {
    for (let i = 0; i < keep.length; i++) left += keep[i] = values[i] === wanted ? keep[i]! : 0;
  } else {
    for (let i = 0; i < keep.length; i++) left += keep[i] = values[i] === wanted ? keep[i]! : 0;
  }
  return left;
}
