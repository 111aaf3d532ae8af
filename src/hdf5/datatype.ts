import type { StoredType } from './numeric-array.js';
import { MESSAGE, readHeader, sharedAddress, type HeaderMessage } from './object-header.js';
import type { PageCache } from './page-cache.js';

export type Datatype =
  | { readonly kind: 'number'; readonly type: StoredType; readonly sizeBytes: number; readonly bigEndian: boolean }
  | { readonly kind: 'text'; readonly sizeBytes: number }
  | { readonly kind: 'variable-text'; readonly sizeBytes: number }
  | { readonly kind: 'other'; readonly name: string; readonly sizeBytes: number };

const NAMES = ['integer', 'float', 'time', 'text', 'bit field', 'opaque', 'compound', 'reference', 'enumeration', 'variable length', 'array', 'complex'];
/** IEEE layouts: precision in bits, position and size of exponent and mantissa, bias. */
const IEEE: Readonly<Record<number, readonly number[]>> = { 2: [16, 10, 5, 0, 10, 15], 4: [32, 23, 8, 0, 23, 127], 8: [64, 52, 11, 0, 52, 1023] };

/** A datatype message, shared (named types) or not. An enumeration is the integer it is stored as. */
export function readDatatype(pages: PageCache, { shared, data }: Pick<HeaderMessage, 'shared' | 'data'>): Datatype {
  if (!shared) return parse(pages, data, 0);
  const message = readHeader(pages, sharedAddress(pages, data)).find(m => m.type === MESSAGE.datatype && !m.shared);
  if (!message) throw pages.damaged('a named datatype is none');
  return parse(pages, message.data, 0);
}

function parse(pages: PageCache, data: Uint8Array, depth: number): Datatype {
  const at = pages.reader(data);
  const kind = at.u8() & 15;
  const bits = at.uint(3);
  const sizeBytes = at.u32();
  if (sizeBytes === 0) throw pages.damaged('a datatype has no bytes');
  const other: Datatype = { kind: 'other', name: `${NAMES[kind] ?? 'unknown type'} of ${sizeBytes} bytes`, sizeBytes };
  switch (kind) {
    case 0:
    case 4: {
      // A bit field is laid out like an integer, its sign bit is one of its own.
      const whole = at.u16() === 0 && at.u16() === 8 * sizeBytes;
      const type = whole ? integerType(sizeBytes, kind === 0 && (bits & 8) !== 0) : undefined;
      return type ? { kind: 'number', type, sizeBytes, bigEndian: (bits & 1) !== 0 } : other;
    }
    case 1: {
      const expected = IEEE[sizeBytes];
      const offset = at.u16();
      const found = [at.u16(), at.u8(), at.u8(), at.u8(), at.u8(), at.u32()];
      if (!expected || offset !== 0 || bits & 0x40 || found.some((value, i) => value !== expected[i])) return other;
      return { kind: 'number', type: sizeBytes === 2 ? 'float16' : sizeBytes === 4 ? 'float32' : 'float64', sizeBytes, bigEndian: (bits & 1) !== 0 };
    }
    case 3:
      return { kind: 'text', sizeBytes };
    case 8: {
      if (depth > 0) return other;
      const base = parse(pages, data.subarray(8), depth + 1);
      return base.kind === 'number' && base.sizeBytes === sizeBytes ? base : other;
    }
    case 9:
      return (bits & 15) === 1 && sizeBytes === 16 ? { kind: 'variable-text', sizeBytes } : other;
    default:
      return other;
  }
}

function integerType(sizeBytes: number, signed: boolean): StoredType | undefined {
  switch (sizeBytes) {
    case 1: return signed ? 'int8' : 'uint8';
    case 2: return signed ? 'int16' : 'uint16';
    case 4: return signed ? 'int32' : 'uint32';
    case 8: return signed ? 'int64' : 'uint64';
    default: return undefined;
  }
}
