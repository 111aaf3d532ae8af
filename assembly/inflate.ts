/**
 * Inflates zlib streams (RFC 1950, 1951) of known size, in WebAssembly: AssemblyScript, compiled by `npm run generate`.
 * `src/hdf5/wasm-inflate.ts` calls it and tells of the memory.
 *
 * Half the time of a run is spent here. What makes it fast: bits come 64 at a time; one look-up gives a symbol with all that is
 * to be known of it; up to four literals are written between two refills; matches are copied in steps of eight bytes. Reading past the
 * end of the input and writing past that of the output is harmless, since both are followed by room of their own, so that
 * either is looked at once for several symbols.
 */

/** Bits of the first look-up; longer codes go through a second table. */
const LITERAL_BITS: u32 = 11;
const DISTANCE_BITS: u32 = 9;
const LENGTHS_BITS: u32 = 7;
const MAX_BITS: u32 = 15;

/**
 * An entry of a table. Bits 0-4: how many bits of the stream it takes, extra bits included; of these 8-11: bits of the code alone;
 * 16-30: the literal, or length or distance without extra bits. With SUBTABLE bits 8-11 are the bits of the
 * second look-up, 16-30 its table, counted in entries from the first.
 */
const LITERAL: u32 = 1 << 31;
const SUBTABLE: u32 = 1 << 13;
const END: u32 = 1 << 14;
/** Both: a symbol that the format does not use. */
const UNUSED: u32 = SUBTABLE | END;
/** A distance of 0, which no match may have; one bit long. */
const NO_DISTANCE: u32 = 1;

/* Memory: tables, then scratch, then what the caller puts there from `room()` on. Most entries: 2,342 for 288 codes and 11 bits, 594 for 32 and 9 (zlib's enough.c). */
const LITERALS: u32 = 0;
const DISTANCES: u32 = LITERALS + 4 * 2400;
const LENGTH_CODES: u32 = DISTANCES + 4 * 600;
/** Length of the code of each symbol, a byte each: 288 literals and lengths, then 32 distances. */
const CODE_BITS: u32 = LENGTH_CODES + 4 * 128;
/** How many codes there are of each length, and where those of each begin in {@link SORTED}. */
const COUNTS: u32 = CODE_BITS + 320;
const STARTS: u32 = COUNTS + 4 * 16;
/** Symbols by length of their code, two bytes each. */
const SORTED: u32 = STARTS + 4 * 16;
/** Entries of all symbols but for the bits of their codes. */
const LITERAL_SYMBOLS: u32 = SORTED + 2 * 288;
const DISTANCE_SYMBOLS: u32 = LITERAL_SYMBOLS + 4 * 288;
const LENGTH_SYMBOLS: u32 = DISTANCE_SYMBOLS + 4 * 32;
const ROOM: u32 = (LENGTH_SYMBOLS + 4 * 19 + 63) & ~63;

/** Bytes past the end of the input that may be read, and that are to be 0; past that of the output that may be written. */
const SLACK: u32 = 512;

const OK: u32 = 0;
const DAMAGED: u32 = 1;
const CUT: u32 = 2;
const TOO_LONG: u32 = 3;
const WRONG_CHECKSUM: u32 = 4;

/** The first byte of memory that is the caller's. */
export function room(): u32 {
  return ROOM;
}

export function slack(): u32 {
  return SLACK;
}

let isReady: bool = false;
let made: u32 = 0;

/** Bytes that the last stream gave. */
export function madeBytes(): u32 {
  return made;
}

