import { MaggError } from '../base/index.js';

/** Highest HEALPix order: cells of 12 mm, whose ids fit into 64 bits. */
export const MAX_ORDER = 29;
/** Highest order whose nested ids are exact as numbers. */
export const MAX_NUMBER_ORDER = 24;

/** Throws `order` unless it is a whole number from 0 to `most`. */
export function assertOrder(order: number, most = MAX_ORDER): void {
  if (!Number.isInteger(order) || order < 0 || order > most) throw new MaggError('order', `expected a HEALPix order from 0 to ${most}, found ${order}`);
}

/** Throws `cell` unless `id` is a nested id of the order. */
export function assertCell(id: bigint, order: number): void {
  assertOrder(order);
  if (id < 0n || id >= 12n << BigInt(2 * order)) throw new MaggError('cell', `expected a nested id from 0 to ${(12n << BigInt(2 * order)) - 1n} at order ${order}, found ${id}`);
}

/** Throws `cell` at the first value that is no nested or ring id of the order; for orders of at most 24. */
export function assertNumberIds(ids: Float64Array, order: number): void {
  const cells = 12 * 4 ** order;
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!;
    if (!(id >= 0 && id < cells && Math.floor(id) === id)) throw new MaggError('cell', `expected ids from 0 to ${cells - 1} at order ${order}, found ${id} at place ${i}`);
  }
}

/** {@link assertNumberIds} for 64-bit integers, at every order. */
export function assertWideIds(ids: BigUint64Array, order: number): void {
  assertOrder(order);
  const words = new Uint32Array(ids.buffer, ids.byteOffset, 2 * ids.length);
  const cells = 12 * 4 ** order;
  // Up to order 14 the low word matters; from 15 on the number of cells is a multiple of 2^32.
  const low = cells < 4294967296 ? 1 : 0;
  for (let i = 0; i < ids.length; i++) {
    if (words[2 * i + 1]! * 4294967296 + low * words[2 * i]! >= cells) assertCell(ids[i]!, order);
  }
}
