import { MaggError } from '../base/index.js';
import { assertChildren } from './fill-digits.js';
import { assertCell, assertOrder } from './order.js';

/** Bits of 0 to 255 moved to the even places. */
const SPREAD = Uint16Array.from({ length: 256 }, (_, value) => {
  let spread = 0;
  for (let bit = 0; bit < 8; bit++) if ((value >> bit) & 1) spread |= 1 << (2 * bit);
  return spread;
});

/** The low 16 bits of x and y interleaved, y in the odd places; as an unsigned 32-bit number. */
function interleave16(x: number, y: number): number {
  const even = SPREAD[x & 255]! | (SPREAD[(x >>> 8) & 255]! << 16);
  const odd = SPREAD[y & 255]! | (SPREAD[(y >>> 8) & 255]! << 16);
  return (even | (odd << 1)) >>> 0;
}

/** Position of a cell among the 4^levels descendants of its ancestor, from the low bits of x and y; levels 0 to 15. */
export function childIndex(x: number, y: number, levels: number): number {
  const mask = (1 << levels) - 1;
  return interleave16(x & mask, y & mask);
}

/** Nested id as a number: exact for orders 0 to 24. */
export function nestedNumber(face: number, x: number, y: number, order: number): number {
  return face * 4 ** order + interleave16(x >>> 16, y >>> 16) * 4294967296 + interleave16(x, y);
}

/** Nested id at any order. */
export function nestedId(face: number, x: number, y: number, order: number): bigint {
  return (BigInt(face) << BigInt(2 * order)) | (BigInt(interleave16(x >>> 16, y >>> 16)) << 32n) | BigInt(interleave16(x, y));
}

/** Every second bit of a 32-bit number, packed into 16. */
export function evenBits(value: number): number {
  let v = value & 0x55555555;
  v = (v | (v >>> 1)) & 0x33333333;
  v = (v | (v >>> 2)) & 0x0f0f0f0f;
  v = (v | (v >>> 4)) & 0x00ff00ff;
  return (v | (v >>> 8)) & 0xffff;
}

/** Base cell and position in it; the inverse of {@link nestedId}. Throws `cell` for an id beyond the order. */
export function facePosition(id: bigint, order: number): { readonly face: number; readonly x: number; readonly y: number } {
  assertCell(id, order);
  const face = Number(id >> BigInt(2 * order));
  const rest = id & ((1n << BigInt(2 * order)) - 1n);
  const low = Number(rest & 0xffffffffn);
  const high = Number(rest >> 32n);
  return { face, x: (evenBits(high) << 16) | evenBits(low), y: (evenBits(high >>> 1) << 16) | evenBits(low >>> 1) };
}

/** The same of an id as a number, not checked: writes base cell, x and y to `out`. `perFace`: 4^order, for orders 0 to 24. */
export function fillPosition(id: number, perFace: number, out: Int32Array): void {
  const face = Math.floor(id / perFace);
  const rest = id - face * perFace;
  const high = Math.floor(rest / 4294967296);
  const low = rest - high * 4294967296;
  out[0] = face;
  out[1] = (evenBits(high) << 16) | evenBits(low);
  out[2] = (evenBits(high >>> 1) << 16) | evenBits(low >>> 1);
}

/** The ancestor of a cell at `parentOrder`, at most the cell's own order. */
export function parentId(id: bigint, order: number, parentOrder: number): bigint {
  assertCell(id, order);
  assertOrder(parentOrder, order);
  return id >> BigInt(2 * (order - parentOrder));
}

/** Descendants of a cell at `childOrder`, ascending; at most 12 orders below, since they are 4^levels. */
export function childIds(id: bigint, order: number, childOrder: number): BigUint64Array {
  assertCell(id, order);
  assertOrder(childOrder);
  const levels = childOrder - order;
  if (levels < 0 || levels > 12) throw new MaggError('order', `expected a child order from ${order} to ${order + 12}, found ${childOrder}`);
  return fillCellIds(id, order, childOrder, new BigUint64Array(4 ** levels));
}

/**
 * Writes the ids of all descendants of `parent` to `out` (length 4^levels), ascending, and returns it. Throws `length` for
 * an `out` of another length, `order` and `cell`.
 */
export function fillCellIds(parent: bigint, parentOrder: number, childOrder: number, out: BigUint64Array): BigUint64Array {
  assertChildren(parent, parentOrder, childOrder, out);
  const first = parent << BigInt(2 * (childOrder - parentOrder));
  const words = new Uint32Array(out.buffer, out.byteOffset, 2 * out.length);
  const low = Number(first & 0xffffffffn);
  const high = Number(first >> 32n);
  // The first id is a multiple of their number: the low words never overflow.
  for (let i = 0; i < out.length; i++) {
    words[2 * i] = low + i;
    words[2 * i + 1] = high;
  }
  return out;
}
