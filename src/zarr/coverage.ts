import { CellSet, MAX_NUMBER_ORDER } from '../grid/index.js';
import type { ExactJsonObject } from './exact-json.js';

/**
 * Cells of one order as a multi-order coverage map in IVOA's JSON form, whose own order is always a key, if with no ids.
 * Undefined beyond order 24, where ids are no exact numbers in JSON.
 */
export function coverageOf(cells: readonly bigint[], order: number): ExactJsonObject | undefined {
  if (order > MAX_NUMBER_ORDER) return undefined;
  const map = CellSet.from(BigUint64Array.from(cells), order).toJson();
  return { ...map, [order]: map[order] ?? [] };
}
