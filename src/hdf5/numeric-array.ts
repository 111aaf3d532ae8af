import type { NumericArray, NumericType } from './hdf5-file.js';

const SIZES: Readonly<Record<NumericType, number>> = { int8: 1, uint8: 1, int16: 2, uint16: 2, int32: 4, uint32: 4, int64: 8, uint64: 8, float32: 4, float64: 8 };

/** Bytes of one value. */
export const sizeOf = (type: NumericType): number => SIZES[type];

/** `bytes` as numbers of the machine's byte order, without a copy; its offset must fit the type. */
export function viewAs(type: NumericType, bytes: Uint8Array<ArrayBufferLike>): NumericArray {
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
    case 'float32': return new Float32Array(buffer, byteOffset, count);
    case 'float64': return new Float64Array(buffer, byteOffset, count);
  }
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
