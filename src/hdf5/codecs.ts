import { unzlibSync } from 'fflate';
import type { ChunkCodecs } from './chunk-codecs.js';
import { wasmCodecs } from './wasm-inflate.js';

/** fflate, which does not look at the checksum, and the look. */
export const scriptCodecs: ChunkCodecs = {
  inflate(bytes, sizeBytes) {
    // fflate stops writing at the end of `out` without a word: one byte more shows a stream that is too long.
    const inflated = unzlibSync(bytes, { out: new Uint8Array(sizeBytes + 1) });
    if (inflated.length > sizeBytes) throw new RangeError(`it gives more than ${sizeBytes} bytes`);
    const end = bytes.length - 4;
    const stored = ((bytes[end]! << 24) | (bytes[end + 1]! << 16) | (bytes[end + 2]! << 8) | bytes[end + 3]!) >>> 0;
    if (stored !== adler32(inflated)) throw new RangeError('incorrect data check');
    return inflated;
  }
};

/** In pages and their workers. */
export const portableChunkCodecs: ChunkCodecs = wasmCodecs(scriptCodecs);

/** Additions before 32 bits overflow, from zlib's documentation. */
const BLOCK_BYTES = 5552;
const PRIME = 65_521;

/** The checksum of a zlib stream (RFC 1950). */
function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + BLOCK_BYTES);
    for (; at < end; at++) {
      a += bytes[at]!;
      b += a;
    }
    a %= PRIME;
    b %= PRIME;
  }
  return ((b << 16) | a) >>> 0;
}
