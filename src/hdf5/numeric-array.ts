import type { NumericArray, NumericType } from './hdf5-file.js';

/** A number as a file stores it: half floats are read as float32. */
export type StoredType = NumericType | 'float16';

const SIZES: Readonly<Record<StoredType, number>> = {
  int8: 1, uint8: 1, int16: 2, uint16: 2, int32: 4, uint32: 4, int64: 8, uint64: 8, float16: 2, float32: 4, float64: 8
};

/** Bytes of one stored value. */
export const sizeOf = (type: StoredType): number => SIZES[type];

export const isStoredType = (name: unknown): name is StoredType => typeof name === 'string' && Object.hasOwn(SIZES, name);

/** What values of a stored type are read as. */
export const valueType = (type: StoredType): NumericType => (type === 'float16' ? 'float32' : type);

/** `bytes` as numbers of the machine's byte order, without a copy but for half floats; its offset must fit the type. */
export function viewAs(type: StoredType, bytes: Uint8Array<ArrayBufferLike>): NumericArray {
  const { buffer, byteOffset } = bytes;
  const count = Math.floor(bytes.length / SIZES[type]);
  switch (type) {
    case 'int8': return new Int8Array(buffer, byteOffset, count);
    case 'uint8': return new Uint8Array(buffer, byteOffset, count);
    case 'int16': return new Int16Array(buffer, byteOffset, count);
    case 'uint16': return new Uint16Array(buffer, byteOffset, count);
    case 'int32': return new Int32Array(buffer, byteOffset, count);
    case 'uint32': return new Uint32Array(buffer, byteOffset, count);
    case 'int64': return new BigInt64Array(buffer, byteOffset, count);
    case 'uint64': return new BigUint64Array(buffer, byteOffset, count);
    case 'float16': return fromHalf(new Uint16Array(buffer, byteOffset, count));
    case 'float32': return new Float32Array(buffer, byteOffset, count);
    case 'float64': return new Float64Array(buffer, byteOffset, count);
  }
}

/** Zeros. */
export const numericArray = (type: NumericType, count: number): NumericArray => viewAs(type, new Uint8Array(count * SIZES[type]));

/** IEEE 754 binary16: 5 bits of exponent with bias 15, 10 of mantissa. Every one of them is exact in binary32. */
function fromHalf(halves: Uint16Array): Float32Array {
  const out = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i]!;
    const exponent = (half >> 10) & 31;
    const mantissa = half & 1023;
    const size = exponent === 0 ? mantissa * 2 ** -24 : exponent < 31 ? (1024 + mantissa) * 2 ** (exponent - 25) : mantissa === 0 ? Infinity : NaN;
    out[i] = half & 0x8000 ? -size : size;
  }
  return out;
}

/** Turns the bytes of every value round, in place. */
export function swapBytes(bytes: Uint8Array, elementBytes: number): void {
  for (let from = 0; from + elementBytes <= bytes.length; from += elementBytes) {
    for (let i = from, k = from + elementBytes - 1; i < k; i++, k--) {
      const byte = bytes[i]!;
      bytes[i] = bytes[k]!;
      bytes[k] = byte;
    }
  }
}
