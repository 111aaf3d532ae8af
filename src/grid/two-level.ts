import { MaggError } from '../base/index.js';
import type { CellEncoder, FaceRows } from './encoder.js';
import { childIndex, nestedNumber } from './nested.js';
import { assertOrder, MAX_NUMBER_ORDER } from './order.js';

const BATCH = 4096;

/** Cells of many rows as parent and child: no 64-bit integers. */
export interface TwoLevelRows {
  /** Nested id at the parent order; -1 for a row without position. */
  readonly parent: Float64Array;
  /** 0 to 4^levels - 1 below the parent. */
  readonly child: Int32Array;
}

/**
 * Encodes rows 0 to `count`; see {@link CellEncoder.encode} for units and ranges. The parent order is at most 24 and
 * at most 15 above the encoder's. Returns how many rows have no position.
 */
export function encodeTwoLevel(
  encoder: CellEncoder,
  latDeg: Float64Array,
  lonDeg: Float64Array,
  count: number,
  parentOrder: number,
  out: TwoLevelRows
): number {
  assertOrder(parentOrder, Math.min(encoder.order, MAX_NUMBER_ORDER));
  const levels = encoder.order - parentOrder;
  if (levels > 15) throw new MaggError('order', `expected a parent order from ${encoder.order - 15} to ${encoder.order}, found ${parentOrder}`);
  const cells: FaceRows = { face: new Int32Array(BATCH), x: new Int32Array(BATCH), y: new Int32Array(BATCH) };
  let lost = 0;
  for (let from = 0; from < count; from += BATCH) {
    const rows = Math.min(BATCH, count - from);
    lost += encoder.encode(latDeg.subarray(from, from + rows), lonDeg.subarray(from, from + rows), rows, cells);
    for (let i = 0; i < rows; i++) {
      const face = cells.face[i]!;
      const x = cells.x[i]!;
      const y = cells.y[i]!;
      out.parent[from + i] = face < 0 ? -1 : nestedNumber(face, x >> levels, y >> levels, parentOrder);
      out.child[from + i] = face < 0 ? 0 : childIndex(x, y, levels);
    }
  }
  return lost;
}
