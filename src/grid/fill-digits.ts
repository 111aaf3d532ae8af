import { MaggError } from '../base/index.js';
import { assertCell, assertOrder } from './order.js';

/** Levels between a parent and the children that are listed at once: their number stays below 2^31. */
const MAX_LEVELS = 15;

/** Throws `order`, `cell` or `length` unless `out` has a place for each descendant of `parent` at `childOrder`. */
export function assertChildren(parent: bigint, parentOrder: number, childOrder: number, out: BigUint64Array | BigInt64Array): void {
  assertCell(parent, parentOrder);
  assertOrder(childOrder);
  const levels = childOrder - parentOrder;
  if (levels < 0 || levels > MAX_LEVELS) {
    throw new MaggError('order', `expected a child order from ${parentOrder} to ${parentOrder + MAX_LEVELS}, found ${childOrder}`);
  }
  if (out.length !== 4 ** levels) throw new MaggError('length', `expected room for the ${4 ** levels} children of a cell, found ${out.length}`);
}

/**
 * Writes first + sum of digit_k(child) weight_k, modulo 2^64, for each child from 0 to 4^levels - 1, where digit_k is 0 to 3
 * and digit 0 is the last. `out` has 4^levels places, one weight per level.
 *
 * Works on the 32-bit halves (low half first, as on every host of browsers and Node): bigints cost 200 ns each.
 */
export function fillByDigits(first: bigint, weights: readonly bigint[], out: BigUint64Array | BigInt64Array): void {
  const words = new Uint32Array(out.buffer, out.byteOffset, 2 * out.length);
  words[0] = Number(BigInt.asUintN(32, first));
  words[1] = Number(BigInt.asUintN(32, first >> 32n));
  let size = 2;
  for (const weight of weights) {
    const low = Number(BigInt.asUintN(32, weight));
    const high = Number(BigInt.asUintN(32, weight >> 32n));
    // Three more blocks like the one before them, each a digit higher.
    for (let at = size; at < 4 * size; at += 2) {
      const sum = words[at - size]! + low;
      words[at] = sum;
      words[at + 1] = words[at - size + 1]! + high + (sum > 0xffffffff ? 1 : 0);
    }
    size *= 4;
  }
}
