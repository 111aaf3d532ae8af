import type { Compression, DataType } from '../config/index.js';
import { cellIdsAttributes } from './dggs.js';
import type { ExactJson, ExactJsonObject } from './exact-json.js';
import { cellsPerChunk, type StoreLayout, type StoreVariable } from './layout.js';

/** Levels written into the metadata; encoders must use them. */
export const GZIP_LEVEL = 5;
export const ZSTD_LEVEL = 3;

const COMPRESSORS: Readonly<Record<Compression, readonly ExactJsonObject[]>> = {
  none: [],
  gzip: [{ name: 'gzip', configuration: { level: GZIP_LEVEL } }],
  zstd: [{ name: 'zstd', configuration: { level: ZSTD_LEVEL, checksum: false } }]
};

/** `zarr.json` of a group. */
export function groupNode(attributes: ExactJsonObject): ExactJsonObject {
  return { zarr_format: 3, node_type: 'group', attributes };
}

/** `zarr.json` of one array: a chunk per parent along the one dimension `cells`. */
export function arrayNode(layout: StoreLayout, array: StoreVariable): ExactJsonObject {
  const cells = cellsPerChunk(layout);
  const attributes = array.name === 'cell_ids' ? cellIdsAttributes(layout.childOrder, layout.latitude) : array.attributes ?? {};
  return {
    zarr_format: 3,
    node_type: 'array',
    shape: [cells * layout.parents.length],
    data_type: array.dtype,
    chunk_grid: { name: 'regular', configuration: { chunk_shape: [cells] } },
    chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
    fill_value: fillValueJson(array.dtype, array.fillValue),
    codecs: [{ name: 'bytes', configuration: { endian: 'little' } }, ...COMPRESSORS[layout.compression]],
    attributes,
    dimension_names: ['cells'],
    storage_transformers: []
  };
}

/** A fill value as Zarr v3 writes it: exact integers; NaN and the infinities as text. */
export function fillValueJson(dtype: DataType, value: number | bigint): ExactJson {
  if (dtype !== 'float32' && dtype !== 'float64') return BigInt(value);
  const number = Number(value);
  return Number.isFinite(number) ? number : String(number);
}
