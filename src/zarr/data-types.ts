import type { DataType } from '../config/index.js';

/** Values of one chunk or array. */
export type ChunkValues =
  | Int8Array | Int16Array | Int32Array | BigInt64Array
  | Uint8Array | Uint16Array | Uint32Array | BigUint64Array
  | Float32Array | Float64Array;

const ARRAYS = {
  int8: Int8Array, int16: Int16Array, int32: Int32Array, int64: BigInt64Array,
  uint8: Uint8Array, uint16: Uint16Array, uint32: Uint32Array, uint64: BigUint64Array,
  float32: Float32Array, float64: Float64Array
} as const;

/** Whether a text names a type that magg reads and writes. */
export function isDataType(text: unknown): text is DataType {
  return typeof text === 'string' && Object.hasOwn(ARRAYS, text);
}

/** Bytes of one value. */
export function bytesPerValue(dtype: DataType): number {
  return ARRAYS[dtype].BYTES_PER_ELEMENT;
}

/** Whether `values` are held in the array that belongs to `dtype`. */
export function holdsType(values: ChunkValues, dtype: DataType): boolean {
  return values instanceof ARRAYS[dtype];
}

/** `length` copies of a fill value. */
export function filledArray(dtype: DataType, length: number, fillValue: number | bigint): ChunkValues {
  const values = new ARRAYS[dtype](length);
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) values.fill(BigInt(fillValue));
  else values.fill(Number(fillValue));
  return values;
}

/** Little-endian bytes as values; copied only where they are not aligned. The length must be a multiple of the value's size. */
export function valuesOf(bytes: Uint8Array, dtype: DataType): ChunkValues {
  const size = bytesPerValue(dtype);
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return new ARRAYS[dtype](aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.byteLength / size);
}