/** Tables of the format: RFC 1951, 3.2.5. */
function setUp(): void {
  for (let i: u32 = 0; i < 256; i++) store<u32>(LITERAL_SYMBOLS + 4 * i, LITERAL | (i << 16));
  store<u32>(LITERAL_SYMBOLS + 4 * 256, END);
  let length: u32 = 3;
  for (let i: u32 = 0; i < 28; i++) {
    const extra: u32 = i < 8 ? 0 : (i >> 2) - 1;
    store<u32>(LITERAL_SYMBOLS + 4 * (257 + i), (length << 16) | extra);
    length += 1 << extra;
  }
  store<u32>(LITERAL_SYMBOLS + 4 * 285, 258 << 16);
  store<u32>(LITERAL_SYMBOLS + 4 * 286, UNUSED);
  store<u32>(LITERAL_SYMBOLS + 4 * 287, UNUSED);
  let distance: u32 = 1;
  for (let i: u32 = 0; i < 30; i++) {
    const extra: u32 = i < 4 ? 0 : (i >> 1) - 1;
    store<u32>(DISTANCE_SYMBOLS + 4 * i, (distance << 16) | extra);
    distance += 1 << extra;
  }
  store<u32>(DISTANCE_SYMBOLS + 4 * 30, NO_DISTANCE);
  store<u32>(DISTANCE_SYMBOLS + 4 * 31, NO_DISTANCE);
  for (let i: u32 = 0; i < 19; i++) store<u32>(LENGTH_SYMBOLS + 4 * i, i << 16);
  isReady = true;
}

/** The last `count` of 16 bits, turned round. */
@inline
function reversed(code: u32, count: u32): u32 {
  let r: u32 = ((code & 0x5555) << 1) | ((code >> 1) & 0x5555);
  r = ((r & 0x3333) << 2) | ((r >> 2) & 0x3333);
  r = ((r & 0x0f0f) << 4) | ((r >> 4) & 0x0f0f);
  r = ((r & 0x00ff) << 8) | (r >> 8);
  return r >> (16 - count);
}

/** The entry of a symbol whose code has `own` bits in this table. */
@inline
function entryOf(symbol: u32, own: u32): u32 {
  return (symbol & LITERAL) == 0 && symbol >> 16 != 0 ? (symbol & 0xffff0000) | (own << 8) | (own + (symbol & 31)) : symbol | own;
}

/**
 * Makes the table of a Huffman code from the lengths of its codes (RFC 1951, 3.2.2); false where no code has such lengths.
 * As in zlib, bits without meaning may be left only where there is one code, of one bit, or none; they get the entry `lacking`. With 0 for
 * that none may be left.
 */
function buildTable(table: u32, firstBits: u32, codeBits: u32, count: u32, symbols: u32, lacking: u32): bool {
  memory.fill(COUNTS, 0, 64);
  for (let i: u32 = 0; i < count; i++) {
    const at = COUNTS + 4 * <u32>load<u8>(codeBits + i);
    store<u32>(at, load<u32>(at) + 1);
  }
  let free: i32 = 1;
  let used: u32 = 0;
  let longest: u32 = 0;
  for (let bits: u32 = 1; bits <= MAX_BITS; bits++) {
    const own = load<u32>(COUNTS + 4 * bits);
    free = (free << 1) - <i32>own;
    if (free < 0) return false;
    store<u32>(STARTS + 4 * bits, used);
    used += own;
    if (own != 0) longest = bits;
  }
  if (free > 0) {
    if (lacking == 0 || longest > 1) return false;
    for (let i: u32 = 0; i < <u32>1 << firstBits; i++) store<u32>(table + 4 * i, lacking);
  }
  for (let i: u32 = 0; i < count; i++) {
    const bits: u32 = load<u8>(codeBits + i);
    if (bits == 0) continue;
    const start = load<u32>(STARTS + 4 * bits);
    store<u16>(SORTED + 2 * start, <u16>i);
    store<u32>(STARTS + 4 * bits, start + 1);
  }

  // Codes in their order, shortest first: the table for one more bit is twice that before, and then has the codes of that length.
  let code: u32 = 0;
  let next: u32 = SORTED;
  let bits: u32 = 1;
  for (; bits <= firstBits; bits++) {
    const half: u32 = 4 << (bits - 1);
    memory.copy(table + half, table, half);
    code <<= 1;
    for (let left = load<u32>(COUNTS + 4 * bits); left != 0; left--) {
      store<u32>(table + 4 * reversed(code, bits), entryOf(load<u32>(symbols + 4 * <u32>load<u16>(next)), bits));
      code++;
      next += 2;
    }
  }

  // Longer ones share their first bits with others; these get a table as large as the longest needs.
  let prefix: u32 = 0xffffffff;
  let sub: u32 = 0;
  let subBits: u32 = 0;
  let end: u32 = table + (4 << firstBits);
  for (; bits <= longest; bits++) {
    code <<= 1;
    for (let left = load<u32>(COUNTS + 4 * bits); left != 0; left--) {
      const turned = reversed(code, bits);
      const own = bits - firstBits;
      const first = turned & ((1 << firstBits) - 1);
      if (first != prefix) {
        prefix = first;
        subBits = own;
        for (let taken = left; taken < <u32>1 << subBits && firstBits + subBits < longest; ) {
          subBits++;
          taken = (taken << 1) + load<u32>(COUNTS + 4 * (firstBits + subBits));
        }
        sub = end;
        end += 4 << subBits;
        store<u32>(table + 4 * first, (((sub - table) >> 2) << 16) | SUBTABLE | (subBits << 8) | firstBits);
      }
      const entry = entryOf(load<u32>(symbols + 4 * <u32>load<u16>(next)), own);
      for (let i = turned >> firstBits; i < <u32>1 << subBits; i += <u32>1 << own) store<u32>(sub + 4 * i, entry);
      code++;
      next += 2;
    }
  }
  return true;
}

