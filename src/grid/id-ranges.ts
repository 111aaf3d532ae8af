import { assertNumberIds, assertOrder, assertWideIds, MAX_NUMBER_ORDER, MAX_ORDER } from './order.js';

/**
 * Sets of ids of order 29 as bounds: start, end (not in it), start, end ..., strictly ascending, so that ranges neither touch
 * nor overlap and equal sets have equal bounds. The loops work on the 32-bit halves (low half first, as on every host of
 * browsers and Node): exact at order 29 and without bigints.
 */
export type IdRanges = BigUint64Array;

const TWO32 = 4294967296;

const wordsOf = (values: BigUint64Array): Uint32Array => new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
const boundsOf = (words: Uint32Array, used: number): IdRanges => new BigUint64Array(words.slice(0, used).buffer);

/** Bits that an id of an order is shifted by to that of its first descendant at order 29. */
const shiftOf = (order: number): number => 2 * (MAX_ORDER - order);

/** Which points a set operation keeps: in neither, only in the first, only in the second, in both. */
export type SetRule = readonly [false, boolean, boolean, boolean];

/** One pass over the bounds of both sets. */
export function combineRanges(a: IdRanges, b: IdRanges, rule: SetRule): IdRanges {
  const wa = wordsOf(a);
  const wb = wordsOf(b);
  const out = new Uint32Array(wa.length + wb.length);
  const [, onlyA, onlyB, both] = rule;
  let i = 0;
  let j = 0;
  let used = 0;
  let inside = false;
  while (i < wa.length || j < wb.length) {
    // Beyond the last bound of a set comes none: high words of bounds are below 2^30.
    const highA = i < wa.length ? wa[i + 1]! : TWO32;
    const highB = j < wb.length ? wb[j + 1]! : TWO32;
    const lowA = i < wa.length ? wa[i]! : 0;
    const lowB = j < wb.length ? wb[j]! : 0;
    const less = highA < highB || (highA === highB && lowA < lowB);
    const equal = highA === highB && lowA === lowB;
    if (less || equal) i += 2;
    if (!less) j += 2;
    const inA = (i & 2) !== 0;
    const inB = (j & 2) !== 0;
    const now = inA ? (inB ? both : onlyA) : inB && onlyB;
    if (now === inside) continue;
    inside = now;
    out[used] = less ? lowA : lowB;
    out[used + 1] = less ? highA : highB;
    used += 2;
  }
  return boundsOf(out, used);
}

/** The ranges of cells of one order, in any order, twice or more. Throws `order`, and `cell` for a value that is no id. */
export function rangesOfCells(ids: Float64Array | BigUint64Array, order: number): IdRanges {
  const starts = new BigUint64Array(ids.length);
  const words = wordsOf(starts);
  if (ids instanceof BigUint64Array) {
    assertWideIds(ids, order);
    fillShifted(wordsOf(ids), shiftOf(order), words);
  } else {
    assertOrder(order, MAX_NUMBER_ORDER);
    assertNumberIds(ids, order);
    const scale = 4 ** (MAX_ORDER - order);
    for (let i = 0; i < ids.length; i++) {
      // Exact: a product with a power of two.
      const start = ids[i]! * scale;
      const high = Math.floor(start / TWO32);
      words[2 * i] = start - high * TWO32;
      words[2 * i + 1] = high;
    }
  }
  if (!ascending(words)) starts.sort();
  return joinCells(words, shiftOf(order));
}

function fillShifted(from: Uint32Array, shift: number, out: Uint32Array): void {
  for (let at = 0; at < from.length; at += 2) {
    const low = from[at]!;
    out[at] = shift >= 32 ? 0 : low << shift;
    // Below order 14 an id has no high word that could be lost.
    out[at + 1] = shift >= 32 ? low << (shift - 32) : shift === 0 ? from[at + 1]! : (from[at + 1]! << shift) | (low >>> (32 - shift));
  }
}

function ascending(words: Uint32Array): boolean {
  for (let at = 2; at < words.length; at += 2) {
    if (words[at + 1]! < words[at - 1]! || (words[at + 1] === words[at - 1] && words[at]! < words[at - 2]!)) return false;
  }
  return true;
}

/** Joins cells of 2^shift ids that begin at ascending starts. */
function joinCells(starts: Uint32Array, shift: number): IdRanges {
  const sizeLow = shift < 32 ? 2 ** shift : 0;
  const sizeHigh = shift < 32 ? 0 : 2 ** (shift - 32);
  const out = new Uint32Array(2 * starts.length);
  let used = 0;
  for (let at = 0; at < starts.length; at += 2) {
    const low = starts[at]!;
    const high = starts[at + 1]!;
    // The same cell again.
    if (at > 0 && low === starts[at - 2] && high === starts[at - 1]) continue;
    if (used === 0 || out[used - 2] !== low || out[used - 1] !== high) {
      out[used] = low;
      out[used + 1] = high;
      used += 4;
    }
    const end = low + sizeLow;
    out[used - 2] = end;
    out[used - 1] = high + sizeHigh + (end >= TWO32 ? 1 : 0);
  }
  return boundsOf(out, used);
}

/** The ranges widened to whole cells of an order, 0 to 29. */
export function widenRanges(ranges: IdRanges, order: number): IdRanges {
  const words = wordsOf(ranges);
  const shift = shiftOf(order);
  const lowMask = shift < 32 ? 2 ** shift - 1 : 0xffffffff;
  const highMask = shift < 32 ? 0 : 2 ** (shift - 32) - 1;
  const out = new Uint32Array(words.length);
  let used = 0;
  for (let at = 0; at < words.length; at += 4) {
    const low = (words[at]! & ~lowMask) >>> 0;
    const high = (words[at + 1]! & ~highMask) >>> 0;
    const lastEndHigh = used > 0 ? out[used - 1]! : -1;
    const lastEndLow = used > 0 ? out[used - 2]! : 0;
    if (high > lastEndHigh || (high === lastEndHigh && low > lastEndLow)) {
      out[used] = low;
      out[used + 1] = high;
      used += 4;
    }
    const endLow = words[at + 2]!;
    const endHigh = words[at + 3]!;
    const up = (endLow & lowMask) !== 0 || (endHigh & highMask) !== 0;
    const roundedLow = ((endLow & ~lowMask) >>> 0) + (up && shift < 32 ? 2 ** shift : 0);
    out[used - 2] = roundedLow;
    out[used - 1] = ((endHigh & ~highMask) >>> 0) + (up && shift >= 32 ? 2 ** (shift - 32) : 0) + (roundedLow >= TWO32 ? 1 : 0);
  }
  return boundsOf(out, used);
}

/** The lowest order whose cells make up the ranges, 0 for none. */
export function orderOfRanges(ranges: IdRanges): number {
  const words = wordsOf(ranges);
  let low = 0;
  let high = 0;
  for (let at = 0; at < words.length; at += 2) {
    low |= words[at]!;
    high |= words[at + 1]!;
  }
  if (low === 0 && high === 0) return 0;
  const zeros = low !== 0 ? 31 - Math.clz32(low & -low) : 63 - Math.clz32(high & -high);
  return Math.max(0, MAX_ORDER - (zeros >> 1));
}

/** How many bounds are at or below an id: odd when it is in a range. */
export function boundsUpTo(ranges: IdRanges, id: bigint): number {
  let from = 0;
  let to = ranges.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (ranges[middle]! <= id) from = middle + 1;
    else to = middle;
  }
  return from;
}
