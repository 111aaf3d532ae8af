import { MaggError } from '../base/index.js';
import { assertChildren, fillByDigits } from './fill-digits.js';
import { assertCell, assertOrder, MAX_ORDER } from './order.js';

/** Last order whose decimal ids fit into a signed 64-bit integer. */
export const MAX_DECIMAL_ORDER = 18;
/** Orders whose digits stand in the word itself; the digits of 28 and 29 are part of its suffix. */
const WORD_DIGITS = 27;

/**
 * Signed decimal morton id: a digit for the base cell (0 to 5: 1 to 6; 6 to 11: the same, negative), then a digit 1 to 4
 * per order. Beyond order 18 it does not fit into 64 bits.
 */
export function mortonDecimal(id: bigint, order: number): bigint {
  assertCell(id, order);
  const face = Number(id >> BigInt(2 * order));
  let digits = String((face % 6) + 1);
  for (let k = order - 1; k >= 0; k--) digits += String(Number((id >> BigInt(2 * k)) & 3n) + 1);
  return face >= 6 ? -BigInt(digits) : BigInt(digits);
}

/** Reads a signed decimal morton id. Throws `morton` when it is none. */
export function parseMortonDecimal(text: string): { readonly id: bigint; readonly order: number } {
  const match = /^(-?)([1-6])([1-4]*)$/.exec(text);
  if (!match || match[3]!.length > MAX_ORDER) {
    throw new MaggError('morton', `expected a decimal morton id such as 4441321 or -5111131: a sign for the south, a base digit 1 to 6, then at most ${MAX_ORDER} digits 1 to 4; found ${JSON.stringify(text)}`);
  }
  const [, sign, base, digits] = match as unknown as [string, string, string, string];
  let id = BigInt(Number(base) - 1 + (sign === '' ? 0 : 6));
  for (const digit of digits) id = (id << 2n) | BigInt(Number(digit) - 1);
  return { id, order: digits.length };
}

/**
 * Packed morton word, unsigned 64 bits: base cell + 1 in the top 4, then 27 two-bit digits from the top, then 6 bits: the
 * order up to 27, at order 28 28 + 5 d28, at order 29 29 + 5 d28 + d29.
 */
export function mortonWord(id: bigint, order: number): bigint {
  assertCell(id, order);
  const face = id >> BigInt(2 * order);
  const path = id & ((1n << BigInt(2 * order)) - 1n);
  const inWord = Math.min(order, WORD_DIGITS);
  const digits = (path >> BigInt(2 * (order - inWord))) << BigInt(2 * (WORD_DIGITS - inWord));
  return ((face + 1n) << 60n) | (digits << 6n) | BigInt(wordSuffix(path, order));
}

function wordSuffix(path: bigint, order: number): number {
  if (order <= WORD_DIGITS) return order;
  if (order === 28) return 28 + 5 * Number(path & 3n);
  return 29 + 5 * Number((path >> 2n) & 3n) + Number(path & 3n);
}

/** Reads a packed morton word. Throws `morton` when it is none. */
export function parseMortonWord(word: bigint): { readonly id: bigint; readonly order: number } {
  const fail = (): never => {
    throw new MaggError('morton', `expected a packed morton word: 4 bits of base cell + 1, 27 two-bit digits, 6 bits of order; found ${word}`);
  };
  const face = (word >> 60n) - 1n;
  if (word < 0n || word >= 1n << 64n || face < 0n || face > 11n) return fail();
  const digits = (word >> 6n) & ((1n << 54n) - 1n);
  const suffix = Number(word & 63n);
  if (suffix <= WORD_DIGITS) {
    const unused = BigInt(2 * (WORD_DIGITS - suffix));
    if ((digits & ((1n << unused) - 1n)) !== 0n) return fail();
    return { id: (face << BigInt(2 * suffix)) | (digits >> unused), order: suffix };
  }
  const d28 = Math.floor((suffix - 28) / 5);
  const last = (suffix - 28) % 5;
  if (d28 > 3) return fail();
  const id28 = (((face << 54n) | digits) << 2n) | BigInt(d28);
  return last === 0 ? { id: id28, order: 28 } : { id: (id28 << 2n) | BigInt(last - 1), order: 29 };
}

/**
 * Writes the decimal ids of all descendants of `parent` to `out` (length 4^levels) in nested order, and returns it; child
 * order at most 18. Throws `length` for an `out` of another length, `order` and `cell`.
 */
export function fillMortonDecimals(parent: bigint, parentOrder: number, childOrder: number, out: BigInt64Array): BigInt64Array {
  assertOrder(childOrder, MAX_DECIMAL_ORDER);
  assertChildren(parent, parentOrder, childOrder, out);
  const levels = childOrder - parentOrder;
  const first = mortonDecimal(parent << BigInt(2 * levels), childOrder);
  const sign = first < 0n ? -1n : 1n;
  fillByDigits(first, Array.from({ length: levels }, (_, k) => sign * 10n ** BigInt(k)), out);
  return out;
}

/**
 * Writes the packed words of all descendants of `parent` to `out` (length 4^levels) in nested order, at any order, and
 * returns it. Throws `length` for an `out` of another length, `order` and `cell`.
 */
export function fillMortonWords(parent: bigint, parentOrder: number, childOrder: number, out: BigUint64Array): BigUint64Array {
  assertChildren(parent, parentOrder, childOrder, out);
  const levels = childOrder - parentOrder;
  const weights = Array.from({ length: levels }, (_, k) => wordWeight(childOrder - k));
  fillByDigits(mortonWord(parent << BigInt(2 * levels), childOrder), weights, out);
  return out;
}

/** What the digit of an order, 1 to 29, counts in a packed word. */
function wordWeight(order: number): bigint {
  if (order === 29) return 1n;
  return order === 28 ? 5n : 1n << BigInt(6 + 2 * (WORD_DIGITS - order));
}