/** The order in which lengths of codes for lengths of codes come: 16, 17, 18, 0, 8, 7, 9, 6, 10 ... 15. */
@inline
function lengthSymbol(i: u32): u32 {
  return i < 3 ? 16 + i : i == 3 ? 0 : i & 1 ? 7 - ((i - 5) >> 1) : 8 + ((i - 4) >> 1);
}

/**
 * Inflates the stream of `inputBytes` at `input` to at most `outputBytes` at `output`; {@link madeBytes} tells how many. Bytes after the
 * stream are left alone. Behind both are {@link SLACK} bytes, those of the input 0.
 *
 * @returns OK or what is wrong with the stream
 */
export function inflate(input: u32, inputBytes: u32, output: u32, outputBytes: u32): u32 {
  if (!isReady) setUp();
  const inputEnd = input + inputBytes;
  const outputEnd = output + outputBytes;
  if (inputBytes < 2) return CUT;
  const header = (<u32>load<u8>(input) << 8) | load<u8>(input, 1);
  // Method 8 (deflate), a window of at most 32 kB, no preset dictionary.
  if ((header & 0x0f00) != 0x0800 || header >> 12 > 7 || header % 31 != 0 || (header & 0x20) != 0) return DAMAGED;
  let p = input + 2;
  let out = output;
  /** The next `n` bits of the stream, and maybe some more behind them. */
  let bits: u64 = 0;
  let n: u32 = 0;
  let isLast: bool = false;
  while (!isLast) {
    bits |= load<u64>(p) << <u64>n;
    p += (63 - n) >> 3;
    n |= 56;
    // Eight bytes that are not used yet may have been read.
    if (p > inputEnd + 8) return CUT;
    isLast = <bool>(bits & 1);
    const kind = <u32>(bits >> 1) & 3;
    bits >>= 3;
    n -= 3;
    if (kind == 3) return DAMAGED;
    if (kind == 0) {
      p -= n >> 3;
      bits = 0;
      n = 0;
      if (p + 4 > inputEnd) return CUT;
      const length: u32 = load<u16>(p);
      if ((length ^ 0xffff) != <u32>load<u16>(p, 2)) return DAMAGED;
      p += 4;
      if (length > inputEnd - p) return CUT;
      if (length > outputEnd - out) return TOO_LONG;
      memory.copy(out, p, length);
      p += length;
      out += length;
      continue;
    }
    if (kind == 1) {
      memory.fill(CODE_BITS, 8, 144);
      memory.fill(CODE_BITS + 144, 9, 112);
      memory.fill(CODE_BITS + 256, 7, 24);
      memory.fill(CODE_BITS + 280, 8, 8);
      memory.fill(CODE_BITS + 288, 5, 32);
      buildTable(DISTANCES, DISTANCE_BITS, CODE_BITS + 288, 32, DISTANCE_SYMBOLS, 0);
      buildTable(LITERALS, LITERAL_BITS, CODE_BITS, 288, LITERAL_SYMBOLS, 0);
    } else {
      const literals = (<u32>bits & 31) + 257;
      const distances = (<u32>(bits >> 5) & 31) + 1;
      const lengths = (<u32>(bits >> 10) & 15) + 4;
      if (literals > 286 || distances > 30) return DAMAGED;
      bits >>= 14;
      n -= 14;
      memory.fill(CODE_BITS, 0, 19);
      for (let i: u32 = 0; i < lengths; i++) {
        if (n < 3) {
          bits |= load<u64>(p) << <u64>n;
          p += (63 - n) >> 3;
          n |= 56;
        }
        store<u8>(CODE_BITS + lengthSymbol(i), <u8>(bits & 7));
        bits >>= 3;
        n -= 3;
      }
      if (!buildTable(LENGTH_CODES, LENGTHS_BITS, CODE_BITS, 19, LENGTH_SYMBOLS, 0)) return DAMAGED;
      for (let i: u32 = 0; i < literals + distances; ) {
        bits |= load<u64>(p) << <u64>n;
        p += (63 - n) >> 3;
        n |= 56;
        if (p > inputEnd + 8) return CUT;
        const entry = load<u32>(LENGTH_CODES + 4 * (<u32>bits & ((1 << LENGTHS_BITS) - 1)));
        bits >>= <u64>entry;
        n -= entry & 31;
        const symbol = entry >> 16;
        if (symbol < 16) {
          store<u8>(CODE_BITS + i++, <u8>symbol);
          continue;
        }
        let value: u8 = 0;
        let times: u32 = 0;
        let extra: u32 = 2;
        if (symbol == 16) {
          if (i == 0) return DAMAGED;
          value = load<u8>(CODE_BITS + i - 1);
          times = 3 + (<u32>bits & 3);
        } else if (symbol == 17) {
          times = 3 + (<u32>bits & 7);
          extra = 3;
        } else {
          times = 11 + (<u32>bits & 127);
          extra = 7;
        }
        bits >>= <u64>extra;
        n -= extra;
        if (i + times > literals + distances) return DAMAGED;
        memory.fill(CODE_BITS + i, value, times);
        i += times;
      }
      // Without a code for the end of the block there is none.
      if (load<u8>(CODE_BITS + 256) == 0) return DAMAGED;
      if (!buildTable(DISTANCES, DISTANCE_BITS, CODE_BITS + literals, distances, DISTANCE_SYMBOLS, NO_DISTANCE)) return DAMAGED;
      if (!buildTable(LITERALS, LITERAL_BITS, CODE_BITS, literals, LITERAL_SYMBOLS, UNUSED)) return DAMAGED;
    }

    while (true) {
      if (out > outputEnd) return TOO_LONG;
      if (p > inputEnd + 8) return CUT;
      bits |= load<u64>(p) << <u64>n;
      p += (63 - n) >> 3;
      n |= 56;
      let entry = load<u32>(LITERALS + 4 * (<u32>bits & ((1 << LITERAL_BITS) - 1)));
      if (<i32>entry < 0) {
        // Four codes of at most 11 bits are in the 56 at hand. A shift by an entry is one by its last six bits.
        bits >>= <u64>entry;
        n -= entry & 31;
        store<u8>(out, <u8>(entry >> 16));
        entry = load<u32>(LITERALS + 4 * (<u32>bits & ((1 << LITERAL_BITS) - 1)));
        if (<i32>entry < 0) {
          bits >>= <u64>entry;
          n -= entry & 31;
          store<u8>(out, <u8>(entry >> 16), 1);
          entry = load<u32>(LITERALS + 4 * (<u32>bits & ((1 << LITERAL_BITS) - 1)));
          if (<i32>entry < 0) {
            bits >>= <u64>entry;
            n -= entry & 31;
            store<u8>(out, <u8>(entry >> 16), 2);
            entry = load<u32>(LITERALS + 4 * (<u32>bits & ((1 << LITERAL_BITS) - 1)));
            if (<i32>entry < 0) {
              bits >>= <u64>entry;
              n -= entry & 31;
              store<u8>(out, <u8>(entry >> 16), 3);
              out += 4;
              continue;
            }
            out += 3;
          } else out += 2;
        } else out += 1;
        bits |= load<u64>(p) << <u64>n;
        p += (63 - n) >> 3;
        n |= 56;
      }
      // What follows takes at most 15 + 5 bits for the length, 15 + 13 for the distance.
      if (entry & (SUBTABLE | END)) {
        if (entry & SUBTABLE) {
          if (entry & END) return DAMAGED;
          bits >>= <u64>LITERAL_BITS;
          n -= LITERAL_BITS;
          entry = load<u32>(LITERALS + 4 * ((entry >> 16) + (<u32>bits & ((1 << ((entry >> 8) & 15)) - 1))));
          if (<i32>entry < 0) {
            bits >>= <u64>entry;
            n -= entry & 31;
            store<u8>(out++, <u8>(entry >> 16));
            continue;
          }
        }
        if (entry & END) {
          bits >>= <u64>entry;
          n -= entry & 31;
          break;
        }
      }
      const ofLength = (entry >> 8) & 15;
      const length = (entry >> 16) + (<u32>(bits >> <u64>ofLength) & ((1 << ((entry & 31) - ofLength)) - 1));
      bits >>= <u64>entry;
      n -= entry & 31;
      entry = load<u32>(DISTANCES + 4 * (<u32>bits & ((1 << DISTANCE_BITS) - 1)));
      if (entry & SUBTABLE) {
        bits >>= <u64>DISTANCE_BITS;
        n -= DISTANCE_BITS;
        entry = load<u32>(DISTANCES + 4 * ((entry >> 16) + (<u32>bits & ((1 << ((entry >> 8) & 15)) - 1))));
      }
      const ofDistance = (entry >> 8) & 15;
      const distance = (entry >> 16) + (<u32>(bits >> <u64>ofDistance) & ((1 << ((entry & 31) - ofDistance)) - 1));
      bits >>= <u64>entry;
      n -= entry & 31;
      // Distance 0 too.
      if (distance - 1 >= out - output) return DAMAGED;
      if (out + length > outputEnd) return TOO_LONG;
      const end = out + length;
      let from = out - distance;
      if (distance >= 8) {
        do {
          store<u64>(out, load<u64>(from));
          out += 8;
          from += 8;
        } while (out < end);
      } else if (distance == 1) {
        const eight: u64 = <u64>load<u8>(from) * 0x0101010101010101;
        do {
          store<u64>(out, eight);
          out += 8;
        } while (out < end);
      } else {
        // Of the eight bytes as many are right as the distance has.
        do {
          store<u64>(out, load<u64>(from));
          out += distance;
          from += distance;
        } while (out < end);
      }
      out = end;
    }
  }
  if (out > outputEnd) return TOO_LONG;
  p -= n >> 3;
  if (p + 4 > inputEnd) return CUT;
  made = out - output;
  return bswap<u32>(load<u32>(p)) == adler32(output, made) ? OK : WRONG_CHECKSUM;
}

