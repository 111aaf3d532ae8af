import type { Compression, DataType } from '../config/index.js';
import { cellCount, type ArraySpec } from './array-spec.js';
import type { ExactJson, ExactJsonObject } from './exact-json.js';
import type { StoreLayout } from './layout.js';

/** Levels written into the metadata; encoders must use them. */
export const GZIP_LEVEL = 5;
export const ZSTD_LEVEL = 3;

const BYTES: ExactJsonObject = { name: 'bytes', configuration: { endian: 'little' } };
const COMPRESSORS: Readonly<Record<Compression, readonly ExactJsonObject[]>> = {
  none: [],
  gzip: [{ name: 'gzip', configuration: { level: GZIP_LEVEL } }],
  zstd: [{ name: 'zstd', configuration: { level: ZSTD_LEVEL, checksum: false } }]
};

/** `zarr.json` of a group. */
export function groupNode(attributes: ExactJsonObject): ExactJsonObject {
  return { zarr_format: 3, node_type: 'group', attributes };
}

/** `zarr.json` of one array of a layout: a chunk, or a shard, per parent along the dimension `cells`. */
export function arrayNode(layout: StoreLayout, spec: ArraySpec): ExactJsonObject {
  const bins = spec.dimensions.length === 2 ? [spec.width] : [];
  const cells = spec.role === 'bins' ? spec.chunkCells : cellCount(layout);
  return wholeArrayNode({
    dtype: spec.dtype, fillValue: spec.fillValue, attributes: spec.attributes, dimensions: spec.dimensions,
    shape: [cells, ...bins],
    chunkShape: [spec.chunkCells, ...bins],
    codecs: chunkCodecs(spec, bins)
  });
}

/** `zarr.json` of any array. */
export function wholeArrayNode(of: {
  readonly dtype: DataType;
  readonly fillValue: number | bigint;
  readonly shape: readonly (number | bigint)[];
  readonly chunkShape: readonly number[];
  readonly dimensions: readonly string[];
  readonly attributes: ExactJsonObject;
  readonly codecs?: readonly ExactJsonObject[];
}): ExactJsonObject {
  return {
    zarr_format: 3,
    node_type: 'array',
    shape: of.shape,
    data_type: of.dtype,
    chunk_grid: { name: 'regular', configuration: { chunk_shape: of.chunkShape } },
    chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
    fill_value: fillValueJson(of.dtype, of.fillValue),
    codecs: of.codecs ?? [BYTES],
    attributes: of.attributes,
    dimension_names: of.dimensions,
    storage_transformers: []
  };
}

function chunkCodecs({ compression, innerCells }: ArraySpec, bins: readonly number[]): readonly ExactJsonObject[] {
  const codecs = [BYTES, ...COMPRESSORS[compression]];
  if (innerCells === undefined) return codecs;
  return [{ name: 'sharding_indexed', configuration: { chunk_shape: [innerCells, ...bins], codecs, index_codecs: [BYTES, { name: 'crc32c' }], index_location: 'end' } }];
}

/** A fill value as Zarr v3 writes it: exact integers; NaN and the infinities as text. */
export function fillValueJson(dtype: DataType, value: number | bigint): ExactJson {
  if (dtype !== 'float32' && dtype !== 'float64') return BigInt(value);
  const number = Number(value);
  return Number.isFinite(number) ? number : String(number);
}
