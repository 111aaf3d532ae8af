import { gunzipSync, gzipSync } from 'fflate';
import { MaggError } from '../base/index.js';
import { GZIP_LEVEL, ZSTD_LEVEL } from './metadata.js';

/** Compresses chunks. Equal bytes in must give equal bytes out. */
export interface ChunkEncoders {
  gzip(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>;
  zstd(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** Decompresses chunks to exactly `length` bytes; throws when the chunk holds another number. */
export interface ChunkDecoders {
  gunzip(bytes: Uint8Array, length: number): Uint8Array | Promise<Uint8Array>;
  unzstd(bytes: Uint8Array, length: number): Uint8Array | Promise<Uint8Array>;
}

/** Codecs that run anywhere: gzip in JavaScript, zstd in WebAssembly, loaded when first used. */
export const portableCodecs: ChunkEncoders & ChunkDecoders = {
  gzip: bytes => gzipSync(bytes, { level: GZIP_LEVEL, mtime: 0 }),
  zstd: async bytes => (await zstdCodec()).encode(bytes),
  gunzip: (bytes, length) => {
    // The last four bytes of a member are its length; without a buffer of ours fflate would allocate what they say.
    const told = bytes.length >= 18 ? new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4).getUint32(0, true) : undefined;
    if (told !== length) throw wrongLength('gzip', length, told);
    const out = gunzipSync(bytes, { out: new Uint8Array(length) });
    if (out.length !== length) throw wrongLength('gzip', length, out.length);
    return out;
  },
  unzstd: async (bytes, length) => {
    const told = zstdContentSize(bytes);
    if (told !== length) throw wrongLength('zstd', length, told);
    const out = await (await zstdCodec()).decode(bytes);
    if (out.length !== length) throw wrongLength('zstd', length, out.length);
    return out;
  }
};

async function zstdCodec() {
  const { default: Zstd } = await import('numcodecs/zstd');
  return Zstd.fromConfig({ id: 'zstd', level: ZSTD_LEVEL });
}

function wrongLength(codec: string, expected: number, found: number | undefined): MaggError {
  return new MaggError('damaged-chunk', `expected a ${codec} chunk of ${expected} bytes, found ${found === undefined ? 'no length' : found}`);
}

/** The frame's content size (RFC 8878, 3.1.1.1), undefined when it is not told or the bytes are no frame. */
export function zstdContentSize(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 6 || view.getUint32(0, true) !== 0xfd2fb528) return undefined;
  const descriptor = bytes[4]!;
  const singleSegment = (descriptor >> 5) & 1;
  const sizeFlag = descriptor >> 6;
  const at = 5 + (singleSegment ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]!;
  const width = sizeFlag === 0 ? singleSegment : 1 << sizeFlag;
  if (width === 0 || at + width > bytes.length) return undefined;
  switch (width) {
    case 1:
      return view.getUint8(at);
    case 2:
      return view.getUint16(at, true) + 256;
    case 4:
      return view.getUint32(at, true);
    default:
      return Number(view.getBigUint64(at, true));
  }
}
