import { MaggError } from '../base/index.js';
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

/** Decimal digits of the path from a parent to each of its 4^levels children: one digit 1 to 4 per order. */
const pathDigits = new Map<number, Float64Array>();

function childDigits(levels: number): Float64Array {
  let digits = pathDigits.get(levels);
  if (!digits) {
    digits = new Float64Array(4 ** levels);
    for (let child = 0; child < digits.length; child++) {
      let value = 0;
      for (let k = levels - 1; k >= 0; k--) value = value * 10 + (Math.floor(child / 4 ** k) % 4) + 1;
      digits[child] = value;
    }
    pathDigits.set(levels, digits);
  }
  return digits;
}

const WORD = 4294967296;

/** Writes the decimal ids of all descendants of `parent` to `out` (length 4^levels) in nested order; child order at most 18. */
export function fillMortonDecimals(parent: bigint, parentOrder: number, childOrder: number, out: BigInt64Array): BigInt64Array {
  assertOrder(childOrder, MAX_DECIMAL_ORDER);
  const levels = childOrder - parentOrder;
  const decimal = mortonDecimal(parent, parentOrder);
  const first = BigInt.asUintN(64, decimal * 10n ** BigInt(levels));
  const low = Number(first & 0xffffffffn);
  const high = Number(first >> 32n);
  const sign = decimal < 0n ? -1 : 1;
  const digits = childDigits(levels);
  const words = new Uint32Array(out.buffer, out.byteOffset, 2 * out.length);
  for (let i = 0; i < out.length; i++) {
    // Two's complement by halves: what the low word overflows goes to the high one, modulo 2^32.
    const sum = low + sign * digits[i]!;
    words[2 * i] = sum;
    words[2 * i + 1] = high + Math.floor(sum / WORD);
  }
  return out;
}

/** Writes the packed words of all descendants of `parent` to `out` (length 4^levels) in nested order, at any order. */
export function fillMortonWords(parent: bigint, parentOrder: number, childOrder: number, out: BigUint64Array): BigUint64Array {
  assertOrder(childOrder);
  const first = parent << BigInt(2 * (childOrder - parentOrder));
  if (childOrder > WORD_DIGITS) {
    for (let i = 0; i < out.length; i++) out[i] = mortonWord(first + BigInt(i), childOrder);
    return out;
  }
  const word = mortonWord(first, childOrder);
  const low = Number(word & 0xffffffffn);
  const high = Number(word >> 32n);
  const step = 2 ** (2 * (WORD_DIGITS - childOrder) + 6);
  const words = new Uint32Array(out.buffer, out.byteOffset, 2 * out.length);
  for (let i = 0; i < out.length; i++) {
    // i * step is exact, for step is a power of two; its halves are added one by one.
    const path = i * step;
    const sum = low + (path % WORD);
    words[2 * i] = sum;
    words[2 * i + 1] = high + Math.floor(path / WORD) + (sum >= WORD ? 1 : 0);
  }
  return out;
}
