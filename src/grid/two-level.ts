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
  latDeg: Float32Array | Float64Array,
  lonDeg: Float32Array | Float64Array,
  count: number,
  parentOrder: number,
  out: TwoLevelRows
): number {
  assertOrder(parentOrder, Math.min(encoder.order, MAX_NUMBER_ORDER));
  const levels = encoder.order - parentOrder;
  if (levels > 15) throw new MaggError('order', `expected a parent order from ${encoder.order - 15} to ${encoder.order}, found ${parentOrder}`);
  const { parent, child } = out;
  const cells: FaceRows = { face: new Int32Array(BATCH), x: new Int32Array(BATCH), y: new Int32Array(BATCH) };
  let lost = 0;
  for (let from = 0; from < count; from += BATCH) {
    const rows = Math.min(BATCH, count - from);
    lost += encoder.encode(latDeg.subarray(from, from + rows), lonDeg.subarray(from, from + rows), rows, cells);
    join(cells, rows, from, levels, parentOrder, parent, child);
  }
  return lost;
}

/** A function of its own, so that it is compiled apart from the encoder. */
function join({ face, x, y }: FaceRows, rows: number, from: number, levels: number, parentOrder: number, parent: Float64Array, child: Int32Array): void {
  for (let i = 0; i < rows; i++) {
    const base = face[i]!;
    const valid = base >= 0;
    parent[from + i] = valid ? nestedNumber(base, x[i]! >> levels, y[i]! >> levels, parentOrder) : -1;
    child[from + i] = valid ? childIndex(x[i]!, y[i]!, levels) : 0;
  }
}
