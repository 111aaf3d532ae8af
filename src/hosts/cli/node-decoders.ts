import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { MaggError } from '../../base/index.js';
import { portableCodecs, type ChunkDecoders } from '../../zarr/index.js';

/** The decoders of Node where it has its own, which are faster. */
export const nodeDecoders: ChunkDecoders = {
  gunzip: (bytes, length) => {
    const out = gunzipSync(bytes, { maxOutputLength: Math.max(1, length) });
    if (out.length !== length) throw new MaggError('damaged-chunk', `expected a gzip chunk of ${length} bytes, found ${out.length}`);
    return new Uint8Array(out.buffer, out.byteOffset, out.length);
  },
  unzstd: (bytes, length) => portableCodecs.unzstd(bytes, length)
};

/** SHA-256 of bytes, without the detour of the web's. */
export const nodeSha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
