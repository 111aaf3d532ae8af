import { inflateSync } from 'node:zlib';
import type { ChunkCodecs } from './chunk-codecs.js';
import { wasmCodecs } from './wasm-inflate.js';

/** Node's zlib. */
export const zlibCodecs: ChunkCodecs = {
  // One byte of room more than needed, and zlib reaches the end of the stream in its first call: no second buffer is made.
  // Below 4 kB Node would give a piece of the memory that all its small buffers share.
  inflate: (bytes, sizeBytes) => inflateSync(bytes, { chunkSize: Math.max(8192, sizeBytes + 1), maxOutputLength: Math.max(1, sizeBytes) })
};

/** In Node. */
export const nodeCodecs: ChunkCodecs = wasmCodecs(zlibCodecs);
