import type { Compression, DataType } from '../config/index.js';
import { isDataType } from './data-types.js';
import { isJsonObject, type ExactJson, type ExactJsonObject } from './exact-json.js';
import { MAX_ORDER_STEP } from './layout.js';

/** One array of a group as it stands in a store: one dimension, chunks of 4^k cells, k at most 12. */
export interface StoredArray {
  readonly name: string;
  /** Key of the array's folder in the store, such as `12/h_mean`. */
  readonly path: string;
  readonly dtype: DataType;
  readonly fillValue: number | bigint;
  /** Number of values. */
  readonly length: number;
  /** Values a chunk. */
  readonly chunkLength: number;
  readonly compression: Compression;
  /** What stands between `c` and the chunk's number in a key. */
  readonly separator: '/' | '.';
  readonly attributes: ExactJsonObject;
}

/** An array of another form than magg writes, and how it differs. */
export interface OtherArray {
  readonly name: string;
  readonly path: string;
  readonly otherwise: string;
}

/** Key of a chunk. */
export function chunkKey(array: StoredArray, index: number): string {
  return `${array.path}/c${array.separator}${index}`;
}

/** Reads the metadata of an array; every size is checked here, before anything is allocated by it. */
export function parseArrayNode(path: string, node: ExactJsonObject): StoredArray | OtherArray {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const other = (otherwise: string): OtherArray => ({ name, path, otherwise });
  const dtype = node.data_type;
  if (!isDataType(dtype)) return other(`data_type ${brief(dtype)}`);
  const length = onlyNumber(node.shape);
  if (length === undefined || length < 0) return other(`shape ${brief(node.shape)}`);
  const chunkLength = onlyNumber(configuration(node.chunk_grid, 'regular')?.chunk_shape);
  const step = chunkLength === undefined ? NaN : Math.log2(chunkLength) / 2;
  if (chunkLength === undefined || !Number.isInteger(step) || step > MAX_ORDER_STEP) return other(`chunk_grid ${brief(node.chunk_grid)}`);
  const keys = configuration(node.chunk_key_encoding, 'default');
  const separator = keys?.separator ?? '/';
  if (!keys || (separator !== '/' && separator !== '.')) return other(`chunk_key_encoding ${brief(node.chunk_key_encoding)}`);
  const compression = compressionOf(node.codecs);
  if (!compression) return other(`codecs ${brief(node.codecs)}`);
  const fillValue = parseFillValue(dtype, node.fill_value);
  if (fillValue === undefined) return other(`fill_value ${brief(node.fill_value)}`);
  if (Array.isArray(node.storage_transformers) && node.storage_transformers.length > 0) return other('storage_transformers');
  const attributes = isJsonObject(node.attributes) ? node.attributes : {};
  return { name, path, dtype, fillValue, length, chunkLength, compression, separator, attributes };
}

/** A fill value in the forms of Zarr v3: number, `NaN`, `Infinity`, or the bits of a float as `0x…`. */
function parseFillValue(dtype: DataType, value: ExactJson | undefined): number | bigint | undefined {
  if (typeof value === 'boolean') return undefined;
  const isFloat = dtype === 'float32' || dtype === 'float64';
  if (isFloat && typeof value === 'string') {
    if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
    const digits = dtype === 'float32' ? 8 : 16;
    if (!new RegExp(`^0x[0-9a-fA-F]{${digits}}$`).test(value)) return undefined;
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, BigInt(value));
    return dtype === 'float32' ? view.getFloat32(4) : view.getFloat64(0);
  }
  if (typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  if (dtype === 'float32') return Math.fround(Number(value));
  if (dtype !== 'int64' && dtype !== 'uint64') return Number(value);
  return typeof value === 'bigint' || Number.isInteger(value) ? BigInt(value) : undefined;
}

/** Only `bytes`, little-endian, and one of the compressors. */
function compressionOf(codecs: ExactJson | undefined): Compression | undefined {
  if (!Array.isArray(codecs) || codecs.length < 1 || codecs.length > 2) return undefined;
  const [bytes, compressor] = codecs as readonly ExactJson[];
  const endian = configuration(bytes, 'bytes');
  if (!endian || (endian.endian !== undefined && endian.endian !== 'little')) return undefined;
  if (compressor === undefined) return 'none';
  return configuration(compressor, 'gzip') ? 'gzip' : configuration(compressor, 'zstd') ? 'zstd' : undefined;
}

/** The configuration of an extension with this name; the short form, only a name, is an empty one. */
function configuration(extension: ExactJson | undefined, name: string): ExactJsonObject | undefined {
  if (extension === name) return {};
  if (!isJsonObject(extension) || extension.name !== name) return undefined;
  return isJsonObject(extension.configuration) ? extension.configuration : {};
}

function onlyNumber(value: ExactJson | undefined): number | undefined {
  if (!Array.isArray(value) || value.length !== 1) return undefined;
  const only = (value as readonly ExactJson[])[0];
  // Only a full sphere of order 26 and more has 16 digits, and 12·4^k is exact in a double.
  const number = typeof only === 'bigint' ? Number(only) : only;
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
}

function brief(value: ExactJson | undefined): string {
  return (JSON.stringify(value, (_, item: ExactJson) => (typeof item === 'bigint' ? String(item) : item)) ?? 'missing').slice(0, 100);
}
