import { MaggError } from '../../base/index.js';
import type { DatasetFilter } from '../../config/index.js';
import type { NumericArray } from '../../hdf5/index.js';

/** Clears `keep[i]` (1 or 0) where the filter rejects row `i` of `values`; returns how many rows are left. */
export function applyFilter({ test }: DatasetFilter, values: NumericArray, keep: Uint8Array): number {
  if (test.op !== 'equal') throw new MaggError('internal', `the filter ${test.op} is not known`);
  const wanted = test.value;
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
