import type { DataType } from '../config/index.js';
import type { ChunkValues } from './data-types.js';
import { cellsPerChunk } from './layout.js';

/** What of a layout, or of a group that stands in a store, the hash of a parent depends on. */
export interface HashedGroup {
  readonly parentOrder: number;
  readonly childOrder: number;
  readonly variables: readonly { readonly name: string; readonly dtype: DataType }[];
}

/**
 * What a parent holds, as 64 hexadecimal digits: SHA-256 over its variables in ascending order of their names (by UTF-16
 * code unit), each as a header in UTF-8 (`name`, space, Zarr data type, space, values per cell, line feed) and its decoded
 * values, little-endian, cell by cell in nested order. Codecs, chunk order and attributes do not change it. `values` in the
 * order of the layout's variables.
 */
export async function contentHash(layout: HashedGroup, values: readonly ChunkValues[]): Promise<string> {
  const cells = cellsPerChunk(layout);
  const parts = layout.variables
    .map(({ name, dtype }, i) => ({ name, head: new TextEncoder().encode(`${name} ${dtype} ${values[i]!.length / cells}\n`), values: values[i]! }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const bytes = new Uint8Array(parts.reduce((sum, { head, values: array }) => sum + head.length + array.byteLength, 0));
  let at = 0;
  for (const { head, values: array } of parts) {
    bytes.set(head, at);
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at + head.length);
    at += head.length + array.byteLength;
  }
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), byte => byte.toString(16).padStart(2, '0')).join('');
}
