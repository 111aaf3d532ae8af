import type { Compression, DataType } from '../config/index.js';
import type { ChunkForm } from './array-spec.js';
import { isDataType } from './data-types.js';
import { briefJson, isJsonObject, type ExactJson, type ExactJsonObject } from './exact-json.js';
import { MAX_CHUNK_VALUES, MAX_ORDER_STEP } from './layout.js';

/** One array of a group as it stands in a store: one value per cell or, with a second dimension, several; 4^k cells a chunk. */
export interface StoredArray extends ChunkForm {
  readonly name: string;
  /** Key of the array's folder in the store, such as `12/h_mean`. */
  readonly path: string;
  /** Number of cells. */
  readonly length: number;
  /** 2: `width` values a cell along a second dimension, in one chunk. */
  readonly rank: 1 | 2;
  /** Names of the dimensions, where they are told. */
  readonly dimensions: readonly string[];
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
export function chunkKey({ path, separator, rank }: StoredArray, index: number): string {
  return `${path}/c${separator}${index}${rank === 2 ? `${separator}0` : ''}`;
}

/** Reads the metadata of an array; every size is checked here, before anything is allocated by it. */
export function parseArrayNode(path: string, node: ExactJsonObject): StoredArray | OtherArray {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const other = (otherwise: string): OtherArray => ({ name, path, otherwise });
  const dtype = node.data_type;
  if (!isDataType(dtype)) return other(`data_type ${briefJson(dtype)}`);
  const [length, width = 1, ...more] = numbers(node.shape) ?? [];
  if (length === undefined || length < 0 || width < 1 || more.length > 0) return other(`shape ${briefJson(node.shape)}`);
  const rank = (node.shape as readonly ExactJson[]).length as 1 | 2;
  const chunkCells = cellsOf(configuration(node.chunk_grid, 'regular')?.chunk_shape, rank, width);
  if (chunkCells === undefined || chunkCells * width > MAX_CHUNK_VALUES) return other(`chunk_grid ${briefJson(node.chunk_grid)}`);
  const keys = configuration(node.chunk_key_encoding, 'default');
  const separator = keys?.separator ?? '/';
  if (!keys || (separator !== '/' && separator !== '.')) return other(`chunk_key_encoding ${briefJson(node.chunk_key_encoding)}`);
  const codecs = parseCodecs(node.codecs, rank, width, chunkCells);
  if (!codecs) return other(`codecs ${briefJson(node.codecs)}`);
  const fillValue = parseFillValue(dtype, node.fill_value);
  if (fillValue === undefined) return other(`fill_value ${briefJson(node.fill_value)}`);
  if (Array.isArray(node.storage_transformers) && node.storage_transformers.length > 0) return other('storage_transformers');
  const attributes = isJsonObject(node.attributes) ? node.attributes : {};
  const names = Array.isArray(node.dimension_names) ? (node.dimension_names as readonly ExactJson[]) : [];
  const dimensions = names.filter(text => typeof text === 'string');
  return { name, path, dtype, fillValue, length, rank, width, chunkCells, ...codecs, separator, dimensions, attributes };
}

/** Cells of a chunk from its shape: 4^k along the cells, all along a second dimension. */
function cellsOf(shape: ExactJson | undefined, rank: 1 | 2, width: number): number | undefined {
  const [cells, ...rest] = numbers(shape) ?? [];
  if (cells === undefined || rest.join() !== (rank === 2 ? String(width) : '')) return undefined;
  const step = Math.log2(cells) / 2;
  return Number.isInteger(step) && step <= MAX_ORDER_STEP ? cells : undefined;
}

/** Little-endian bytes and a compressor or none; or a shard of such, its index at the end. */
function parseCodecs(codecs: ExactJson | undefined, rank: 1 | 2, width: number, chunkCells: number): Pick<ChunkForm, 'innerCells' | 'compression'> | undefined {
  if (!Array.isArray(codecs)) return undefined;
  const [first, ...rest] = codecs as readonly ExactJson[];
  const shard = configuration(first, 'sharding_indexed');
  if (!shard) {
    const compression = compressionOf(codecs);
    return compression && { innerCells: undefined, compression };
  }
  const innerCells = cellsOf(shard.chunk_shape, rank, width);
  const compression = compressionOf(shard.codecs);
  const [order, sum, ...more] = Array.isArray(shard.index_codecs) ? (shard.index_codecs as readonly ExactJson[]) : [];
  const isIndexOurs = order !== undefined && compressionOf([order]) === 'none' && configuration(sum, 'crc32c') !== undefined && more.length === 0;
  const isAtEnd = shard.index_location === undefined || shard.index_location === 'end';
  if (rest.length > 0 || innerCells === undefined || innerCells > chunkCells || !compression || !isIndexOurs || !isAtEnd) return undefined;
  return { innerCells, compression };
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

/** Whole numbers; undefined when anything else is among them. */
function numbers(value: ExactJson | undefined): readonly number[] | undefined {
  if (!Array.isArray(value)) return undefined;
  // Only a full sphere of order 26 and more has 16 digits, and 12·4^k is exact in a double.
  const all = (value as readonly ExactJson[]).map(item => (typeof item === 'bigint' ? Number(item) : item));
  return all.every(item => typeof item === 'number' && Number.isInteger(item)) ? (all as readonly number[]) : undefined;
}
