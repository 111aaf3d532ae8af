import { MaggError, type Abortable } from '../base/index.js';
import type { DataType } from '../config/index.js';
import type { ObjectStore } from '../io/index.js';
import { bytesPerValue, valuesOf, type ChunkValues } from './data-types.js';
import { briefJson, isJsonObject, type ExactJsonObject } from './exact-json.js';
import { readNode, writeNode } from './metadata-node.js';
import { wholeArrayNode } from './metadata.js';

/** An array that is one chunk without compression. */
export interface WholeArray {
  readonly dtype: DataType;
  readonly fillValue: number | bigint;
  readonly shape: readonly number[];
  readonly dimensions: readonly string[];
  readonly attributes: ExactJsonObject;
}

const MAX_VALUES = 2 ** 29;

/** Writes the chunk, then the metadata: before them the chunk is none. */
export async function writeWholeArray(store: ObjectStore, path: string, array: WholeArray, values: ChunkValues, options: Abortable): Promise<void> {
  await store.put(`${path}/c/${array.shape.map(() => 0).join('/')}`, new Uint8Array(values.buffer, values.byteOffset, values.byteLength), options);
  await writeNode(store, `${path}/zarr.json`, wholeArrayNode({ ...array, chunkShape: array.shape }), options);
}

/** Reads such an array of one or two dimensions. Throws `damaged-store` where there is none, or another. */
export async function readWholeArray(store: ObjectStore, path: string, dtype: DataType, options: Abortable): Promise<{ readonly shape: readonly number[]; readonly values: ChunkValues }> {
  const node = await readNode(store, `${path}/zarr.json`, options);
  const fail = (found: string): never => {
    throw new MaggError('damaged-store', `expected ${path} of ${store.name} to be one chunk of ${dtype}, found ${found}`, { context: { file: path } });
  };
  if (!node) return fail('no array');
  const grid = isJsonObject(node.chunk_grid) && isJsonObject(node.chunk_grid.configuration) ? node.chunk_grid.configuration.chunk_shape : undefined;
  const [shape, chunk] = [sizesOf(node.shape), sizesOf(grid)];
  if (node.data_type !== dtype || !shape || !chunk || shape.join() !== chunk.join()) return fail(`data_type ${briefJson(node.data_type)}, shape ${briefJson(node.shape)}, chunks ${briefJson(grid)}`);
  const length = shape.reduce((product, size) => product * size, 1);
  const bytes = await store.get(`${path}/c/${shape.map(() => 0).join('/')}`, options);
  if (bytes?.length !== length * bytesPerValue(dtype)) return fail(`${bytes?.length ?? 'no'} bytes for ${length} values`);
  return { shape, values: valuesOf(bytes, dtype) };
}

function sizesOf(value: unknown): readonly number[] | undefined {
  if (!Array.isArray(value) || value.length < 1 || value.length > 2) return undefined;
  const sizes = value as readonly unknown[];
  if (!sizes.every(size => typeof size === 'number' && Number.isInteger(size) && size >= 0)) return undefined;
  return (sizes as readonly number[]).reduce((product, size) => product * size, 1) <= MAX_VALUES ? (sizes as readonly number[]) : undefined;
}