const MODULUS: u32 = 65521;
/** Sixteens of bytes before sums could exceed 32 bits: 345 * 16 bytes of 255 (zlib: 5,552 bytes). */
const MOST_SIXTEENS: u32 = 345;

/** The checksum of RFC 1950: the sum of all bytes, and the sum of these sums, modulo 65,521. */
function adler32(from: u32, bytes: u32): u32 {
  let a: u32 = 1;
  let b: u32 = 0;
  const end = from + bytes;
  // How often each of sixteen bytes stands in the sums after it.
  const first = i16x8(16, 15, 14, 13, 12, 11, 10, 9);
  const second = i16x8(8, 7, 6, 5, 4, 3, 2, 1);
  while (from + 16 <= end) {
    const sixteens = min((end - from) >> 4, MOST_SIXTEENS);
    const stop = from + (sixteens << 4);
    let sums = i32x4.splat(0);
    let before = i32x4.splat(0);
    let weighted = i32x4.splat(0);
    for (; from < stop; from += 16) {
      const v = v128.load(from);
      before = i32x4.add(before, sums);
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(v)));
      weighted = i32x4.add(weighted, i32x4.add(i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(v), first), i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(v), second)));
    }
    b = (b + a * (sixteens << 4) + lanes(weighted) + (lanes(before) % MODULUS) * 16) % MODULUS;
    a = (a + lanes(sums)) % MODULUS;
  }
  for (; from < end; from++) {
    a += load<u8>(from);
    b += a;
  }
  return ((b % MODULUS) << 16) | (a % MODULUS);
}

@inline
function lanes(v: v128): u32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}
