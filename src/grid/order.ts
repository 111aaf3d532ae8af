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
