import type { DataType } from '../config/index.js';
import type { ChunkValues } from './data-types.js';
import { cellsPerChunk } from './layout.js';

/** What of a layout, or of a group that stands in a store, the hash of a parent depends on. */
export interface HashedGroup {
  readonly parentOrder: number;
  readonly childOrder: number;
  readonly variables: readonly { readonly name: string; readonly dtype: DataType }[];
}

/** SHA-256 of bytes, 32 bytes; must not keep the bytes beyond its result. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/** Hashes the values of one parent after the other, given in the order of the group's variables. */
export type ContentHasher = (values: readonly ChunkValues[]) => Promise<string>;

/**
 * What a parent holds, as 64 hexadecimal digits: SHA-256 over its variables in ascending order of their names (by UTF-16
 * code unit), each as a header in UTF-8 (`name`, space, Zarr data type, space, values per cell, line feed) and its decoded
 * values, little-endian, cell by cell in nested order. Codecs, chunk order and attributes do not change it. `sha256`: the
 * host's own where it has one, since `crypto.subtle` takes 0.1 ms a call beyond the work; default that.
 */
export function createContentHasher(group: HashedGroup, sha256: Sha256 = webSha256): ContentHasher {
  const cells = cellsPerChunk(group);
  const order = group.variables.map((_, i) => i).sort((a, b) => (group.variables[a]!.name < group.variables[b]!.name ? -1 : 1));
  const heads = group.variables.map(() => new Uint8Array(0));
  const free: Uint8Array[] = [];
  let size = 0;
  return async values => {
    if (size === 0) {
      group.variables.forEach(({ name, dtype }, i) => (heads[i] = new TextEncoder().encode(`${name} ${dtype} ${values[i]!.length / cells}\n`)));
      size = values.reduce((sum, array, i) => sum + heads[i]!.length + array.byteLength, 0);
    }
    const bytes = free.pop() ?? new Uint8Array(size);
    let at = 0;
    for (const i of order) {
      const array = values[i]!;
      bytes.set(heads[i]!, at);
      bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at + heads[i]!.length);
      at += heads[i]!.length + array.byteLength;
    }
    const digest = await sha256(bytes);
    free.push(bytes);
    return hexOf(digest);
  };
}

/** The hash of one parent, see {@link createContentHasher}. */
export function contentHash(group: HashedGroup, values: readonly ChunkValues[]): Promise<string> {
  return createContentHasher(group)(values);
}

/** Bytes as hexadecimal digits. */
export function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += HEX[bytes[i]!]!;
  return text;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

const webSha256 = async (bytes: Uint8Array): Promise<Uint8Array> => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
