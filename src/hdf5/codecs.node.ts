import { inflateSync } from 'node:zlib';
import type { ChunkCodecs } from './chunk-codecs.js';

/** Inflating with Node's zlib. */
export const nodeCodecs: ChunkCodecs = {
  // One byte of room more than needed, and zlib reaches the end of the stream in its first call: no second buffer is made.
  inflate: (bytes, sizeBytes) => inflateSync(bytes, { chunkSize: Math.max(64, sizeBytes + 1), maxOutputLength: Math.max(1, sizeBytes) })
};
